"""All components of the pages with their states, for developers: what to build a page from."""

import datetime as dt
from types import SimpleNamespace as Sample
from typing import Self

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.views.decorators.http import require_safe

from ...web.forms import (
    CountField,
    DanishDateField,
    FilterForm,
    FreeTextField,
    LineField,
    PortalForm,
)
from ...web.templating import Templates, components

# As long as Danish words get, and one that nothing breaks.
LONG = "Socialpsykiatrisk rehabiliteringskoordinatoruddannelse i Aalborg"
DAY = dt.date(2026, 9, 14)
CHOICES = [("1", "Botilbud"), ("2", "Aktivitets- og samværstilbud"), ("3", LONG)]


class Named(Sample):
    """A thing that is written by its name."""

    def __str__(self) -> str:
        return self.name


class Next(Sample):
    """A week that another one follows."""

    def __add__(self, weeks: int) -> Self:
        return self


class ExampleForm(PortalForm):
    """One field of each kind, right, wrong and out of use."""

    name = LineField(label="Navn", max_length=80, help_text="Aldrig navne på beboere.")
    day = DanishDateField(label="Dato", required=False)
    count = CountField(label="Deltagere", least=0, most=99, required=False)
    text = FreeTextField(label="Begrundelse", max_length=400, required=False)
    place = forms.ChoiceField(label="Sted", choices=CHOICES)
    ways = forms.MultipleChoiceField(
        label="Måder", choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    one = forms.ChoiceField(label="En af dem", choices=CHOICES, widget=forms.RadioSelect)
    is_on = forms.BooleanField(label="Det er aftalt", required=False)
    fixed = LineField(label="Kan ikke ændres", max_length=80, disabled=True, initial="Fast")
    hidden = forms.CharField(widget=forms.HiddenInput, initial="1")


class ExampleFilter(FilterForm):
    """A filter with one field."""

    name = LineField(label="Navn", max_length=80, required=False)


class ExampleLine(PortalForm):
    """A row of a list that can be filled in."""

    text = LineField(label="Tekst", max_length=80, required=False)


Lines = forms.formset_factory(ExampleLine, extra=1)


def status(tone: str, symbol: str, label: str) -> Sample:
    return Sample(tone=f"is-{tone}", symbol=f"i-{symbol}", label=label, text=label)


GOING = status("ok", "check", "Holder")


def figures() -> dict:
    """An indicator that gets better."""
    share = Sample(numerator=9, denominator=14, day=DAY)
    spark = Sample(goal_y=6, line="0,16 22,12 44,9 64,4", dots=[(64, 4)])
    return {
        "better": Sample(is_better=True, is_worse=False, went_up=True),
        "worse": Sample(is_better=False, is_worse=True, went_up=True),
        "share": Sample(shown_before=share, n=14, is_hidden=False, latest=share),
        "spark": spark,
        "indicator": Sample(
            indicator=Sample(pk=1, name="Andel der ryger"),
            description="Fra 64 % til 43 %; målet er 40 %.",
            baseline_text="64 %",
            tracked=Sample(target_text="40 %"),
        ),
        "chart": Sample(
            width=640,
            height=280,
            left=40,
            right=620,
            ticks=[Sample(y=40, text_y=44, value=80), Sample(y=230, text_y=234, value=0)],
            base=Sample(y=78, text_x=620, text_y=70, anchor="end"),
            goal=Sample(y=135, text_x=48, text_y=128),
            line="60,78 300,100 580,128",
            marks=[
                Sample(is_last=False, x=60, y=78, text="64 %", text_y=64, day=DAY, year=2026),
                Sample(is_last=True, x=580, y=128, text="43 %", text_y=114, day=DAY, year=""),
            ],
        ),
    }


def weeks() -> dict:
    """A weekly plan, and what became of it."""
    blocks = {"on": "M2 2h14v8H2z", "off": "", "missing": "", "pause": "", "running": False}
    cells = [
        Sample(**blocks | change, text="1 af 2")
        for change in (
            {},
            {"on": "", "off": "M2.5 2.5h13v7h-13z"},
            {"on": "", "missing": "M2.5 2.5h13v7h-13z"},
            {"on": "", "pause": "M2 14h14v2H2z"},
            {"running": True},
        )
    ]
    return {
        "weeks": [Sample(number=number) for number in range(36, 41)],
        "strip": Sample(
            cells=cells,
            assessment=Sample(verdict=GOING, missing_week="2026-W39"),
            figures="7 af 8 gange",
            cancelled="2 aflyst: for få",
            is_slipping=False,
            missing="1 er ikke registreret",
        ),
        "nothing": Sample(cells=cells[:3] + cells[:2], assessment=None),
        "facility": Sample(slug="mosbjerghus", may_register=True),
        "planned": Sample(
            times_per_week=0, rhythm_days="tirsdag og torsdag", start_time=dt.time(10, 30)
        ),
        "plan": Named(name="Gåtur", pk=1, agenda_item=None),
        "put": Named(name="Svømning", pk=2, agenda_item=4, agenda_meeting=1, agenda_on=DAY),
    }


def _cell(authority: Sample, lines: list[Sample], is_outdated: bool = False) -> Sample:
    return Sample(
        state=GOING,
        state_text="Ja",
        column=Sample(authority=authority, may_edit=True),
        proposal=Sample(pk=1, number=1),
        is_outside=False,
        is_joint=not lines,
        joint_text="Fælles svar på 1 og 2",
        lines=lines,
        is_filled=True,
        is_unconfirmed=is_outdated,
        is_outdated=is_outdated,
        confirmed_text="Bekræftet 14.09.2026",
        confirmed_by_text="af en redaktør",
        versions="1:2",
    )


def matrix() -> dict:
    """A column of a cluster, and an answer in it."""
    authority = Sample(slug="rebild", official_name="Rebild Kommune", name="Rebild")
    line = {"facts": "fra 01.01.2026", "note": "", "is_removed": False}
    effort = Sample(
        effort=Sample(link="https://www.retsinformation.dk/", text=f"Sundhedscafé, {LONG}"),
        tags=[status("warn", "clock", "Udløbet")],
        part="",
        is_hit=False,
        initiative=None,
        entries=[Sample(anchor="c-matrix_cell", label="1")],
    )
    return {
        "cluster": Sample(slug="syd"),
        "cells": [_cell(authority, [effort]), _cell(authority, [], is_outdated=True)],
        "column": Sample(authority=authority, answered=7, versions="1:2"),
        "removal": Sample(
            proposal=Sample(pk=1, number=1),
            column=Sample(authority=authority),
            version=3,
            anchor="c",
        ),
        "effort": effort,
        "version": Sample(
            state=GOING,
            state_text="Ja",
            lines=[
                Sample(text="Sundhedscafé", **line),
                Sample(text="Rygestopkursus", **line | {"is_removed": True}),
            ],
        ),
        "cited": Sample(may_see=True, pk=1, title=LONG, state=GOING, verdict=None),
        "edition": Sample(withdrawn_at=DAY),
    }


def drawings() -> dict:
    """What stands in the rows of a table, drawn."""
    week = Sample(number=36, label="uge 36, 2026")
    year = Sample(
        drawing=Sample(
            width=58,
            months="M19 0v24",
            paths=[
                ("on", "M0 1h8v22h-8zM10 8h8v15h-8z"),
                ("off", "M10 1h8v7h-8zM20 1h8v22h-8z"),
                ("miss", "M30 1h8v22h-8z"),
                ("pause", "M41 16h2v7h-2zm4 0h2v7h-2z"),
                ("free", "M51 20a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"),
            ],
        ),
        spans=[
            Sample(first=week, last=week, text="12 af 13", fell=False, missing=0),
            Sample(first=week, last=week, text="4 af 13", fell=True, missing=2),
        ],
    )
    return {
        "year": year,
        # A week more is still a week to a template.
        "year_spans": [Sample(first=week, last=Next(number=48, label="uge 48, 2026"))],
        "parts": [Sample(x=x, width=width) for x, width in (("0", 40), ("40", 20), ("60", 40))],
        "curve": Sample(
            line="5,40 75,22 145,12",
            dots=[("5", "40"), ("75", "22"), ("145", "12")],
            goal_y="8",
        ),
        "course": Sample(full="M60 0H100V8H60z", half="M10 4H60V8H10z", ticks="M30 9v3M80 9v3"),
        "edition_lines": "M0 0v12M50 0v12",
    }


def samples() -> dict:
    """What the components show, of things that are in no database."""
    return {
        **figures(),
        **weeks(),
        **matrix(),
        **drawings(),
        "factors": [Sample(value="K", label="Kost"), Sample(value="M", label="Motion")],
        "statuses": [
            GOING,
            status("warn", "down", "Falder"),
            status("err", "cross", "Gået i stå"),
            status("plan", "next", "Planlagt"),
            status("flat", "pause", "På pause"),
            status("none", "open", "Ikke målt"),
        ],
        "saved": Sample(history_user="En leder", history_date=dt.datetime(2026, 9, 14, 10, 30)),
        "differences": [Sample(label="Navn", theirs="Gåtur", mine="Gåtur langs åen")],
    }


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    if not settings.SHOWS_COMPONENTS:
        raise Http404
    right = {"name": LONG, "place": "1", "one": "2", "ways": ["1", "3"], "is_on": "on", "hidden": 1}
    engine = engines["templating"]
    assert isinstance(engine, Templates), "the settings say so"
    every = components(engine.env)
    context = samples() | {
        "all": {component.name: component for component in every},
        "families": list(dict.fromkeys(component.family for component in every)),
        "long": LONG,
        "messages": [Message(constants.SUCCESS, "Gemt.")],
        "empty": ExampleForm(prefix="tom"),
        "valid": ExampleForm(right, prefix=""),
        "wrong": ExampleForm({"day": "31-02-2026", "count": "mange"}, prefix="forkert"),
        "filter": ExampleFilter({"name": "gåtur"}),
        "lines": Lines(initial=[{"id": 1, "text": LONG}], prefix="linjer"),
    }
    return render(request, "krams/pages/components.html", context)
