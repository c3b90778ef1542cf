"""Saving one section: what is written, what counts as stale, what the journal says."""

import pytest

from initiatives.documents.actions.sections import save_section
from initiatives.documents.queries.document import read_document
from initiatives.documents.sections import BY_SLUG, SECTIONS, section_text
from initiatives.enums import Factor
from initiatives.models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
    SuccessCriterion,
)
from krams.enums import Role
from krams.history.actions.locking import StaleVersion


@pytest.fixture
def initiative(department):
    return Initiative.objects.create(department=department, title="KRAMS", purpose="Længere liv.")


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def values_of(initiative, slug):
    return read_document(Initiative.objects.get(pk=initiative.pk)).values(BY_SLUG[slug])


@pytest.fixture
def save(initiative, manager):
    def save(slug, *, version=1, reason="", by=None, **changed):
        values = {**values_of(initiative, slug), **changed}
        return save_section(
            initiative=initiative,
            section=BY_SLUG[slug],
            version=version,
            values=values,
            reason=reason,
            by=by or manager,
        )

    return save


def test_ten_sections_each_with_its_own_fields():
    assert len(SECTIONS) == len(BY_SLUG) == 10
    fields = [name for section in SECTIONS for name in section.fields]
    assert len(fields) == len(set(fields))


def test_a_save_is_kept_with_who_why_and_what_changed(save, initiative, manager):
    saved = save("formaal", purpose="Flere gode år.", reason="Ny viden")
    assert saved.version == 2
    change = initiative.changes.get()
    assert (change.version, change.section) == (2, "formaal")
    assert (change.before, change.after) == ("Længere liv.", "Flere gode år.")
    assert (change.reason, change.saved_by) == ("Ny viden", manager)
    record = initiative.history.first()
    assert (record.purpose, record.history_user) == ("Flere gode år.", manager)
    assert record.history_change_reason == "Ny viden"


def test_other_sections_do_not_conflict(save):
    save("formaal", purpose="Ny")
    saved = save("aktoerer", version=1, actors="Personalet")
    saved.refresh_from_db()
    assert (saved.version, saved.purpose, saved.actors) == (3, "Ny", "Personalet")


def test_the_same_section_is_stale(save, initiative):
    save("formaal", purpose="Først")
    with pytest.raises(StaleVersion) as stale:
        save("formaal", version=1, purpose="Sidst")
    assert stale.value.current.purpose == "Først"
    assert initiative.changes.count() == 1


def test_a_section_stays_stale_after_later_saves_of_others(save):
    save("formaal", purpose="Først")
    save("aktoerer", version=2, actors="Personalet")
    with pytest.raises(StaleVersion):
        save("formaal", version=1, purpose="Sidst")
    assert save("formaal", version=2, purpose="Sidst").version == 4


def test_a_change_there_and_back_is_stale_too(save):
    save("formaal", purpose="Anderledes")
    save("formaal", version=2, purpose="Længere liv.")
    with pytest.raises(StaleVersion):
        save("formaal", version=1, purpose="Mit")


def test_a_version_from_the_future_is_stale(save):
    with pytest.raises(StaleVersion):
        save("formaal", version=99, purpose="Mit")


def test_the_same_text_twice_saves_once(save, initiative):
    save("formaal", purpose="Ny")
    assert save("formaal", version=1, purpose="Ny").version == 2
    assert initiative.changes.count() == 1


def test_who_may_not_edit_cannot_save(save, make_user, department, other_facility):
    for user in (
        make_user(Role.STAFF, department=department),
        make_user(Role.MANAGER, department=other_facility.department),
    ):
        with pytest.raises(Initiative.DoesNotExist):
            save("formaal", by=user, purpose="Ny")


def test_goals(save, initiative, municipality):
    policy = Policy.objects.create(municipality=municipality, title="Sundhedspolitik")
    first, second = (PolicyGoal.objects.create(policy=policy, text=text) for text in "AB")
    save("maalsaetning", goals=[first, second])
    save("maalsaetning", version=2, goals=[second])
    assert list(initiative.goals.all()) == [second]
    assert [change.after for change in initiative.changes.all()] == ["• B", "• A\n• B"]


