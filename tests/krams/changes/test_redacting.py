"""A name that should never have been written goes from everywhere at the place."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from clusters.editions.actions import freeze_edition
from clusters.enums import PositionState
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer, EffortInput
from clusters.models import Edition, Effort, Position, Proposal, ProposalGroup, Theme, Wording
from initiatives.enums import MeetingKind
from initiatives.models import Activity, ActivityType, Decision, Initiative, Meeting, SectionChange
from krams.changes.queries.hits import texts_of
from krams.enums import AuditKind, Role
from krams.history.actions.locking import save_version
from krams.history.registry import REGISTRY, TEXTS
from krams.models import AuditEntry, Cluster, SearchEntry

from ...initiatives.writing import write_section

NAME = "Jens Prøvemand"


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def redact(client, key, row, words=NAME, reason="Navn på en beboer", sure=None):
    address = reverse("history-redact", args=[key, row.pk])
    data = {"words": words, "reason": reason}
    if sure is None:
        shown = client.post(address, data)
        places = (shown.context or {}).get("places")
        if not places:
            return shown
        sure = places.number
    return client.post(address, data | {"sure": sure})


@pytest.fixture
def meeting(facility, manager):
    made = Meeting(facility=facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2))
    made.minutes = f"{NAME} ville have frugt"
    save_version(made, by=manager)
    made.minutes = "En beboer ville have frugt"
    save_version(made, by=manager)
    decision = Decision(
        meeting=made,
        text=f"Tal med {NAME.upper()}",
        responsible_role="Leder",
        due_on=dt.date(2026, 4, 1),
    )
    save_version(decision, by=manager)
    return made


def everything_kept():
    """Every text of the models that the tests here write to, with all versions."""
    found = []
    for model in (Meeting, Decision, Activity, Effort, Initiative):
        for rows in (model.objects.all(), model.history.all()):
            found += [str(row) for row in rows.values()]
    found += [str(row) for row in SectionChange.objects.values()]
    found += [str(row) for row in Edition.objects.values()]
    found += [str(row) for row in Wording.objects.values()]
    found += [str(row) for row in AuditEntry.objects.values()]
    return "\n".join(found).casefold()


def test_it_goes_from_all_that_stands_and_stood_at_the_facility(login, manager, facility, meeting):
    decision = Decision.objects.get()
    client = login(manager)

    shown = client.post(
        reverse("history-redact", args=["moede", meeting.pk]),
        {"words": NAME, "reason": "Navn på en beboer"},
    )
    assert shown.status_code == 200
    assert shown.context["places"].number == 3
    assert NAME.casefold() in everything_kept()

    assert redact(client, "moede", meeting).status_code == 302

    assert NAME.casefold() not in everything_kept()
    decision.refresh_from_db()
    assert (decision.text, decision.version) == ("Tal med […]", 2)
    assert Meeting.history.filter(minutes="[…] ville have frugt").exists()
    assert not SearchEntry.objects.filter(text__icontains="prøvemand").exists()
    assert not SearchEntry.objects.filter(title__icontains="prøvemand").exists()
    # That it was done, by whom, why and where.
    for row in (meeting, decision):
        last = row.history.latest()
        assert last.history_user == manager
        assert "Navn på en beboer" in last.history_change_reason
    assert "beslutning" in decision.history.latest().history_change_reason
    entry = AuditEntry.objects.get(kind=AuditKind.REDACTED)
    assert (entry.actor, entry.about) == (manager, f"moede:{meeting.pk}")
    assert entry.authority == facility.department.municipality
    assert entry.details["places"] == 3
    page = client.get(reverse("history", args=["moede", meeting.pk])).content.decode()
    assert "Navn på en beboer" in page


def test_other_places_keep_their_texts(login, manager, meeting, other_facility):
    elsewhere = Meeting(
        facility=other_facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2), minutes=NAME
    )
    save_version(elsewhere, by=None)
    redact(login(manager), "moede", meeting)
    elsewhere.refresh_from_db()
    assert (elsewhere.minutes, elsewhere.version) == (NAME, 1)
    assert elsewhere.history.get().minutes == NAME


def test_a_form_that_was_open_cannot_bring_it_back(login, manager, meeting):
    decision = Decision.objects.get()
    redact(login(manager), "moede", meeting)
    address = reverse("initiatives:decision-edit", args=[meeting.pk, decision.pk])
    data = {
        "text": f"Tal med {NAME}",
        "responsible_role": "Leder",
        "due_on": "1.4.2026",
        "plan": "",
    }
    assert login(manager).post(address, data | {"version": 1}).status_code == 409


def test_the_way_there_is_shown_to_who_may_go_it(
    login, make_user, facility, other_facility, meeting
):
    """Also where somebody may give roles elsewhere."""
    address = reverse("history", args=["moede", meeting.pk])
    for role, also, is_shown in (
        (Role.STAFF, None, False),
        (Role.VIEWER, other_facility, False),
        (Role.MANAGER, None, True),
    ):
        person = make_user(role, facility=facility)
        if also:
            person.memberships.create(role=Role.MANAGER, facility=also)
        page = login(person).get(address).text
        assert (reverse("history-redact", args=["moede", meeting.pk]) in page) is is_shown


def test_who_may(login, make_user, facility, other_facility, meeting):
    address = reverse("history-redact", args=["moede", meeting.pk])
    for role, place, status in (
        (Role.STAFF, facility, 403),
        (Role.VIEWER, facility, 403),
        (Role.MANAGER, facility, 200),
        (Role.MANAGER, other_facility, 404),
    ):
        client = login(make_user(role, facility=place))
        assert client.get(address).status_code == status
        answer = redact(client, "moede", meeting, sure="3" if status != 200 else "999")
        assert answer.status_code == status
    assert NAME.casefold() in everything_kept()


@pytest.mark.parametrize(
    ("words", "reason", "field"),
    [
        ("", "x", "words"),
        ("ab", "Et navn", "words"),
        ("…, …", "Et navn", "words"),
        (NAME, "", "reason"),
        (NAME, f"{NAME.lower()} bor her", "reason"),
        ("Findes Ikke", "Et navn", "words"),
        ("x" * 101, "Et navn", "words"),
    ],
)
def test_bad_input(login, manager, meeting, words, reason, field):
    answer = redact(login(manager), "moede", meeting, words=words, reason=reason)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert f'value="{words}"'.replace('"', "&quot;") or words in answer.content.decode()


def test_what_came_since_it_was_counted_is_shown_first(login, manager, meeting):
    answer = redact(login(manager), "moede", meeting, sure="2")
    assert (answer.status_code, answer.context["places"].number) == (200, 3)
    assert NAME.casefold() in everything_kept()


def test_a_cpr_number_can_be_taken_away(login, manager, facility, municipality):
    kind = ActivityType.objects.create(municipality=municipality, name="Gåtur", factors="M")
    activity = Activity.objects.create(
        facility=facility,
        activity_type=kind,
        title="Gåtur",
        factors="M",
        held_on=dt.date(2026, 3, 2),
        outcome="held",
    )
    # Written before such numbers were refused.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE initiatives_activity SET note = 'Med 010190-1234' WHERE id = %s", [activity.pk]
        )
    answer = redact(login(manager), "registrering", activity, words="010190-1234")
    assert answer.status_code == 302
    activity.refresh_from_db()
    assert activity.note == "Med […]"
    assert "010190" not in everything_kept()


def test_journals_of_an_initiative(login, manager, department):
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)
    for text in (f"For {NAME}", "For alle"):
        write_section(initiative, "maalgruppe", manager, target_group=text)
    assert redact(login(manager), "indsats", initiative).status_code == 302
    assert NAME.casefold() not in everything_kept()


@pytest.fixture
def edition(make_user, cluster, municipality):
    editor = make_user(Role.EDITOR, authority=municipality)
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    group = ProposalGroup.objects.create(cluster=cluster, name="Støtte")
    proposal = Proposal.objects.create(cluster=cluster, group=group, number=1, title="Støtte")
    effort = EffortInput(f"Besøg hos {NAME}", "running", frozenset({proposal.pk}))
    save_cell(
        column=cluster.memberships.get(authority=municipality),
        proposal=proposal,
        version=0,
        answer=Answer(PositionState.ESTABLISHED, efforts=(effort,)),
        by=editor,
    )
    return freeze_edition(
        cluster=cluster,
        title="Møde",
        meeting="Møde",
        meeting_on=dt.date(2026, 5, 4),
        submission_id="5b6ce9a0-9b1d-4b4e-8f3e-7d8d1f2a0c11",
        by=coordinator,
    )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_frozen_edition_lets_the_words_go_and_nothing_else(
    login, make_user, cluster, municipality, edition, role
):
    place = {"cluster": cluster} if role == Role.COORDINATOR else {"authority": municipality}
    person = make_user(role, **place)
    effort = Effort.objects.get()
    client = login(person)

    assert redact(client, "skemaindsats", effort).status_code == 302

    assert NAME.casefold() not in everything_kept()
    edition.refresh_from_db()
    assert edition.content["efforts"][0]["text"] == "Besøg hos […]"
    page = client.get(edition.get_absolute_url()).content.decode()
    assert "Navn på en beboer" in page
    for change in ({"content": {}}, {"title": "Andet"}, {"number": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**change)


@pytest.mark.parametrize("used", [True, False])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_theme_that_holds_the_words_goes_with_its_address(
    login, make_user, cluster, municipality, edition, role, used
):
    effort = Effort.objects.get()
    holding = Theme.objects.create(name=f"Støtte til {NAME}", slug="stoette-til-en-beboer")
    other = Theme.objects.create(name="Søvn", slug="soevn")
    effort.themes.set([holding, other] if used else [other])
    place = {"cluster": cluster} if role == Role.COORDINATOR else {"authority": municipality}

    assert redact(login(make_user(role, **place)), "skemaindsats", effort).status_code == 302

    assert list(Theme.objects.all()) == list(effort.themes.all()) == [other]


@pytest.mark.parametrize("beside", ["another cluster", "another column"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_theme_of_several_columns_stays(
    login, make_user, cluster, municipality, other_municipality, edition, role, beside
):
    effort = Effort.objects.get()
    theme = Theme.objects.create(name=f"Støtte til {NAME}", slug="stoette")
    anew = Cluster.objects.create(name="Klynge Anden", slug="anden", region=cluster.region)
    place = (anew, municipality) if beside == "another cluster" else (cluster, other_municipality)
    elsewhere = Effort.objects.create(cluster=place[0], authority=place[1], text="En indsats")
    for one in (effort, elsewhere):
        one.themes.add(theme)

    scope = {"cluster": cluster} if role == Role.COORDINATOR else {"authority": municipality}
    client = login(make_user(role, **scope))
    assert redact(client, "skemaindsats", effort).status_code == 302
    assert list(theme.efforts.order_by("pk")) == [effort, elsewhere]


def test_a_cell_that_was_open_cannot_bring_it_back(
    login, make_user, cluster, municipality, edition
):
    cell = Position.objects.get()
    redact(
        login(make_user(Role.COORDINATOR, cluster=cluster)), "skemaindsats", Effort.objects.get()
    )
    now = Position.objects.get()
    assert now.version == cell.version + 1
    assert now.history.latest().history_type == "!"


def test_an_administrator_of_another_column_takes_nothing_away(
    login, make_user, other_municipality, edition
):
    stranger = login(make_user(Role.ADMINISTRATOR, authority=other_municipality))
    effort = Effort.objects.get()
    assert redact(stranger, "skemaindsats", effort, sure="1").status_code == 403


# Texts that no redaction looks through, and why none of them holds what somebody wrote.
HOLDS_NO_TEXT = {
    "admin.LogEntry": "keys, names of accounts and of fields",
    "clusters.ConfirmationRequest": "who asked",
    "clusters.EditionRedaction": "who redacted and why: the reason must not repeat the words",
    "initiatives.MonthSummary": "letters of factors",
    "initiatives.WeekSummary": "letters of factors",
    "krams.AuditEntry": "words of the code, keys, and names of accounts and places",
    "krams.Authority": "what an authority is called officially",
    "krams.DigestSent": "a week or month",
    "krams.Job": "the name of a command",
    "krams.Letter": "keys, and the role before; it is written from what stands when it goes",
    "krams.LogIn": "the family of a browser, a network, and hashes",
    "krams.Reminded": "a key",
    "krams.SearchEntry": "follows what it was made of, in the same transaction",
    "krams.User": "the account's own name",
    "sessions.Session": "encoded; forms that wait for a log-in are cleaned one by one",
}


def test_every_text_is_looked_through_or_accounted_for():
    reached = {one.model for one in (*REGISTRY.values(), *TEXTS)}
    left = {
        model._meta.label
        for model in apps.get_models()
        if not hasattr(model, "instance_type")
        and model._meta.app_label in ("krams", "initiatives", "clusters", "sessions", "admin")
        and texts_of(model)
        and model not in reached
    }
    assert left == HOLDS_NO_TEXT.keys()
