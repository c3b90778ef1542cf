"""Makes the weekly plans of all facilities, and says what the log needs to know of them."""

import datetime as dt

from initiatives.enums import Repeats
from initiatives.models import PlannedActivity, PlanPause
from krams.models import User

from ..draws import id_from, moment_on, stream
from ..plan_kinds import KINDS
from ..plans import Line, Rest, Stretch, lines_of
from ..weeks import Place, Planned, Type
from .country import Branch, Country, Site
from .store import CHANGED, CREATED

# Where those log in whom the command names.
FIRST = 1
COMING = (Repeats.FORTNIGHTLY, Repeats.LAST)


def place_of(country: Country, branch: Branch, site: Site) -> Place:
    """The facility as the log knows it; its plans are not stored yet."""
    types = country.types_of(branch.department.municipality)
    staff, manager = (one.pk for one in site.staff), site.manager.pk
    return Place(
        site.number,
        site.facility.pk,
        lines_of(country.order.seed, site.number, country.weeks),
        {},
        {name: Type(one.pk, one.name, one.factors) for name, one in types.items()},
        (*staff, *(one.pk for one in site.staff), manager),
    )


def make_plans(country: Country, branch: Branch, site: Site, place: Place) -> None:
    for index, line in enumerate(place.lines):
        rows = _rows(country, branch, site, line, index)
        for number, row in enumerate(rows):
            place.planned[index, number] = Planned(
                row.pk, row.activity_type_id, row.initiative_id, str(row), row.factors
            )
        for rest in line.rests:
            _make_pause(country, line, rest, rows, site.manager)
    if site.number == FIRST:
        _make_coming(country, branch, site, place)


def _rows(
    country: Country, branch: Branch, site: Site, line: Line, index: int
) -> list[PlannedActivity]:
    """The rows of a line, newest first; each was ended on the day before the next one began."""
    chance = stream(country.order.seed, "plan rows", site.number, index)
    store, before = country.store, None
    rows = []
    for stretch in reversed(line.stretches):
        row = store.number(_row(country, branch, site, stretch))
        row.submission_id = None if stretch.continues else id_from(chance)
        row.replaces = before if stretch.continues else None
        made = moment_on(chance, row.starts_on - dt.timedelta(days=chance.randint(1, 9)))
        made = max(made, country.founded + dt.timedelta(days=2))
        row.ends_on = None
        store.remember(row, CREATED, at=made, by=site.manager)
        if stretch.newest:
            row.ends_on = _monday(country, stretch.newest - 1) - dt.timedelta(days=1)
            ended = moment_on(chance, row.ends_on - dt.timedelta(days=chance.randint(0, 4)))
            store.remember(row, CHANGED, at=max(ended, made), by=site.manager)
        rows.append(store.put(row))
        before = row
    return rows[::-1]


def _row(country: Country, branch: Branch, site: Site, stretch: Stretch) -> PlannedActivity:
    kind = country.types_of(branch.department.municipality)[stretch.kind.type]
    initiative = branch.initiative
    starts_on = _monday(country, stretch.oldest)
    last = _monday(country, stretch.newest)
    begins = initiative.starts_on if initiative else None
    return PlannedActivity(
        facility=site.facility,
        activity_type=kind,
        title=stretch.title,
        factors=kind.factors,
        # What ended before the initiative began was no part of it.
        initiative=initiative if begins and begins <= last else None,
        weekdays="" if stretch.without_days else "".join(map(str, stretch.weekdays)),
        times_per_week=len(stretch.weekdays) if stretch.without_days else None,
        # The log of the country knows no holidays.
        on_holidays=True,
        start_time=stretch.time,
        duration_minutes=stretch.minutes,
        responsible_role=stretch.kind.role,
        starts_on=starts_on,
    )


def _make_coming(country: Country, branch: Branch, site: Site, place: Place) -> None:
    """A plan every other week and one once a month, from next week on: the log, which is thought
    out by the week, has nothing of them yet."""
    used = {line.stretches[0].kind for line in place.lines}
    kinds = [kind for kind in KINDS if kind not in used]
    for kind, repeats in zip(kinds, COMING, strict=False):
        chance = stream(country.order.seed, "coming plan", site.number, repeats)
        title, minutes, time = kind.titles[0], kind.minutes, kind.time
        stretch = Stretch(-1, -1, kind, title, (3,), False, minutes, time, continues=False)
        row = country.store.number(_row(country, branch, site, stretch))
        row.repeats = repeats
        row.anchor = row.starts_on if repeats == Repeats.FORTNIGHTLY else None
        row.submission_id = id_from(chance)
        made = moment_on(chance, country.order.today - dt.timedelta(days=chance.randint(1, 9)))
        made = max(made, country.founded + dt.timedelta(days=2))
        country.store.keep(row, at=made, by=site.manager)


def _make_pause(
    country: Country, line: Line, rest: Rest, rows: list[PlannedActivity], by: User
) -> None:
    row = next(
        row
        for stretch, row in zip(line.stretches, rows, strict=True)
        if stretch.newest <= rest.oldest <= stretch.oldest
    )
    chance = stream(country.order.seed, "pause", row.facility.slug, rest.oldest, rest.reason)
    starts_on = _monday(country, rest.oldest)
    pause = PlanPause(
        planned_activity=row,
        starts_on=starts_on,
        restarts_on=None if rest.newest is None else _monday(country, rest.newest - 1),
        reason=rest.reason,
        submission_id=id_from(chance),
    )
    made = moment_on(chance, starts_on - dt.timedelta(days=chance.randint(0, 6)))
    country.store.keep(pause, at=max(made, country.founded + dt.timedelta(days=3)), by=by)


def _monday(country: Country, weeks_ago: int) -> dt.date:
    return country.first_monday + dt.timedelta(weeks=country.weeks - weeks_ago)
