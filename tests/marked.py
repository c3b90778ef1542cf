"""Every text that people write, marked so that it is seen where it is more than a text.

As rows, not through forms: what a form refuses may have come by an import, or by an earlier
version.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from django.apps import apps
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Left

from krams.danish.names import NameKeyField
from krams.database.guarded import APPS
from krams.history.models import LinkField

# An element, the end of an attribute in either quotes and a reference, where it is not escaped; a
# formula in front. No letters alone: the token of a form, which has another each time, may end so.
MARK = """=<zq>zq~"zq~'&zq;"""
LINK = """https://zq.example/?a=<zq>zq~"zq~'&zq;"""
# No text of a person: hashes, keys, names of ours, and what the database lets nobody change.
LEFT_OUT = {
    *("AuditEntry", "Edition", "Job", "LogIn", "DigestSent", "Reminded", "WeekSummary"),
    *("MonthSummary",),
}
OTHER_FIELDS = {
    *("User.password", "User.email", "Authority.code", "SectionChange.section"),
    *("SearchEntry.kind", "SearchEntry.scope", "PlannedActivity.weekdays", "ImportDecision.key"),
    *("Letter.kind", "Letter.key", "Letter.portal"),
}
# Raw in a page it is an element, ends an attribute, or is read as another sign.
RAW = ("<zq", 'zq~"', "zq~'", "&zq;")
JSON_DATA = re.compile(r'<script[^>]* type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
# What a browser runs, or follows, whatever is escaped in it.
RUNS = re.compile(r"""\s(?:on\w+|style|srcdoc|hx-(?:on|vals|headers|vars)[\w:-]*)=["'][^"']*zq~""")
LEADS = re.compile(r"""\s(?:href|src|(?:form)?action|hx-\w+)=["']\s*(?!https?:)\w+:[^"']*zq""")
FORMULA = re.compile(r"[=+\-@\t\r]")
# Where JSON is kept that is shown: the rest of it is keys.
JSON_FIELDS = (("ImportDraft", "reading"), ("ImportDraft", "kept_cells"), ("Wording", "lines"))


def text_fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Of every row, and of its earlier versions."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            name = getattr(model, "instance_type", model).__name__
            for field in model._meta.local_concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                is_short = field.max_length is not None and field.max_length < len(MARK)
                is_other = field.choices or isinstance(field, models.SlugField | NameKeyField)
                known = f"{name}.{field.name}" in OTHER_FIELDS or name in LEFT_OUT
                if is_text and not (is_short or is_other or known or "hash" in field.name):
                    yield model, field


def mark_everything() -> set[str]:
    """Write the mark before every text; the columns that have one now."""
    fields: dict[type[models.Model], dict] = {}
    for model, field in text_fields():
        fields.setdefault(model, {})[field.name] = _text_of(model, field)
    for model, values in fields.items():
        model._base_manager.update(**values)
    for model, name in JSON_FIELDS:
        rows = apps.get_model("clusters", model)._base_manager
        for row in rows.all():
            rows.filter(pk=row.pk).update(**{name: _marked(getattr(row, name))})
    return {f"{model.__name__}.{name}" for model, values in fields.items() for name in values}


def _text_of(model: type[models.Model], field: models.Field) -> models.Expression:
    text = Value(LINK) if isinstance(field, LinkField) else Concat(Value(MARK), F(field.name))
    if field.max_length:
        text = Left(text, field.max_length)
    # The database may say that there is one if, and only if, something else is so.
    if any(field.name in str(one) for one in model._meta.constraints):
        return Case(When(**{field.name: ""}, then=Value("")), default=text)
    return text


def _marked(value: object) -> object:
    """Of JSON the texts of people: what has more than one word."""
    if isinstance(value, dict):
        return {key: _marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    return MARK + value if isinstance(value, str) and " " in value else value


def faults(kind: str, body: bytes) -> list[str]:
    """Where a marked text is more than a text in an answer of this Content-Type."""
    for start, look in (
        ("text/html", in_html),
        ("image/svg", in_html),
        ("text/csv", in_csv),
        ("text/calendar", in_calendar),
        ("application/json", lambda text: json.loads(text) and []),
    ):
        if kind.startswith(start):
            return look(body.decode("utf-8-sig"))
    return in_package(body) if kind.startswith("application/vnd.openxml") else []


def in_html(html: str) -> list[str]:
    if "zq" not in html:
        return []
    found = []
    for data in JSON_DATA.findall(html):
        json.loads(data)
        found += re.findall(r".{0,60}<.{0,20}", data)
    html = JSON_DATA.sub("", html)
    for raw in RAW:
        if (at := html.find(raw)) >= 0:
            found.append(html[max(0, at - 60) : at + 20])
    return found + [match[0] for shape in (RUNS, LEADS) for match in shape.finditer(html)]


def in_csv(text: str) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    return [cell[:60] for cell in cells if "zq" in cell and FORMULA.match(cell)]


def in_calendar(text: str) -> list[str]:
    lines = text.replace("\r\n ", "").split("\r\n")
    return [line for line in lines if line and not re.match(r"[A-Z-]+[;:]", line)]


def in_package(body: bytes) -> list[str]:
    """Of Word and Excel: each part is XML, and no text of ours a formula, a field or an address."""
    found = []
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        for name in package.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            for element in ElementTree.fromstring(package.read(name)).iter():
                tag, text = element.tag.rpartition("}")[2], element.text or ""
                # A chart says in a formula where its figures stand.
                runs = tag in ("f", "instrText") and ("zq" in text or "worksheets/" in name)
                target = element.get("Target", "") if element.get("TargetMode") else "https:"
                if runs or tag == "zq" or not re.match("https?:|mailto:", target):
                    found.append(f"{name}: {tag} {text} {target}")
    return found
