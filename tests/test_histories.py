"""Every model that keeps history is told, field by field, in Danish; what is not has a reason."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clusters.enums import EffortState, PositionState
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer, EffortInput
from clusters.models import Position, Proposal, ProposalGroup
from initiatives.enums import MeetingKind
from initiatives.models import (
    Activity,
    ActivityType,
    AgendaItem,
    FollowUpSettings,
    Meeting,
    PlannedActivity,
)
from krams.danish.names import NameKeyField
from krams.enums import Role
from krams.history import registry
from krams.history.actions.locking import save_kept, save_version
from krams.models import Authority, Department, Kept, Membership, User
from tests.demo import DemoTestCase

ROOMS = ("krams", "initiatives", "clusters")
# Which models keep history without a page of it, and where people read it instead.
NOT_ALONE = {
    "AttentionPoint": "a line of the initiative's section; its page of changes tells it",
    "EconomyLine": "a line of the initiative's section; its page of changes tells it",
    "FactorText": "a text of the initiative's section; its page of changes tells it",
    "PolicyGoal": "a line of the policy, told with it",
    "EffortProposal": "a place in a cell, told with the cell's answer",
    "Succession": "made once and never changed",
    "Measurement": "would show what is hidden as being about few people",
    "FacilityIndicator": "would show what is hidden as being about few people",
}
# Words that are the same in both languages.
ALIKE = {"start", "region", "link", "status"}


def kept_models():
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Kept) and model._meta.app_label in ROOMS
    ]


def told():
    return {found.model: found for found in registry.REGISTRY.values()}


def test_every_model_with_history_is_told_or_has_a_reason():
    missing = {model.__name__ for model in kept_models()} - {model.__name__ for model in told()}
    assert missing == NOT_ALONE.keys()


@pytest.mark.parametrize("model", told(), ids=lambda model: model.__name__)
def test_every_field_is_told_or_has_a_reason_and_all_have_danish_names(model):
    found = told()[model]
    shown = {one.name for one in found.fields}
    reasons = {**registry.INTERNAL, **found.without}
    # Keys that follow from names are not kept in histories.
    kept = (one for one in model._meta.concrete_fields if not isinstance(one, NameKeyField))
    assert shown | reasons.keys() >= {one.name for one in kept}
    assert not shown & reasons.keys()
    assert all(len(reason) > 10 for reason in reasons.values())

    names = {one.name: found.name_of(one) for one in found.fields} | {"": found.called}
    said = {}
    for language in ("da", "en"):
        with translation.override(language):
            said[language] = {key: str(name) for key, name in names.items()}
    english = {
        key: name
        for key, name in said["da"].items()
        if name == said["en"][key] and name not in ALIKE
    }
    assert not english
    # Two fields of one name cannot be told apart.
    fields = [name for key, name in said["da"].items() if key]
    assert len(set(fields)) == len(fields)


@pytest.mark.parametrize(
    "field",
    [one.name for one in told()[FollowUpSettings].fields],
)
def test_each_threshold_alone_is_told(login, make_user, municipality, field):
    manager = make_user(Role.ADMINISTRATOR, authority=municipality)
    kept = save_version(FollowUpSettings(municipality=municipality), by=manager)
    one = FollowUpSettings._meta.get_field(field)
    setattr(kept, field, getattr(kept, field) + 1)
    save_version(kept, by=manager)

    response = login(manager).get(f"/historik/opfoelgning/{kept.pk}/")

    last, _first = response.context["events"]
    assert [change.label.lower() for change in last.changes] == [str(one.verbose_name).lower()]


def test_a_point_dealt_with_is_told(login, make_user, facility):
    staff = make_user(Role.STAFF, facility=facility)
    meeting = Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=date(2026, 3, 2)
    )
    point = save_version(AgendaItem(meeting=meeting, text="Frugt"), by=staff)
    point.handled_on = date(2026, 3, 2)
    save_version(point, by=staff)

    response = login(staff).get(f"/historik/dagsordenspunkt/{point.pk}/")

    [last] = response.context["events"][0].changes
    assert (last.label, last.old, last.new) == ("Behandlet", "", "02.03.2026")
    assert "Dagsordenspunkt: Frugt" in response.content.decode()


def test_a_role_that_ended_is_told_to_who_coordinates_and_to_nobody_else(
    login, make_user, cluster, facility
):
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    other = make_user(Role.COORDINATOR, cluster=cluster)
    stranger = make_user(Role.MANAGER, facility=facility)
    role = Membership.objects.get(user=other)
    role.valid_until = date(2026, 3, 2)
    save_kept(role, by=coordinator)

    response = login(coordinator).get(f"/historik/rolle/{role.pk}/")

    [change] = response.context["events"][0].changes
    assert (change.label, change.new) == ("Til og med", "02.03.2026")
    assert login(stranger).get(f"/historik/rolle/{role.pk}/").status_code == 404


@pytest.fixture
def cell(cluster, make_user, municipality):
    editor = make_user(Role.EDITOR, authority=municipality)
    group = ProposalGroup.objects.create(cluster=cluster, name="Støtte")
    proposal = Proposal.objects.create(cluster=cluster, group=group, number=1, title="Støtte")
    column = cluster.memberships.get(authority=municipality)

    def save(version, *efforts):
        answer = Answer(PositionState.ESTABLISHED, efforts=efforts)
        return save_cell(
            column=column, proposal=proposal, version=version, answer=answer, by=editor
        ).position

    return editor, proposal, save


def test_the_history_of_a_cell_tells_its_efforts_even_the_removed_ones(login, cell):
    editor, proposal, save = cell
    effort = EffortInput("Gadeplan", EffortState.RUNNING, frozenset({proposal.pk}))
    first = save(0, effort)
    line = {"effort_id": proposal.efforts.get().pk, "proposals": frozenset({proposal.pk})}
    second = save(first.version, EffortInput("Gadeplansteam", EffortState.RUNNING, **line))
    third = save(
        second.version, EffortInput("Gadeplansteam", EffortState.RUNNING, removed=True, **line)
    )

    events = login(editor).get(f"/historik/svar/{third.pk}/").context["events"]

    told = [
        [(change.old, change.new) for change in event.changes if "Indsatser" in change.label]
        for event in events
    ]
    running = str(EffortState.RUNNING.label)
    assert told == [
        [(f"1. Gadeplansteam ({running})", "")],
        [(f"1. Gadeplan ({running})", f"1. Gadeplansteam ({running})")],
        [("", f"1. Gadeplan ({running})")],
    ]


def test_no_entry_is_empty(login, cell):
    editor, _proposal, save = cell
    position = save(0)
    for _ in range(3):
        save_version(Position.objects.get(pk=position.pk), by=editor)
        position = Position.objects.get(pk=position.pk)
        save_version(position, by=editor)

    events = login(editor).get(f"/historik/svar/{position.pk}/").context["events"]

    assert [event.kind for event in events] == ["+"]
    assert all(event.changes or event.reason for event in events)


def test_a_name_that_the_reader_may_not_see_is_not_told(
    login, make_user, facility, other_facility, municipality
):
    staff = make_user(Role.STAFF, facility=facility)
    walk = ActivityType.objects.create(municipality=municipality, name="Gåtur", factors="M")
    foreign = PlannedActivity.objects.create(
        facility=other_facility,
        activity_type=walk,
        title="Hemmelig plan",
        factors="M",
        weekdays="1",
        starts_on=date(2026, 1, 5),
    )
    activity = Activity(
        facility=facility,
        activity_type=walk,
        planned_activity=foreign,
        title="Gåtur",
        factors="M",
        held_on=date(2026, 3, 2),
        outcome="held",
        participant_count=4,
    )
    save_version(activity, by=staff)

    client = login(staff)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/historik/registrering/{activity.pk}/").content.decode()

    assert "Hemmelig plan" not in page
    assert "vises ikke for dig" in page
    assert len(queries) <= 8


def test_what_is_left_out_is_no_typing_error():
    with pytest.raises(FieldDoesNotExist):
        registry.register(
            FollowUpSettings,
            key="proeve",
            visible=None,
            without={"weeks": "a field that is not"},
            places={},
        )
    assert "proeve" not in registry.REGISTRY


class EveryHistoryOfTheDemo(DemoTestCase):
    def test_pages_are_whole_and_cheap_and_no_entry_is_empty(self):
        """Of each model the object that was saved most often."""
        client = self.client_of("admin")
        for model, found in told().items():
            rows = model.history.values("id").annotate(saves=Count("pk")).order_by("-saves", "id")
            keys = [row["id"] for row in rows if model.objects.filter(pk=row["id"]).exists()][:3]
            for key in keys:
                with self.subTest(found.key, pk=key), CaptureQueriesContext(connection) as queries:
                    response = client.get(f"/historik/{found.key}/{key}/")
                    assert response.status_code == 200
                    assert all(
                        event.changes or event.reason for event in response.context["events"]
                    )
                assert len(queries) <= 8, (found.key, len(queries))

    def test_strangers_find_nothing_and_forged_addresses_do_no_harm(self):
        """Whatever the key: a role elsewhere, or none, is 404; nothing is ever written."""
        elsewhere = Department.objects.create(
            municipality=Authority.objects.get(slug="aalborg"), name="Andre", slug="andre"
        )
        stranger = User.objects.create_user("fremmed@proeve.example", "x" * 20, name="Fremmed")
        Membership.objects.create(user=stranger, role=Role.MANAGER, department=elsewhere)
        nobody = User.objects.create_user("ingen@proeve.example", "x" * 20, name="Ingen")
        admin = self.client_of("admin")
        for user in (stranger, nobody):
            client = Client(raise_request_exception=False)
            client.force_login(user)
            for model, found in told().items():
                rows = model.objects.all()
                if model is ActivityType:
                    rows = rows.exclude(municipality=None)
                if model is Department:
                    rows = rows.exclude(pk=elsewhere.pk)
                for key in rows.values_list("pk", flat=True).order_by("pk")[:5]:
                    with self.subTest(found.key, pk=key, user=user.name):
                        address = f"/historik/{found.key}/{key}/"
                        assert client.get(address).status_code == 404
                        assert client.post(address).status_code in (403, 404, 405)
        for key in ("registrering", "rolle", "svar"):
            for forged in ("0", "9" * 40, "1/../2", "-1", "1%00", "%2e%2e"):
                assert admin.get(f"/historik/{key}/{forged}/").status_code == 404