def test_description_and_factor_texts_are_one_save(save, initiative, facility):
    FactorText.objects.create(initiative=initiative, factor="K", facility=facility, text="Lokalt")
    save("beskrivelse", introduction="Sammen", factor_K="Grønt", factor_S="Ro")
    texts = {row.factor: row for row in initiative.factor_texts.filter(facility=None)}
    assert (texts["K"].text, texts["S"].text) == ("Grønt", "Ro")
    assert set(texts) == {"K", "S"}
    save("beskrivelse", version=2, factor_K="Mere grønt")
    texts["K"].refresh_from_db()
    texts["S"].refresh_from_db()
    assert (texts["K"].text, texts["K"].version, texts["S"].version) == ("Mere grønt", 2, 1)
    assert initiative.factor_texts.get(facility=facility).text == "Lokalt"
    assert initiative.changes.first().after == "Sammen\n\nK: Mere grønt\n\nS: Ro"


def test_economy_lines_are_added_changed_and_removed(save, initiative, facility, manager):
    line = {"id": None, "what": "Svømmehal", "facility": facility, "amount_dkk": 12000}
    save("oekonomi", rows=[line, {**line, "what": "Fitness", "facility": None}])
    first, second = initiative.economy_lines.all()
    assert (first.what, first.facility, first.amount_dkk) == ("Svømmehal", facility, 12000)
    rows = values_of(initiative, "oekonomi")["rows"]
    save("oekonomi", version=2, rows=[{**rows[1], "amount_dkk": None}])
    remaining = initiative.economy_lines.get()
    assert (remaining.pk, remaining.amount_dkk, remaining.position) == (second.pk, None, 1)
    removed = EconomyLine.history.filter(id=first.pk).first()
    assert (removed.history_type, removed.history_user) == ("-", manager)
    assert initiative.changes.first().before == (
        "• Svømmehal, Bakkehuset, 12.000 kr.\n• Fitness, 12.000 kr."
    )


def test_a_line_of_another_initiative_is_out_of_reach(save, initiative, department):
    other = Initiative.objects.create(department=department, title="Anden")
    theirs = AttentionPoint.objects.create(initiative=other, text="Deres")
    row = {"text": "Mit", "factor": "K", "follow_up_on": None, "closed_on": None}
    save("opfoelgning", rows=[{"id": theirs.pk, **row}])
    theirs.refresh_from_db()
    assert (theirs.text, theirs.initiative) == ("Deres", other)
    assert initiative.attention_points.get().text == "Mit"


def test_a_criterion_left_out_is_not_deleted(save, initiative):
    row = {"id": None, "number": 1, "title": "Sund kost", "short_title": "Kost", "factors": ["K"]}
    save("succeskriterier", rows=[row])
    save("succeskriterier", version=2, rows=[])
    assert SuccessCriterion.objects.get().title == "Sund kost"


def test_the_journal_reads_the_same_in_both_languages(save, initiative, manager):
    from django.utils import translation

    section, values = BY_SLUG["beskrivelse"], values_of(initiative, "beskrivelse")
    values |= {f"factor_{factor.value}": "tekst" for factor in Factor}
    texts = set()
    for language in ("da", "en"):
        with translation.override(language):
            texts.add(section_text(section, values))
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "text"),
    [
        (None, None, ""),
        ("2019-01-01", None, "01.01.2019 – …"),
        ("2019-01-01", "2027-12-31", "01.01.2019 – 31.12.2027"),
    ],
)
def test_dates_in_the_journal(starts_on, ends_on, text):
    import datetime as dt

    def day(value):
        return dt.date.fromisoformat(value) if value else None

    values = {"starts_on": day(starts_on), "ends_on": day(ends_on), "timeline": ""}
    assert section_text(BY_SLUG["tidsplan"], values) == text
