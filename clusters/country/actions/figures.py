"""Makes what facilities have measured, their targets, and what their managers think of it."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from initiatives.enums import AssessmentLevel, Frequency, IndicatorKind
from initiatives.models import (
    Assessment,
    FacilityIndicator,
    Indicator,
    Measurement,
    SuccessCriterion,
)

from .. import sections
from ..draws import id_from, moment_on, stream
from .country import Branch, Country, Site

MONTHS = {Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6}
_DAY = dt.timedelta(days=1)


def make_figures(country: Country, branch: Branch, site: Site) -> None:
    """For each indicator of the department's initiative, up to the latest quarter that is over."""
    for number, (criterion, indicators) in enumerate(branch.criteria):
        chance = stream(country.order.seed, "figures", site.number, number)
        for indicator, made in zip(indicators, sections.CRITERIA[number].indicators, strict=True):
            # One facility in twelve does not follow it (yet).
            if made.kind != IndicatorKind.DIALOGUE and chance.random() > 1 / 12:
                _follow(country, site, indicator, made, chance)
        _assess(country, site, criterion, indicators[0].starts_on, chance)


def ends_of_periods(first: dt.date, today: dt.date, months: int) -> list[dt.date]:
    """The last days of the periods of so many months that ended after ``first``, before today."""
    found = []
    month = first.year * 12 + first.month - 1
    month += months - month % months
    while (day := dt.date(month // 12, month % 12 + 1, 1) - _DAY) < today:
        found.append(day)
        month += months
    return found


def _follow(
    country: Country,
    site: Site,
    indicator: Indicator,
    made: sections.MadeIndicator,
    chance: Random,
) -> None:
    today = country.order.today
    target_on = dt.date(today.year + chance.randint(0, 1), 12, 31)
    followed = FacilityIndicator(
        indicator=indicator,
        facility=site.facility,
        followed_on=indicator.starts_on,
        target=round(Decimal(made.target) + chance.randint(-6, 6))
        if made.kind != IndicatorKind.LOG
        else Decimal(chance.randint(3, 7)),
        target_on=target_on,
    )
    country.store.number(followed)
    at = moment_on(chance, indicator.starts_on)
    if made.kind == IndicatorKind.LOG:
        country.store.keep(followed, at=at, by=site.manager)
        return
    days = ends_of_periods(indicator.starts_on, today, MONTHS[made.frequency])
    # Some are late with the latest figure.
    days = days[:-1] if chance.random() < 0.15 else days
    rows = [
        _measurement(followed, made, day, place / len(days), chance)
        for place, day in enumerate(days)
    ]
    if rows:
        followed.baseline, followed.baseline_on = rows[0].value, rows[0].measured_on
    country.store.keep(followed, at=at, by=site.manager)
    for row in rows:
        # Now and then a figure is missing.
        if chance.random() > 0.06:
            day = min(row.measured_on + chance.randint(1, 12) * _DAY, today)
            row.registered_by = site.manager if chance.random() < 0.6 else site.staff[0]
            row.submission_id = id_from(chance)
            country.store.keep(row, at=moment_on(chance, day), by=row.registered_by)


def _measurement(
    followed: FacilityIndicator,
    made: sections.MadeIndicator,
    day: dt.date,
    way: float,
    chance: Random,
) -> Measurement:
    """A figure so far along the ``way`` (0 to 1) from the first one to the target."""
    level = made.start + (made.target - made.start) * way * 0.9 + chance.gauss(0, 5)
    row = Measurement(facility_indicator=followed, measured_on=day)
    people = max(5, (followed.facility.place_count or 20) - chance.randint(0, 3))
    if made.kind == IndicatorKind.SHARE:
        row.denominator = people
        part = round(row.denominator * level / 100)
        row.numerator = min(max(part, 0), row.denominator)
        share = Decimal(100 * row.numerator) / Decimal(row.denominator)
        row.value = share.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    else:
        least, most = made.bounds or (0, 100)
        row.value = Decimal(str(round(min(max(level, least), most), 1)))
        row.people = people
    if chance.random() < 0.05:
        row.note = chance.choice(NOTES)
    return row


NOTES = (
    "Opgjort ved husmødet",
    "To beboere er flyttet siden sidst",
    "Spurgt over to uger",
    "Lavere svarprocent på grund af ferie",
)
_LEVELS = (
    *(AssessmentLevel.MET,) * 3,
    *(AssessmentLevel.PARTLY_MET,) * 5,
    *(AssessmentLevel.NOT_MET,) * 2,
)


def _assess(
    country: Country, site: Site, criterion: SuccessCriterion, since: dt.date, chance: Random
) -> None:
    """Twice a year, as far as the manager got round to it."""
    for day in ends_of_periods(since, country.order.today, 6):
        if chance.random() < 0.4:
            continue
        day = min(day + chance.randint(3, 40) * _DAY, country.order.today)
        assessment = Assessment(
            criterion=criterion,
            facility=site.facility,
            level=chance.choice(_LEVELS),
            reason=sections.reason_of_assessment(chance),
            assessed_on=day,
            assessed_by=site.manager,
        )
        country.store.keep(assessment, at=moment_on(chance, day), by=site.manager)
