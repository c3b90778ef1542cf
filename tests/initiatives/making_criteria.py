"""Criteria with figures for tests, and the addresses of their forms."""

import datetime as dt
from decimal import Decimal

from django.urls import reverse

from initiatives.enums import IndicatorKind, InitiativeStatus
from initiatives.models import (
    FacilityIndicator,
    Indicator,
    Initiative,
    Measurement,
    SuccessCriterion,
)

TODAY = dt.date(2026, 11, 21)
QUARTERS = [dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 30)]


def make_initiative(department, *facilities, **fields):
    initiative = Initiative.objects.create(
        department=department, **{"title": "KRAMS", "status": InitiativeStatus.ACTIVE, **fields}
    )
    initiative.facilities.set(facilities)
    return initiative


def make_criterion(initiative, number=1, *, indicators=1, kind=IndicatorKind.SHARE):
    criterion = SuccessCriterion.objects.create(
        initiative=initiative,
        number=number,
        title=f"Kriterium nr. {number}",
        short_title=f"Kort {number}",
        factors="M",
    )
    for position in range(1, indicators + 1):
        Indicator.objects.create(
            criterion=criterion,
            position=position,
            name=f"Måltal {number}.{position}",
            kind=kind,
            direction="more",
            unit="%" if kind == IndicatorKind.SHARE else "point",
            starts_on=dt.date(2026, 1, 1),
        )
    return criterion


def measure(facility, indicator, *shares, days=QUARTERS, target=60, baseline=40, people=None):
    """``shares`` are (numerator, denominator), or averages of ``people``, on the last ``days``."""
    followed, _new = FacilityIndicator.objects.get_or_create(
        facility=facility,
        indicator=indicator,
        defaults={
            "target": target,
            "target_on": dt.date(2027, 12, 31),
            "baseline": baseline,
            "baseline_on": dt.date(2025, 12, 31),
            "followed_on": dt.date(2025, 12, 31),
        },
    )
    for day, share in zip(days[-len(shares) :] if shares else [], shares, strict=True):
        figures = {"value": share, "people": people}
        if isinstance(share, tuple):
            part, whole = share
            figures = {
                "value": Decimal(100 * part) / whole,
                "numerator": part,
                "denominator": whole,
            }
        Measurement.objects.create(facility_indicator=followed, measured_on=day, **figures)
    return followed


def url(name, *args):
    return reverse(f"initiatives:{name}", args=args)


def target_url(indicator, facility):
    criterion = indicator.criterion
    place = [criterion.initiative.department.slug, criterion.pk, facility.slug]
    return url("target-edit", *place, indicator.pk)


def figure_url(name, measurement):
    followed = measurement.facility_indicator
    criterion = followed.indicator.criterion
    place = [criterion.initiative.department.slug, criterion.pk, followed.facility.slug]
    return url(f"measurement-{name}", *place, followed.indicator_id, measurement.pk)


def measured(facility, indicator):
    measure(facility, indicator, 10, 12)
    return Measurement.objects.order_by("measured_on").last()
