"""Each optional field of an effort, a note and an answer, filled: every answer shows the cell."""

import datetime as dt

import pytest
from django.urls import reverse

from clusters.models import AuthorityNote, Effort, EffortProposal, Position, Theme
from initiatives.models import Initiative

from ..conftest import cell_data, cell_path, matrix_path, partial

pytestmark = pytest.mark.django_db
EXPIRED = dt.date(2021, 5, 31)
FIELDS = {
    "nothing": {},
    "link": {"link": "https://example.dk/"},
    "note": {"note": "Mere om den."},
    "from": {"valid_from": dt.date(2090, 1, 1)},
    "until": {"valid_until": dt.date(2090, 1, 1)},
    "expired": {"valid_until": EXPIRED},
    "division": {"division": "somatic"},
    "postponed": {"where": "postponed"},
    "explained": {"explained_by": True},
    "themes": {"themes": True},
    "initiative": {"initiative": True},
}
FILTERS = ["", "?q=besøg", "?vis=nordby", "?vis=nordby&q=besøg&tilstand=established"]
PLAIN_AND_HTMX = {"plain": {}, "htmx": partial()}
# Each field under each filter; each field and each filter both with and without htmx.
TOGETHER = [
    pytest.param(FIELDS[field], query, PLAIN_AND_HTMX[headers], id=f"{field}-{query}-{headers}")
    for row, field in enumerate(FIELDS)
    for column, query in enumerate(FILTERS)
    for headers in [["plain", "htmx"][(row + column) % 2]]
]


@pytest.fixture(params=FIELDS.values(), ids=FIELDS.keys())
def effort(request, rows, municipality, cluster, department, answer):
    """An effort under the first proposal with one more field, so each of its forms is met."""
    fields = dict(request.param)
    note = AuthorityNote.objects.create(
        cluster=cluster,
        authority=municipality,
        heading="Om besøg",
        text="Besøg",
        link="https://a.dk/",
    )
    if fields.pop("explained_by", False):
        fields["explained_by"] = note
    if fields.pop("initiative", False):
        fields["initiative"] = Initiative.objects.create(department=department, title="Sundhed")
    has_theme = fields.pop("themes", False)
    state = fields.pop("where", "running")
    [effort] = answer(rows[0], "Støttebesøg", **fields)
    effort.state = state
    effort.save()
    if has_theme:
        effort.themes.add(Theme.objects.create(name="Rygestop", slug="rygestop"))
    return effort


def sent_line(effort: Effort) -> dict:
    values = {
        "effort": effort.pk,
        "text": effort.text,
        "state": effort.state,
        "valid_from": effort.valid_from and f"{effort.valid_from:%d.%m.%Y}",
        "valid_until": effort.valid_until and f"{effort.valid_until:%d.%m.%Y}",
        "division": effort.division,
        "link": effort.link,
        "note": effort.note,
        "explained_by": effort.explained_by_id,
        "initiative": effort.initiative_id,
        "themes": [theme.pk for theme in effort.themes.all()],
    }
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize(("effort", "query", "headers"), TOGETHER, indirect=["effort"])
def test_every_answer_about_a_cell_can_be_shown(
    client, coordinator, effort, rows, municipality, cluster, query, headers
):
    client.force_login(coordinator)
    path = cell_path(rows[0], municipality) + query
    confirm, undo, add_line, merge, close = (
        cell_path(rows[0], municipality, name) + query
        for name in ("confirm", "undo", "add-line", "merge", "close")
    )
    key = rows[0].pk

    def post(where, **data):
        return client.post(where, data, **headers).status_code

    def version() -> int:
        return Position.objects.get().version

    line = sent_line(effort)
    assert client.get(matrix_path(cluster) + query, **headers).status_code == 200
    assert client.get(path, **headers).status_code == 200
    assert client.get(close, **headers).status_code in (200, 302)
    is_expired = effort.valid_until == EXPIRED
    assert post(confirm, v=f"{key}:{version()}") in ((422,) if is_expired else (200, 302))
    assert post(confirm, v=f"{key}:77") == 409
    good = cell_data(rows[0], {**line, "text": "Nye besøg"}, version=version())
    assert post(add_line, **good) == 200
    assert post(path, **good | {"state": "forkert"}) == 422
    assert post(path, **good | {"version": 77}) == (422 if is_expired else 409)
    assert post(merge, **good) == (422 if is_expired else 200)
    assert post(path, **good) in ((422,) if is_expired else (200, 302))
    gone = cell_data(rows[0], {**line, "remove": "on"}, version=version())
    assert post(path, **gone) in (200, 302)
    assert post(undo, v=f"{key}:{version()}") in (200, 302)
    assert EffortProposal.objects.standing().count() == 1


@pytest.mark.parametrize("headers", PLAIN_AND_HTMX.values(), ids=PLAIN_AND_HTMX)
def test_every_answer_about_a_note_can_be_shown(client, coordinator, effort, headers, cluster):
    client.force_login(coordinator)
    note = AuthorityNote.objects.get()
    path = reverse("clusters:note-edit", args=[cluster.slug, note.pk])
    good = {"heading": note.heading, "text": note.text, "link": note.link, "version": note.version}
    assert client.get(path, **headers).status_code == 200
    assert client.get(f"{path}luk/", **headers).status_code in (200, 302)
    assert client.post(path, good | {"heading": ""}, **headers).status_code == 422
    assert client.post(path, good | {"version": 77}, **headers).status_code == 409
    assert client.post(path, good, **headers).status_code in (200, 302)
