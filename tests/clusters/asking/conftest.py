"""A coordinator who asks, and the bodies of the two forms."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.asking.actions.ask import Wanted, ask_editors
from clusters.enums import AskKind, AskScope


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def ask_path(cluster, what: str = "ask-new", *args) -> str:
    return reverse(f"clusters:{what}", args=[cluster.slug, *args])


def column_path(cluster, authority, asked=None) -> str:
    path = reverse("clusters:column", args=[cluster.slug, authority.slug])
    return f"{path}?bed={asked.pk}" if asked else path


def person(authority, user) -> str:
    return f"{authority.pk}-{user.pk}"


def ask_data(*people: str, **changes) -> dict:
    """The body of the form of an ask."""
    data = {
        "kind": "fill",
        "scope": "missing",
        "people": list(people),
        "text": "Vi mangler jeres svar til mødet.",
        "deadline": f"{in_days(14):%d.%m.%Y}",
        "remind_before": "3",
        "remind_after": "1",
        "submission_id": str(uuid.uuid4()),
    }
    return data | changes


@pytest.fixture
def login(db):
    """A client of one's own for each person: two of them work at once."""

    def log_in(user):
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def ask(cluster, coordinator, municipality, editor, rows):
    """``ask(kind=…, deadline=…)``: the editor of ``municipality`` is asked."""

    def make(by=coordinator, **changes):
        wanted = {
            "kind": AskKind.FILL.value,
            "scope": AskScope.MISSING.value,
            "proposals": frozenset(),
            "people": frozenset({(municipality.pk, editor.pk)}),
            "text": "",
            "deadline": in_days(14),
            "remind_before": 3,
            "remind_after": 1,
        } | changes
        return ask_editors(
            cluster=cluster, wanted=Wanted(**wanted), submission_id=uuid.uuid4(), by=by
        )

    return make


def field_data(page, *proposals, **changes) -> dict:
    """What the form of a column sends as it was drawn: that of ``page`` (a response).

    ``changes`` are by number and field: ``f12_state="none"`` is ``f12-state``.
    """
    opened = page.context["opened"]
    data = {"seen": ",".join(str(part.pk) for part in opened.to_hand_in)}
    for editor in page.context["editors"]:
        fields = [editor.head[name] for name in ("version", "was", "state", "state_from", "new")]
        for line in editor.lines:
            fields += [line["text"], line["valid_until"]]
        for field in fields:
            value = field.field.widget.format_value(field.value())
            data[field.html_name] = value[0] if isinstance(value, list) else value or ""
    return data | changes
