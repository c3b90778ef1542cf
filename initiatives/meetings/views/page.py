"""The page of a meeting: its agenda, and the one part of it that is being written.

There is one page. A part opens in place as a form, a refused form stands where it was written, and
a saved one leads back to the page: htmx asks for the same page and takes the part that changed.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format

from krams.history import word_differences
from krams.history.actions.locking import StaleVersion
from krams.models import Department, Facility, User, Versioned
from krams.people.requests import Request

from ...enums import MeetingKind
from ...form_page import last_save, on_top
from ...models import AgendaItem, Decision, Meeting
from ..actions import meetings as actions
from ..agenda import Agenda, Row, make
from ..agenda_facts import Agreed, Followed, Item
from ..forms import ItemForm, NewDecisionForm
from ..queries.agenda import meeting_of, read_facts

USUAL_TIME_TO_ACT = dt.timedelta(weeks=2)
# For handwriting on the printed agenda; each decision that is written takes the place of one.
RULED_LINES = 7
NOT_ALLOWED = (
    AgendaItem.DoesNotExist,
    Decision.DoesNotExist,
    Department.DoesNotExist,
    Facility.DoesNotExist,
    Meeting.DoesNotExist,
)
# Parts of the page that an address may name: what was just saved, or removed.
PART = re.compile(r"(?:decision|item)-[1-9]\d{0,17}|wishes|minutes|write|put", re.ASCII)

# The forms beside the agenda: after one is sent, its successor waits for the next line.
WRITTEN_BESIDE = {"write": "new_decision", "put": "new_item"}


@dataclass(frozen=True)
class Difference:
    """One field of a conflict: what was saved, and what this person wrote."""

    label: str
    theirs: str
    mine: str


@dataclass
class Edit:
    """The part that is being written. ``part`` is its id on the page.

    ``heading`` is shown above the form where no heading of the page says what is being written.
    """

    part: str
    title: str
    form: forms.Form
    action: str
    submit: str
    heading: str = ""
    remove: str = ""
    history: str = ""
    differences: list[Difference] = field(default_factory=list)
    last: object = None


@dataclass
class Page:
    meeting: Meeting
    agenda: Agenda
    today: dt.date

    @classmethod
    def read(cls, user: User, pk: int) -> "Page":
        """Five queries. Raises ``Http404`` for a meeting that the person may not see."""
        meeting = meeting_of(user, pk)
        today = timezone.localdate()
        return cls(meeting, make(read_facts(meeting, user, today)), today)

    @classmethod
    def writable(cls, user: User, pk: int) -> "Page":
        """Raises ``Http404``, and ``PermissionDenied`` for who may only read."""
        page = cls.read(user, pk)
        if not page.meeting.may_write:
            raise PermissionDenied
        return page

    @property
    def is_management(self) -> bool:
        return self.meeting.kind == MeetingKind.MANAGEMENT

    def decision(self, pk: int) -> Agreed:
        """A decision that stands on this page. Raises ``Http404``."""
        for standing in (*self.agenda.open, *self.agenda.decided):
            if standing.decision.pk == pk:
                return standing.decision
        raise Http404

    def item(self, pk: int) -> Item:
        for row in self.agenda.items:
            item = row.item if isinstance(row, Row) else row
            if item and item.pk == pk:
                return item
        raise Http404

    def plan_choices(self, chosen: Agreed | None = None) -> list[tuple[int, str]]:
        """Activities that a decision can be about; at a department only those in trouble."""
        facts, agenda = self.agenda.facts, self.agenda
        followed: Sequence[Followed] = facts.followed
        if facts.many_places:
            rows = [row for row in (*agenda.items, *agenda.slipped) if isinstance(row, Row)]
            followed = [row.followed for row in rows]
        choices = {
            one.pk: f"{one.title} ({one.facility})" if one.facility else one.title
            for one in followed
        }
        if chosen and chosen.plan_id:
            choices.setdefault(chosen.plan_id, chosen.plan_title)
        return list(choices.items())

    def new_decision(self, data: QueryDict | None = None) -> NewDecisionForm:
        due = max(self.meeting.held_on, self.today) + USUAL_TIME_TO_ACT
        return NewDecisionForm(
            data,
            meeting_on=self.meeting.held_on,
            plans=self.plan_choices(),
            initial={"due_on": due},
            auto_id="ny-%s",
        )

    def new_item(self, data: QueryDict | None = None) -> ItemForm:
        return ItemForm(data, auto_id="punkt-%s")

    @property
    def wishes_url(self) -> str:
        return self.url("wishes")

    @property
    def minutes_url(self) -> str:
        return self.url("minutes")

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"initiatives:{name}", args=[self.meeting.pk, *args])


def show(
    request: Request, page: Page, *, edit: Edit | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The whole page, perhaps with one part open for writing."""
    meeting = page.meeting
    may_write = meeting.may_write and not meeting.removed_at
    context = {
        "page": page,
        "meeting": meeting,
        "facility": meeting.facility,
        "department": meeting.department,
        "agenda": page.agenda,
        "ruled_lines": range(max(0, RULED_LINES - len(page.agenda.decided))),
        "may_write": may_write,
        "edit": edit,
        "form": edit.form if edit else None,
        "focus": _part(request, "ved"),
        "removed": _removed(request, page),
        "handled": None,
        **more,
    }
    if may_write:
        context.setdefault("new_decision", page.new_decision())
        context.setdefault("new_item", page.new_item())
    if edit and not edit.form.is_bound:
        _focus(edit.form)
    if may_write and context["focus"] in WRITTEN_BESIDE:
        _focus(context[WRITTEN_BESIDE[context["focus"]]])
    return render(request, "initiatives/meetings/meeting.html", context, status=status)


