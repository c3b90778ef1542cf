"""Addresses of the editions of a matrix, of what changed between them, and of who only reads."""

from django.urls import path

from .views import development, editions, read_links, texts

EDITION = "<slug:slug>/udgaver/<int:number>"

urlpatterns = [
    path("<slug:slug>/udgaver/", editions.editions, name="editions"),
    path("<slug:slug>/udgaver/udvikling/", development.development, name="development"),
    path("<slug:slug>/forslag/<int:pk>/", development.proposal_course, name="proposal-course"),
    path("<slug:slug>/udgaver/frys/", editions.freeze, name="freeze"),
    path(f"{EDITION}/", editions.edition, name="edition"),
    path(f"{EDITION}.<str:kind>", editions.edition_file, name="edition-file"),
    path(f"{EDITION}/traek-tilbage/", editions.withdraw, name="withdraw"),
    path(f"{EDITION}/tekster/", texts.write_texts, name="write-texts"),
    path(f"{EDITION}/laeselinks/", read_links.read_links, name="read-links"),
    path(f"{EDITION}/laeselinks/<int:pk>/stop/", read_links.revoke, name="read-link-stop"),
    path("<slug:slug>/aendringer/", editions.changes, name="changes"),
    path("<slug:slug>/aendringer.<str:kind>", editions.changes, name="changes-file"),
    # Last: no token has the name of a page of a cluster that is called so.
    path("udgave/<str:token>/", read_links.read, name="read"),
    path("udgave/<str:token>/skema.<str:kind>", read_links.read_file, name="read-file"),
]
