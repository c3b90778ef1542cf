"""Documents as people make them: Word tables from lists of texts, and what becomes of them."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clusters.models import ImportDraft

HEAD = ["Forslag", "Nordby Kommune", "Sønderby", "Region Prøve"]


def word_file(*rows, title="", after=(), before=()) -> bytes:
    """A document with one table; a cell is a text, its lines paragraphs ("- x" a bullet)."""
    file = docx.Document()
    if title:
        file.add_heading(title, 0)
    for text in before:
        file.add_paragraph(text)
    if rows:
        table = file.add_table(len(rows), max(map(len, rows)))
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                fill(table.cell(number, place), text)
    for text in after:
        if text.startswith("# "):
            file.add_heading(text[2:], 1)
        else:
            file.add_paragraph(text)
    return saved(file)


def fill(cell, text: str) -> None:
    cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)
    for line in text.split("\n"):
        is_item = line.startswith("- ")
        cell.add_paragraph(line.removeprefix("- "), "List Bullet" if is_item else None)


def saved(file) -> bytes:
    output = io.BytesIO()
    file.save(output)
    return output.getvalue()


def upload(client, cluster, data: bytes, name="matrix.docx", **more):
    path = reverse("clusters:imports", args=[cluster.slug])
    form = client.get(path).context["form"]
    sent = {"file": SimpleUploadedFile(name, data), "table": ""}
    return client.post(path, {"submission_id": str(form["submission_id"].value()), **sent, **more})


def paste(client, cluster, text, authority=None):
    path = (
        reverse("clusters:import-paste", args=[cluster.slug, authority.slug])
        if authority
        else reverse("clusters:imports", args=[cluster.slug])
    )
    form = client.get(path).context["form"]
    return client.post(path, {"submission_id": str(form["submission_id"].value()), "table": text})


def address(draft, what="", *more) -> str:
    name = f"clusters:import-{what}" if what else "clusters:import"
    return reverse(name, args=[draft.cluster.slug, draft.pk, *more])


@pytest.fixture
def client_in(login, coordinator):
    return login(coordinator)


@pytest.fixture
def taken_in(client_in, cluster, rows):
    """``taken_in(row, row …)``: the draft of a document with the head and these rows."""

    def make(*lines, **more) -> ImportDraft:
        response = upload(client_in, cluster, word_file(HEAD, *lines, **more))
        assert response.status_code == 302, response.content.decode()
        return ImportDraft.objects.latest("pk")

    return make