def _focus(form: forms.Form) -> None:
    form.visible_fields()[0].field.widget.attrs["data-focus"] = ""


def back(page: Page, part: str, *, removed: str = "", anchor: str = "") -> HttpResponse:
    """To the page, at the part that was just saved or removed."""
    query = {"fjernet": removed} if removed else {"ved": part}
    address = reverse(
        "initiatives:meeting", args=[page.meeting.pk], query=query, fragment=anchor or part
    )
    return redirect(address)


def save(request: Request, page: Page, edit: Edit, write: Callable[[Any], None]) -> HttpResponse:
    """Answer a POST: ``write(form)`` saves; a refusal or a conflict leaves the form as it was."""
    if not edit.form.is_valid():
        return show(request, page, edit=edit, status=422)
    try:
        write(edit.form)
    except StaleVersion as stale:
        return _conflict(request, page, edit, stale.current)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return back(page, edit.part)


def _conflict(request: Request, page: Page, edit: Edit, current: Versioned) -> HttpResponse:
    """409: both versions word by word, and the form as typed on top of what stands."""
    edit.last = last_save(current)
    edit.differences = list(differences(edit.form, current))
    edit.form.data = on_top(edit.form, current.version)
    return show(request, page, edit=edit, status=409)


def differences(form: forms.Form, current: Versioned) -> Iterator[Difference]:
    for name, mine in form.cleaned_data.items():
        attribute = {"plan": "planned_activity", "note": "closing_note"}.get(name, name)
        if name in ("version", "outcome") or not hasattr(current, attribute):
            continue
        choices = dict(getattr(form.fields[name], "choices", ()))
        theirs = getattr(current, attribute)
        theirs = str(theirs or "") if name == "plan" else _text(theirs, choices)
        mine = _text(mine, choices) if mine else ""
        if theirs != mine:
            label = str(form.fields[name].label)
            yield Difference(label, *word_differences.side_by_side(theirs, mine))


def _text(value: Any, choices: dict[Any, Any]) -> str:
    if value in choices:
        return str(choices[value])
    if isinstance(value, dt.date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, dt.time):
        return time_format(value, "TIME_FORMAT")
    return str(value or "")


def _part(request: Request, name: str) -> str:
    """A part of the page that the address names; nothing for what is none."""
    text = request.GET.get(name, "")
    return text if PART.fullmatch(text) else ""


def _removed(request: Request, page: Page) -> dict[str, Any]:
    """What the address says was just removed, and where that is undone."""
    kind, _dash, pk = _part(request, "fjernet").partition("-")
    if not pk:
        return {}
    return {"kind": kind, "part": f"{kind}-{pk}", "url": page.url(f"{kind}-restore", pk)}


def remove(request: Request, page: Page, point: AgendaItem | Decision, kind: str) -> HttpResponse:
    try:
        actions.remove_point(point=point, by=request.user)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    part = f"{kind}-{point.pk}"
    return back(page, part, removed=part)


def restore(request: Request, page: Page, point: AgendaItem | Decision, kind: str) -> HttpResponse:
    try:
        actions.restore_point(point=point, by=request.user)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return back(page, f"{kind}-{point.pk}")
