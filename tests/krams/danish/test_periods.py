"""Days, months and years as people say them, in both languages; none is told that nobody knows."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from initiatives.documents.sections import BY_SLUG, in_words, section_text
from initiatives.models import Initiative, Policy
from krams.danish import periods
from krams.enums import Role

ROOT = Path(__file__).resolve().parents[3]
# Formats that a machine reads: addresses, hidden fields, file names and attributes.
FOR_MACHINES = {"Y-m-d", "d.m.Y", "c"}
# The name of a day or month, or a number alone, is the language's own.
WORDS = {"l", "D", "F", "j", "Y"}


def test_templates_say_dates_in_the_formats_of_the_language():
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for before, given in re.findall(r'(.{0,12})\{\{[^}]*\|date:"([^"]*)"', path.read_text()):
            is_hidden = before.endswith(('"', "=", "?dag=", "til=", "fra="))
            if given.endswith("_FORMAT") or given in WORDS or (given in FOR_MACHINES and is_hidden):
                continue
            found.append((path.name, before, given))
    assert not found


@pytest.mark.parametrize(
    ("first", "last", "danish", "english"),
    [
        (date(2019, 1, 1), date(2022, 12, 31), "2019–2022", "2019–2022"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026", "2026"),
        (date(2019, 1, 1), None, "januar 2019 – …", "January 2019 – …"),
        (None, date(2026, 2, 28), "… – februar 2026", "… – February 2026"),
        (
            date(2026, 12, 3),
            date(2027, 5, 30),
            "03.12.2026 – 30.05.2027",
            "3 Dec 2026 – 30 May 2027",
        ),
        (None, None, "", ""),
    ],
)
def test_periods(first, last, danish, english):
    for language, said in (("da", danish), ("en", english)):
        with translation.override(language):
            assert periods.period(first, last) == said


def test_a_start_without_a_day_shows_none(login, make_user, department, municipality):
    policy = Policy.objects.create(
        municipality=municipality,
        title="Politik",
        valid_from=date(2019, 1, 1),
        valid_until=date(2022, 12, 31),
    )
    initiative = Initiative.objects.create(
        department=department, title="Indsats", policy=policy, starts_on=date(2019, 1, 1)
    )
    client = login(make_user(Role.MANAGER, department=department))
    page = client.get(initiative.get_absolute_url()).content.decode()
    assert "januar 2019" in page
    assert "01.01.2019" not in page
    assert "31.12.2022" not in page
    policies = client.get(f"/kommuner/{municipality.slug}/politikker/").content.decode()
    assert "2019–2022" in policies
    assert "31.12.2022" not in policies


def test_the_journal_says_its_own_dates_in_the_language_and_leaves_what_was_typed():
    values = {"starts_on": date(2026, 12, 3), "ends_on": None, "timeline": "Møde 04.12.2026"}
    row = {"text": "Fald, 01.02.2026 igen", "factor": "M", "follow_up_on": date(2026, 12, 3)}
    rows = [{**row, "closed_on": date(2026, 12, 5)}]
    timeline = section_text(BY_SLUG["tidsplan"], values)
    points = section_text(BY_SLUG["opfoelgning"], {"follow_up": "Møde, 04.12.2026", "rows": rows})
    with translation.override("en"):
        assert in_words("tidsplan", timeline) == "3 Dec 2026 – …\n\nMøde 04.12.2026"
        assert in_words("opfoelgning", points) == (
            "Møde, 04.12.2026\n\n• Fald, 01.02.2026 igen (M), 3 Dec 2026 ✓ 5 Dec 2026"
        )
    with translation.override("da"):
        assert in_words("tidsplan", timeline) == timeline
        assert in_words("opfoelgning", points) == points
