"""Loads the common activity types, and Hjørring's KRAMS initiative with all its sections."""

import csv
import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from krams.enums import AuthorityKind
from krams.models import Authority, Department, Facility
from krams.seeding.actions import Seeder
from krams.seeding.facts_files import FIXTURES, Entry, FactsError, read_facts

from .criteria.ready_made import range_of
from .enums import Direction, Factor, Frequency, IndicatorKind, InitiativeStatus
from .models import (
    ActivityType,
    AttentionPoint,
    EconomyLine,
    FactorText,
    Indicator,
    Initiative,
    Policy,
    PolicyGoal,
    SuccessCriterion,
)

SECTIONS = (
    "introduction",
    "purpose",
    "target_group",
    "actors",
    "timeline",
    "economy",
    "follow_up",
)
PARTS = ("factor_texts", "economy_lines", "attention_points", "criteria")


@transaction.atomic
def load_activity_types() -> Seeder:
    """Load the defaults that every municipality begins with. Raises ``FactsError``."""
    seeder = Seeder()
    path = FIXTURES / "activity_types.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise FactsError(f"{path.name}: {error.strerror}") from error
    for position, row in enumerate(rows, start=1):
        entry = Entry(f"{path.name}, {row.get('name')}", row).only("name", "factors")
        key = {"municipality": None, "name": entry["name"]}
        seeder.keep(entry, ActivityType, key, factors=entry["factors"], position=position)
    return seeder


@transaction.atomic
def load_initiative() -> Seeder:
    """Load ``hjoerring.toml``. Raises ``FactsError``, also where its department is missing."""
    seeder = Seeder()
    facts = read_facts(FIXTURES / "hjoerring.toml")
    facts.only("municipality", "department", "policy", "initiative")
    department = _department(facts)
    facilities = {facility.name: facility for facility in department.facilities.all()}
    entry = facts.table("initiative")
    entry.only("title", "status", "starts_on", "facilities", *SECTIONS, *PARTS)
    policy = _keep_policy(seeder, facts.table("policy"), department.municipality)
    before = seeder.created[Initiative]
    initiative = seeder.keep(
        entry,
        Initiative,
        {"department": department, "title": entry["title"]},
        policy=policy,
        status=entry.choice("status", InitiativeStatus),
        starts_on=entry["starts_on"],
        **{section: entry[section].strip() for section in SECTIONS},
    )
    if initiative is None:
        return seeder
    if seeder.created[Initiative] > before:
        initiative.facilities.set(
            [_facility(entry, facilities, name) for name in entry["facilities"]]
        )
        initiative.goals.set(policy.goals.all() if policy else [])
    _keep_factor_texts(seeder, entry.table("factor_texts"), initiative)
    _keep_lines(seeder, entry, initiative, facilities)
    _keep_criteria(seeder, entry, initiative)
    return seeder


def _department(facts: Entry) -> Department:
    municipality = Authority.objects.filter(
        kind=AuthorityKind.MUNICIPALITY, name=facts["municipality"]
    ).first()
    department = Department.objects.filter(
        municipality=municipality, name=facts["department"]
    ).first()
    if department is None:
        raise facts.refuse(
            _("the department is not there; first run load_organisations --file %(file)s")
            % {"file": "fixtures/hjoerring.csv"}
        )
    return department


def _facility(entry: Entry, facilities: dict[str, Facility], name: str) -> Facility:
    if name not in facilities:
        raise entry.refuse(_("unknown facility: %(name)s") % {"name": name})
    return facilities[name]


def _keep_policy(seeder: Seeder, entry: Entry, municipality: Authority) -> Policy | None:
    entry.only("title", "valid_from", "valid_until", "goals")
    policy = seeder.keep(
        entry,
        Policy,
        {"municipality": municipality, "title": entry["title"]},
        valid_from=entry["valid_from"],
        valid_until=entry["valid_until"],
    )
    for position, text in enumerate(entry["goals"], start=1):
        seeder.keep(entry, PolicyGoal, {"policy": policy, "position": position}, text=text)
    return policy


def _keep_factor_texts(seeder: Seeder, entry: Entry, initiative: Initiative) -> None:
    entry.only(*Factor.values)
    for letter in Factor.values:
        key = {"initiative": initiative, "factor": letter, "facility": None}
        seeder.keep(entry, FactorText, key, text=entry[letter].strip())


def _keep_lines(
    seeder: Seeder, entry: Entry, initiative: Initiative, facilities: dict[str, Facility]
) -> None:
    for position, line in enumerate(entry.tables("economy_lines"), start=1):
        line.only("what", "facility")
        seeder.keep(
            line,
            EconomyLine,
            {"initiative": initiative, "position": position},
            what=line["what"],
            facility=_facility(line, facilities, line["facility"]) if "facility" in line else None,
        )
    for position, point in enumerate(entry.tables("attention_points"), start=1):
        point.only("text", "factor")
        seeder.keep(
            point,
            AttentionPoint,
            {"initiative": initiative, "position": position},
            text=point["text"],
            factor=point.choice("factor", Factor) if "factor" in point else "",
        )


def _keep_criteria(seeder: Seeder, entry: Entry, initiative: Initiative) -> None:
    for number, row in enumerate(entry.tables("criteria"), start=1):
        row.only("title", "short_title", "factors", "indicators")
        criterion = seeder.keep(
            row,
            SuccessCriterion,
            {"initiative": initiative, "number": number},
            title=row["title"],
            short_title=row["short_title"],
            factors=row["factors"],
        )
        for position, indicator in enumerate(row.tables("indicators"), start=1):
            if criterion:
                _keep_indicator(seeder, indicator, criterion, position, initiative.starts_on)


def _keep_indicator(
    seeder: Seeder,
    row: Entry,
    criterion: SuccessCriterion,
    position: int,
    starts_on: dt.date | None,
) -> None:
    row.only("name", "kind", "direction", "unit", "frequency", "source", "minimum", "maximum")
    seeder.keep(
        row,
        Indicator,
        {"criterion": criterion, "position": position},
        name=row["name"],
        kind=row.choice("kind", IndicatorKind),
        direction=row.choice("direction", Direction),
        unit=row["unit"],
        frequency=row.choice("frequency", Frequency),
        source=row["source"],
        starts_on=starts_on,
        **range_of(row),
    )
