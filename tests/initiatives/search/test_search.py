"""A word is found wherever people have written it, leads there, and is found by nobody else."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, TextField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import (
    AssessmentLevel,
    CancellationReason,
    Direction,
    Factor,
    IndicatorKind,
    MeetingKind,
    Outcome,
)
from initiatives.models import (
    Activity,
    ActivityType,
    AgendaItem,
    Assessment,
    AttentionPoint,
    Decision,
    EconomyLine,
    FacilityIndicator,
    FacilityPause,
    FactorText,
    Indicator,
    Initiative,
    LaterPoint,
    Measurement,
    Meeting,
    PlannedActivity,
    PlanPause,
    Policy,
    PolicyGoal,
    SuccessCriterion,
)
from initiatives.search.queries.texts import KINDS
from krams.enums import Role
from krams.models import Authority, User
from krams.search.queries.find import SHOWN, search

DAY = dt.date(2026, 11, 2)
# A plan without a name of its own has that of its type.
NAMES = {("plan", "name"): "title"}
# Text that is not searched, and why.
EXCEPTIONS = {
    "Activity.title": "the name of the plan or type, found there; of unplanned ones it is searched",
    "SectionChange.before": "the journal: what stood in the document",
    "SectionChange.after": "the journal: what stands in the document",
    "SectionChange.reason": "the journal: why the document was changed",
    "SectionChange.section": "a code",
    "PlannedActivity.weekdays": "digits, no words",
    "WeekSummary.fate": "a code",
    "CalendarLink.token_hash": "what is left of a secret",
}


def written(model):
    """The fields in which people write words: not choices, and no letters of factors."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, CharField | TextField)
        and not one.choices
        and type(one).__name__ not in ("FactorSetField", "NameKeyField")
    ]


WRITTEN = {
    f"{model.__name__}.{one.name}": (model, one)
    for model in apps.get_app_config("initiatives").get_models()
    if not model.__name__.startswith("Historical")
    for one in written(model)
}
SEARCHED = sorted(WRITTEN.keys() - EXCEPTIONS.keys())


@pytest.fixture
def rows(department, facility, municipality):
    """One row of each model, with nothing written in it that is looked for."""
    policy = Policy.objects.create(municipality=municipality, title="Politik")
    initiative = Initiative.objects.create(department=department, title="Indsats", policy=policy)
    initiative.facilities.add(facility)
    mine = {"initiative": initiative}
    criterion = SuccessCriterion.objects.create(
        **mine, number=1, title="Mål", short_title="Mål", factors="M"
    )
    indicator = Indicator.objects.create(
        criterion=criterion,
        name="Andel",
        kind=IndicatorKind.VALUE,
        direction=Direction.values[0],
        starts_on=DAY,
    )
    followed = FacilityIndicator.objects.create(indicator=indicator, facility=facility)
    kind = ActivityType.objects.create(municipality=municipality, name="Gang", factors="M")
    content = {"facility": facility, "activity_type": kind, "factors": "M"}
    plan = PlannedActivity.objects.create(**content, weekdays="1", starts_on=DAY)
    meeting = Meeting.objects.create(kind=MeetingKind.HOUSE, facility=facility, held_on=DAY)
    made = [
        policy,
        initiative,
        criterion,
        indicator,
        kind,
        plan,
        meeting,
        PolicyGoal.objects.create(policy=policy, text="Delmål"),
        FactorText.objects.create(**mine, factor=Factor.EXERCISE, text="Tekst"),
        EconomyLine.objects.create(**mine, what="Udgift"),
        AttentionPoint.objects.create(**mine, text="Punkt"),
        Assessment.objects.create(
            criterion=criterion,
            facility=facility,
            level=AssessmentLevel.values[0],
            assessed_on=DAY,
        ),
        Measurement.objects.create(facility_indicator=followed, measured_on=DAY, value=Decimal(3)),
        PlanPause.objects.create(planned_activity=plan, starts_on=DAY, reason="Ferie"),
        FacilityPause.objects.create(facility=facility, starts_on=DAY, reason="Flytning"),
        Activity.objects.create(
            **content,
            title="Gang",
            held_on=DAY,
            outcome=Outcome.CANCELLED,
            cancellation_reason=CancellationReason.OTHER,
        ),
        AgendaItem.objects.create(meeting=meeting, text="Emne"),
        LaterPoint.objects.create(facility=facility, text="Emne"),
        Decision.objects.create(
            meeting=meeting, text="Aftale", responsible_role="Leder", due_on=DAY
        ),
    ]
    return {type(row): row for row in made}


