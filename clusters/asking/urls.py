"""Addresses of asking, and of the form of a whole column."""

from django.urls import path

from .views import asks, column

ASK = "<slug:slug>/anmodninger/<int:pk>"
COLUMN = "<slug:slug>/kolonne/<slug:authority>"

urlpatterns = [
    path("<slug:slug>/anmodninger/", asks.asks, name="asks"),
    path("<slug:slug>/anmodninger/ny/", asks.ask_new, name="ask-new"),
    path(f"{ASK}/", asks.ask, name="ask"),
    path(f"{ASK}/frist/", asks.ask_prolong, name="ask-prolong"),
    path(f"{ASK}/traek-tilbage/", asks.ask_withdraw, name="ask-withdraw"),
    path(f"{ASK}/paamind/", asks.ask_remind, name="ask-remind"),
    path(f"{COLUMN}/", column.column, name="column"),
    path(f"{COLUMN}/ikke-faerdig/<int:asked>/", column.column_undone, name="column-undone"),
]
