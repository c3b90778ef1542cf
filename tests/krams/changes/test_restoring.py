"""Earlier versions of what a facility and its department have written."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from initiatives.documents.actions.policies import add_policy, edit_policy
from initiatives.enums import MeetingKind
from initiatives.models import AttentionPoint, EconomyLine, FactorText, Initiative, Meeting, Policy
from krams.changes.actions.restoring import restore
from krams.enums import Role
from krams.history import registry
from krams.history.actions.locking import StaleVersion, save_kept, save_version
from krams.history.models import Kept

from ...initiatives.writing import write_section


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def meeting(facility, manager):
    made = Meeting(facility=facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2))
    made.minutes = "Vi talte om frugt"
    save_version(made, by=manager)
    made.minutes = "Slettet ved en fejl"
    return save_version(made, by=manager)


def test_minutes_come_back_for_who_may_write_them(login, make_user, facility, meeting):
    first = meeting.history.earliest()
    data = {"saved": first.history_id, "version": meeting.version}
    address = reverse("history-restore", args=["moede", meeting.pk])
    viewer = login(make_user(Role.VIEWER, facility=facility))
    assert viewer.post(address, data).status_code == 403

    answer = login(make_user(Role.STAFF, facility=facility)).post(address, data, follow=True)

    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.version) == ("Vi talte om frugt", 3)
    assert "Det, der stod dengang, står der igen." in answer.content.decode()
    assert meeting.history.count() == 3


def test_what_nobody_may_write_does_not_come_back_and_who_may_is_asked_first(
    login, make_user, facility, meeting
):
    first = meeting.history.earliest()
    # Written before such numbers were refused.
    meeting.history.filter(pk=first.pk).update(minutes="Med 010190-1234")
    data = {"saved": first.history_id, "version": meeting.version}
    address = reverse("history-restore", args=["moede", meeting.pk])
    assert login(make_user(Role.VIEWER, facility=facility)).post(address, data).status_code == 403
    assert login(make_user(Role.STAFF, facility=facility)).post(address, data).status_code == 422
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.version) == ("Slettet ved en fejl", 2)
    assert meeting.history.count() == 2


def test_the_sections_of_an_initiative_come_back_and_the_journal_says_so(department, manager):
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)

    def write(slug, **values):
        return write_section(initiative, slug, manager, **values)

    write("formaal", purpose="Sundere mad")
    standing = write("beskrivelse", introduction="Om maden", factor_K="Grønt hver dag")
    write("formaal", purpose="Noget andet")
    last = write("beskrivelse", introduction="", factor_K="")
    record = initiative.history.get(version=standing.version)
    found = registry.REGISTRY["indsats"]
    key = {"registration": found, "pk": initiative.pk, "history_id": record.history_id}

    with pytest.raises(StaleVersion):
        restore(**key, version=1, by=manager)
    restore(**key, version=last.version, by=manager)

    now = Initiative.objects.get(pk=initiative.pk)
    assert (now.purpose, now.introduction) == ("Sundere mad", "Om maden")
    assert now.factor_texts.get(factor="K").text == "Grønt hver dag"
    assert [one.section for one in now.changes.all()[:2]] == ["formaal", "beskrivelse"]


def test_lines_and_goals_of_an_initiative_come_back(department, municipality, manager, facility):
    policy = Policy.objects.create(municipality=municipality, title="Sundhed")
    goals = [policy.goals.create(text=text) for text in ("Røgfri", "Bevægelse")]
    initiative = save_version(
        Initiative(department=department, title="Kost", policy=policy), by=manager
    )

    def write(slug, **values):
        return write_section(initiative, slug, manager, **values)

    def cost(what, amount, pk=None, place=None):
        return {"id": pk, "what": what, "facility": place, "amount_dkk": amount}

    def point(text, pk=None):
        return {"id": pk, "text": text, "factor": "K", "follow_up_on": None, "closed_on": None}

    write("maalsaetning", goals=goals[:1])
    write("oekonomi", rows=[cost("Frugt", 1200, place=facility), cost("Køkken", None)])
    standing = write("opfoelgning", rows=[point("Nattevagter"), point("Weekender")])
    kitchen = initiative.economy_lines.get(what="Køkken")
    write("oekonomi", rows=[cost("Køkken til alle", 900, pk=kitchen.pk)])
    write("opfoelgning", rows=[])
    last = write("maalsaetning", goals=goals[1:])
    record = initiative.history.get(version=standing.version)

    restore(
        registration=registry.REGISTRY["indsats"],
        pk=initiative.pk,
        history_id=record.history_id,
        version=last.version,
        by=manager,
    )

    now = Initiative.objects.get(pk=initiative.pk)
    lines = now.economy_lines.values_list("what", "amount_dkk", "facility")
    assert list(lines) == [("Frugt", 1200, facility.pk), ("Køkken", None, None)]
    assert now.economy_lines.filter(pk=kitchen.pk, what="Køkken").exists(), "the same line"
    points = now.attention_points.values_list("text", "factor")
    assert list(points) == [("Nattevagter", "K"), ("Weekender", "K")]
    assert list(now.goals.all()) == goals[:1]
    # Once more changes nothing.
    restore(
        registration=registry.REGISTRY["indsats"],
        pk=initiative.pk,
        history_id=record.history_id,
        version=now.version,
        by=manager,
    )
    assert Initiative.objects.get(pk=initiative.pk).version == now.version


@pytest.mark.parametrize("is_standing", [False, True])
def test_a_cost_whose_facility_has_left_does_not_become_one_of_all(
    login, department, manager, facility, other_facility, is_standing
):
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)

    def write(*rows):
        return write_section(initiative, "oekonomi", manager, rows=list(rows))

    fruit = {"id": None, "what": "Frugt", "facility": facility, "amount_dkk": 1200}
    kitchen = {"id": None, "what": "Køkken", "facility": None, "amount_dkk": 500}
    then = write(fruit, kitchen)
    fruit["id"] = initiative.economy_lines.get(what="Frugt").pk
    fruit |= {"what": "Frugt til alle", "facility": None}
    now = write(*[fruit] * is_standing)
    facility.department = other_facility.department
    facility.save()
    record = initiative.history.get(version=then.version)
    data = {"saved": record.history_id, "version": now.version}
    address = reverse("history-restore", args=["indsats", initiative.pk])

    page = login(manager).post(address, data, follow=True)

    said = "Udgiften »Frugt« kom ikke tilbage: Dens botilbud har forladt afdelingen."
    assert page.text.count("kom ikke tilbage") == page.text.count(said) == 1
    lines = Initiative.objects.get(pk=initiative.pk).economy_lines
    stands = [("Frugt til alle", None)] * is_standing + [("Køkken", None)]
    assert list(lines.values_list("what", "facility")) == stands


def test_a_save_of_lines_alone_is_told_and_taken_back_from_the_page(
    login, department, manager, facility
):
    """What stood before it is the newest that the fields tell of, and not what stands."""
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)
    row = {"id": None, "what": "Frugt", "facility": facility, "amount_dkk": 1200}
    write_section(initiative, "oekonomi", manager, rows=[row])
    address = reverse("history", args=["indsats", initiative.pk])

    page = login(manager).get(address)

    newest, first = page.context["events"]
    told = [(one.label, one.old, one.new) for one in newest.changes]
    assert told == [("Økonomiske konsekvenser", "", f"• Frugt, {facility.name}, 1.200 kr.")]
    button = f'name="saved" value="{first.history_id}"'
    assert page.text.count('name="saved"') == page.text.count(button) == 1

    # A save that tells nothing stands today: all that is told can be put back.
    save_version(Initiative.objects.get(pk=initiative.pk), by=manager)
    page = login(manager).get(address)
    assert [one.history_id for one in page.context["events"]] == [
        newest.history_id,
        first.history_id,
    ]
    assert page.text.count('name="saved"') == 2


def test_what_was_made_along_with_an_initiative_is_of_its_first_version(
    department, manager, facility
):
    """Loaded, copied or taken in: its rows were saved after it, before anybody went on."""
    made = {"by": None, "reason": "Indlæst"}
    initiative = save_version(Initiative(department=department, title="Kost"), **made)
    row = EconomyLine(initiative=initiative, what="Frugt", facility=facility)
    text = FactorText(initiative=initiative, factor="K", text="Grønt til alt")
    point = AttentionPoint(initiative=initiative, text="Køkkenet lukker")
    for one in (row, text, point):
        save_version(one, **made)
    added = {"id": None, "what": "Køkken", "facility": None, "amount_dkk": 500}
    now = write_section(initiative, "oekonomi", manager, rows=[added])
    restore(
        registration=registry.REGISTRY["indsats"],
        pk=initiative.pk,
        history_id=initiative.history.earliest().history_id,
        version=now.version,
        by=manager,
    )
    assert list(initiative.economy_lines.values_list("what", flat=True)) == ["Frugt"]
    assert [one.text for one in initiative.factor_texts.all()] == ["Grønt til alt"]
    assert [one.text for one in initiative.attention_points.all()] == ["Køkkenet lukker"]


def test_a_cost_keeps_a_facility_that_another_line_names_today(
    login, department, manager, facility, other_facility
):
    """As its form does."""
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)
    for what in ("Frugt", "Grønt"):
        save_version(EconomyLine(initiative=initiative, what=what, facility=facility), by=manager)
    initiative = save_version(initiative, by=manager)
    initiative.economy_lines.get(what="Frugt").delete()
    facility.department = other_facility.department
    facility.save()
    restored = restore(
        registration=registry.REGISTRY["indsats"],
        pk=initiative.pk,
        history_id=initiative.history.get(version=2).history_id,
        version=2,
        by=manager,
    )
    assert restored.lacks == ()
    assert set(initiative.economy_lines.values_list("what", "facility")) == {
        ("Frugt", facility.pk),
        ("Grønt", facility.pk),
    }


@pytest.fixture
def policy(municipality, manager):
    goals = [{"id": None, "text": "Røgfri"}, {"id": None, "text": "Bevægelse"}]
    return add_policy(
        municipality=municipality,
        values={"title": "Sundhed", "valid_from": None, "valid_until": None, "goals": goals},
        submission_id=uuid.uuid4(),
        by=manager,
    )


def change_policy(policy, manager, title, *goals):
    now = Policy.objects.get(pk=policy.pk)
    return edit_policy(
        municipality=policy.municipality,
        policy=now,
        version=now.version,
        values={"title": title, "valid_from": None, "valid_until": None, "goals": list(goals)},
        by=manager,
    )


def test_the_goals_of_a_policy_come_back_with_its_title(login, policy, manager):
    smoking = policy.goals.get(text="Røgfri")
    now = change_policy(policy, manager, "Andet", {"id": smoking.pk, "text": "Røgfri 2030"})
    first = policy.history.earliest()
    data = {"saved": first.history_id, "version": now.version}
    answer = login(manager).post(reverse("history-restore", args=["politik", policy.pk]), data)
    assert answer.status_code == 302
    policy.refresh_from_db()
    assert policy.title == "Sundhed"
    assert [goal.text for goal in policy.goals.all()] == ["Røgfri", "Bevægelse"]
    assert policy.goals.get(text="Røgfri").pk == smoking.pk
    assert "Gendannet" in policy.history.latest().history_change_reason


def test_a_goal_that_is_worded_otherwise_by_now_comes_back(policy, manager, department):
    smoking = policy.goals.get(text="Røgfri")
    initiative = save_version(
        Initiative(department=department, title="Røg", policy=policy), by=manager
    )

    def choose(*goals):
        return write_section(initiative, "maalsaetning", manager, goals=list(goals))

    standing = choose(smoking)
    last = choose(policy.goals.get(text="Bevægelse"))
    change_policy(
        policy,
        manager,
        "Sundhed",
        {"id": smoking.pk, "text": "Røgfri 2030"},
        {"id": policy.goals.get(text="Bevægelse").pk, "text": "Bevægelse"},
    )
    restore(
        registration=registry.REGISTRY["indsats"],
        pk=initiative.pk,
        history_id=initiative.history.get(version=standing.version).history_id,
        version=last.version,
        by=manager,
    )
    assert [goal.text for goal in initiative.goals.all()] == ["Røgfri 2030"]


def test_a_goal_that_an_initiative_serves_is_not_taken_from_it(login, policy, manager, department):
    kept = [{"id": goal.pk, "text": goal.text} for goal in policy.goals.all()]
    now = change_policy(policy, manager, "Sundhed", *kept, {"id": None, "text": "Søvn"})
    initiative = Initiative.objects.create(department=department, title="Søvn", policy=policy)
    initiative.goals.add(policy.goals.get(text="Søvn"))
    first = policy.history.earliest()
    data = {"saved": first.history_id, "version": now.version}
    answer = login(manager).post(reverse("history-restore", args=["politik", policy.pk]), data)
    assert answer.status_code == 422
    assert "Søvn" in answer.text
    assert policy.goals.count() == 3


def test_what_is_not_put_back_says_why_on_its_page(login, make_user, facility):
    membership = make_user(Role.STAFF, facility=facility).memberships.get()
    save_kept(membership, by=None)
    client = login(make_user(Role.MANAGER, department=facility.department))
    page = client.get(reverse("history", args=["rolle", membership.pk])).text
    assert "ikke gendannes her: En rettighed gives på ny og sættes ikke tilbage." in page
    assert "/gendan/" not in page
    page = client.get(reverse("history", args=["botilbud", facility.pk])).text
    assert "ikke gendannes her" not in page


def test_every_kind_that_is_not_put_back_has_a_danish_sentence_about_it():
    said = {key: one.not_restored for key, one in registry.REGISTRY.items()}
    silent = {key for key, one in registry.REGISTRY.items() if not (one.restoring or said[key])}
    assert not silent
    with override("en"):
        english = {key: str(why) for key, why in said.items() if why}
    with override("da"):
        same = {key for key, text in english.items() if str(said[key]) == text}
    assert not same
    assert all(text.endswith(".") for text in english.values())


@pytest.mark.parametrize("both", [True, False])
def test_a_kind_says_either_how_it_is_put_back_or_why_it_is_not(both):
    one = registry.REGISTRY["botilbud"]
    said = {"restoring": one.restoring, "not_restored": gettext_lazy("A right")} if both else {}
    with pytest.raises(ValueError, match="Facility: say how it is restored, or why it is not"):
        registry.register(one.model, key="botilbud", visible=one.visible, places=one.places, **said)
    assert registry.REGISTRY["botilbud"] is one


# Of which model the history belongs to the page of another.
ELSEWHERE = {
    "AttentionPoint": "indsats",
    "EconomyLine": "indsats",
    "EffortProposal": "svar",
    "FactorText": "indsats",
    "FacilityIndicator": "its targets, told on the page of the criterion; figures may be hidden",
    "Measurement": "figures may be hidden; one that was removed is brought back on its own page",
    "PolicyGoal": "politik",
    "Succession": "which cluster follows which: undone on its page",
}


def test_every_model_that_is_kept_has_a_page_of_its_history_or_a_reason():
    shown = {one.model.__name__ for one in registry.REGISTRY.values()}
    kept = {one.__name__ for one in apps.get_models() if issubclass(one, Kept)}
    assert kept - shown == ELSEWHERE.keys()
    told = {one for one in ELSEWHERE.values() if " " not in one}
    assert all(registry.REGISTRY[key].restoring for key in told)


def test_a_stranger_restores_nothing_whatever_the_way(make_user, meeting, other_facility):
    stranger = make_user(Role.MANAGER, facility=other_facility)
    with pytest.raises(PermissionDenied):
        restore(
            registration=registry.REGISTRY["moede"],
            pk=meeting.pk,
            history_id=meeting.history.earliest().history_id,
            version=meeting.version,
            by=stranger,
        )
    with pytest.raises(PermissionDenied):
        restore(registration=registry.REGISTRY["rolle"], pk=1, history_id=1, version=1, by=stranger)


def test_a_version_of_another_row_is_not_put_back(
    login, meeting, manager, facility, other_facility
):
    """Neither of one's own meeting, nor of one that one may not even see."""
    for place in (facility, other_facility):
        other = Meeting(facility=place, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 3))
        other.minutes = "Om noget helt andet"
        foreign = save_version(other, by=manager).history.earliest()
        data = {"saved": foreign.history_id, "version": meeting.version}
        answer = login(manager).post(reverse("history-restore", args=["moede", meeting.pk]), data)
        assert answer.status_code == 404
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.version) == ("Slettet ved en fejl", 2)


def test_a_place_with_minutes_is_closed_and_not_deleted(client, make_user, facility, meeting):
    with pytest.raises(ProtectedError):
        facility.delete()
    assert Meeting.objects.filter(pk=meeting.pk).exists()
