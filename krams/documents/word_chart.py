"""A curve as a chart of Word's own: sharp at any size, and its figures can be read from it."""

import datetime as dt

from django.template.loader import render_to_string
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.package import Package

from .content import Curve, as_xml_text

CHART = "krams/documents/word_chart.xml"
DRAWING = "krams/documents/word_drawing.xml"
TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
# From which spreadsheets count days.
DAY_ZERO = dt.date(1899, 12, 30)
MOST_LABELS = 5
# Height by width.
SHAPE = 0.4


def chart_part(curve: Curve, number: int, package: Package, language: str) -> Part:
    """The chart's own file in the package; ``number`` tells it from others."""
    days = [str((day - DAY_ZERO).days) for day, _value in curve.points]
    levels = [(as_xml_text(name), [str(value)] * len(days)) for name, value in curve.levels]
    figures = as_xml_text(curve.title), [str(value) for _day, value in curve.points]
    first, last = curve.points[0][0], curve.points[-1][0]
    written = render_to_string(
        CHART,
        {
            "days": days,
            "series": [figures, *levels],
            "language": language,
            "least": str(curve.scale[0]),
            "most": str(curve.scale[1]),
            "days_between_labels": str(max((last - first).days // MOST_LABELS, 1)),
        },
    )
    name = PackURI(f"/word/charts/chart{number}.xml")
    return Part(name, TYPE, written.encode(), package)


def drawing_of(curve: Curve, number: int, key: str, width: int) -> BaseOxmlElement:
    """Where the chart stands in the text; ``key`` is that of the relation to its file."""
    written = render_to_string(
        DRAWING,
        {
            "number": str(number),
            "key": key,
            "title": as_xml_text(curve.title),
            "description": as_xml_text(curve.description),
            "width": str(width),
            "height": str(int(width * SHAPE)),
        },
    )
    return parse_xml(written)
