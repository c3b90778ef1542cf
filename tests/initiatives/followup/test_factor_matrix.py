"""Facility by factor on the overview: in words, and a facility without a plan is named too."""

import time_machine
from django.urls import reverse

from initiatives.enums import Verdict
from initiatives.followup.factor_matrix import Courses, factor_rows
from initiatives.sustain.thresholds import DEFAULT_THRESHOLDS
from krams.enums import Role

from ..planning import make_plan


def test_each_factor_has_a_verdict_in_words(login, make_user, department, facility):
    with time_machine.travel("2026-11-21 12:00", tick=False):
        make_plan(facility, factors="MS")
        desk = login(make_user(Role.MANAGER, department=department))
        answer = desk.get(reverse("initiatives:overview", args=[department.slug]))
    [row] = answer.context["factor_rows"]
    judged = {factor.value: found and found.verdict for factor, found in row.cells}
    assert row.name == facility.name
    assert {letter for letter, verdict in judged.items() if verdict} == {"M", "S"}
    html = answer.content.decode()
    table = html[html.index('id="h-factors"') :].split("</section>")[0]
    assert table.count("Intet planlagt") == 3
    for verdict in filter(None, judged.values()):
        assert str(Verdict(verdict).label) in table


def test_nothing_at_all_is_no_row():
    assert factor_rows(Courses(), [], DEFAULT_THRESHOLDS) == []
