"""Documents with something of everything, and a matrix of any size."""

import datetime as dt
from decimal import Decimal
from random import Random

from django.utils.safestring import mark_safe

from clusters.country import matrix_words
from krams.documents.content import (
    Cell,
    Curve,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    item,
    paragraph,
    row,
)

OWNER, DAY = "Prøve Kommune · Afdelingen", dt.date(2026, 11, 30)
DRAWING = mark_safe(
    '<svg viewBox="0 0 90 30"><title>Andel</title><path d="M0 30L90 0" stroke="#000"/>'
    '<text x="5" y="10">72 %</text></svg>'
)
EVERYTHING = (
    Heading(1, "Første del"),
    paragraph("Brødtekst med æ, ø og å."),
    item(Run("fed", bold=True), " punkt"),
    item("andet punkt"),
    Heading(2, "Underdel"),
    Paragraph(
        (
            Run("se "),
            Run("aftalen", link="https://eksempel.dk/aftale?a=1&b=2"),
            Run(" A1", raised=True),
            Run(" gammelt", change="removed"),
            Run(" nyt", change="added"),
            Run(" småt", small=True),
        )
    ),
    Table(
        (1, 1, 1),
        (
            row("Forslag", "Rebild", "Region", is_head=True),
            (Cell((paragraph("I kommunerne", bold=True),), columns=3, is_head=True),),
            (
                Cell((paragraph("1. Natcafe"),), is_head=True),
                Cell((paragraph("Fælles"), item("team")), rows=2),
                Cell((paragraph("Ingen"),)),
            ),
            (Cell((paragraph("2. Bad"),), is_head=True), Cell(())),
        ),
        heads=1,
        summary="Skemaet",
    ),
    Heading(3, "Kurven"),
    Curve(
        "Andel (%)",
        "Fra 50 til 72 procent.",
        DRAWING,
        ((dt.date(2026, 6, 30), Decimal(50)), (dt.date(2026, 9, 30), Decimal(72))),
        (Decimal(40), Decimal(80)),
        (("Målværdi", Decimal(70)),),
    ),
)


def document(*blocks, **options) -> Document:
    about = {"title": "Skema for Æøå", "owner": OWNER, "day": DAY} | options
    return Document(**about, blocks=blocks)


def matrix(proposals: int, authorities: int, efforts: int, seed: int = 1) -> Document:
    """Group rows, states and bullets in the words of the made-up country.

    A row begins with "rkN." and ends with "slN;", so that its ends can be found on paper.
    """
    chance = Random(seed)
    cells = [[] for _cell in range(proposals * authorities)]
    for _effort in range(efforts):
        chance.choice(cells).append(item(matrix_words.effort(chance)))
    names = [f"Kommune {number}" for number in range(1, authorities + 1)]
    rows = [row("Forslag", *names, is_head=True)]
    for number in range(proposals):
        if number % 8 == 0:
            group = (paragraph(f"Gruppe {number // 8 + 1}", bold=True),)
            rows.append((Cell(group, columns=authorities + 1, is_head=True),))
        mine = cells[number * authorities : (number + 1) * authorities]
        answers = [Cell((paragraph("Etableret", bold=True), *lines)) for lines in mine]
        last = Cell((*answers[-1].content, paragraph(f"sl{number};", small=True)))
        head = Cell((paragraph(f"rk{number}. Et forslag til kommunerne"),), is_head=True)
        rows.append((head, *answers[:-1], last))
    table = Table((5, *(6 for _name in names)), tuple(rows), heads=1, summary="Skema")
    return document(table, is_wide=True, is_large=authorities > 8)