def test_every_written_text_is_searched_or_has_a_reason():
    searched = {
        f"{kind.model.__name__}.{NAMES.get((kind.key, name), name)}"
        for kind in KINDS
        for name in kind.texts
        if name != "own_title" and kind.model is not Authority
    }
    assert searched == set(SEARCHED)
    assert not EXCEPTIONS.keys() - WRITTEN.keys()


def write(rows: dict, name: str) -> None:
    model, one = WRITTEN[name]
    row = rows[model]
    setattr(row, one.name, "Æblegrød")
    row.save()


@pytest.mark.parametrize("name", [*SEARCHED, "Activity.title"])
def test_a_word_is_found_where_it_stands(rows, name, login, make_user, facility):
    write(rows, name)
    # Who sees the whole municipality; a policy and the types are the municipality's.
    reader = make_user(Role.MANAGER, facility=facility)

    hits = search(reader, "æblegrød").hits
    if name == "ActivityType.name":
        # A plan without a name of its own has that of its type, also when that is renamed.
        [_plan, *hits] = hits
    [hit] = hits
    assert "Æblegrød" in f"{hit.title} {hit.excerpt}"
    assert hit.place
    page = login(reader).get(hit.url)
    assert page.status_code == 200
    assert "Æblegrød" in page.content.decode()
    anchor = hit.url.partition("#")[2]
    assert not anchor or f'id="{anchor}"' in page.content.decode()


def test_no_word_is_found_by_anybody_else(rows, make_user, facility, other_facility):
    for name in [*SEARCHED, "Activity.title"]:
        write(rows, name)
    assert search(make_user(Role.MANAGER, facility=facility), "æblegrød").hits
    for stranger in (make_user(Role.MANAGER, facility=other_facility), make_user()):
        assert search(stranger, "æblegrød").hits == []


@pytest.mark.usefixtures("rows")
def test_a_manager_of_another_place_in_the_department_finds_no_log_nor_minutes(
    rows, department, make_user
):
    from krams.models import Facility

    neighbour = Facility.objects.create(department=department, name="Nabo", slug="nabo")
    Activity.objects.update(note="Æblegrød")
    Meeting.objects.update(minutes="Æblegrød", wishes="Æblegrød")
    PlanPause.objects.update(reason="Æblegrød")
    Measurement.objects.update(note="Æblegrød")
    AgendaItem.objects.update(text="Æblegrød")
    assert search(make_user(Role.MANAGER, facility=neighbour), "æblegrød").hits == []


def test_what_was_removed_is_not_found(rows, make_user, facility):
    reader = make_user(Role.MANAGER, facility=facility)
    now = dt.datetime.now(dt.UTC)
    Activity.objects.update(note="Æblegrød", removed_at=now)
    AgendaItem.objects.update(text="Æblegrød", removed_at=now)
    Measurement.objects.update(note="Æblegrød", removed_at=now)
    Decision.objects.update(text="Æblegrød")
    Meeting.objects.update(minutes="Æblegrød", removed_at=now)
    assert search(reader, "æblegrød").hits == []


def test_many_hits_in_all_kinds_cost_no_more(rows, login, make_user, facility):
    client = login(make_user(Role.MANAGER, facility=facility))

    def count():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("search"), {"q": "æblegrød"})
        assert page.status_code == 200
        return len(queries), page

    few, _page = count()
    for name in SEARCHED:
        model, one = WRITTEN[name]
        model.objects.filter(pk=rows[model].pk).update(**{one.name: "Æblegrød"})
    for number in range(SHOWN + 5):
        activity = Activity.objects.get(pk=rows[Activity].pk)
        activity.pk, activity.held_on = None, DAY - dt.timedelta(days=number)
        activity.save()
    many, page = count()
    assert few <= many <= 8
    found = page.context["found"]
    assert found.number > len(found.hits) == SHOWN
    # What has a name, what is written, and at last the log, the newest first.
    found = search(User.objects.get(), "æblegrød gang")
    log = [hit.place.split(" · ")[-1] for hit in found.hits if hit.label == "Registrering"]
    assert log == sorted(log, key=lambda day: day.split(".")[::-1], reverse=True)
