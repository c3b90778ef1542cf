"""docs/fields.md: what each field of each form takes, and what has to fit together."""

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Any

ROOMS = ("krams", "initiatives", "clusters")
HEAD = """# What forms take

<!-- made by scripts/security.py; do not edit -->

Every field that people fill in, with what it takes, as the forms have it; the hidden ones are a \
`version` (a whole number: what somebody else saved meanwhile is not overwritten) and a \
`submission_id` (a UUID: what is sent twice is saved once). What else a form refuses stands beside \
the field, in the language of the person, and nothing typed is lost. No text takes a CPR number \
([cpr-guard.md](cpr-guard.md)) or a control character. Of tables that are taken in: \
[import.md](import.md).

* is a field that must be filled in. Where the list of a choice is \
made for the person, it holds what that person may choose, and nothing else is taken.
"""
# By class, the nearest first; what has no line here is told by its own docstring.
KINDS = {
    "EmailField": "e-mail address",
    "LinkField": "address with http or https",
    "DanishDateField": "date",
    "TimeOfDayField": "time of day",
    "KronerField": "kroner",
    "DecimalCommaField": "number",
    "SlugField": "letters without accents, digits and hyphens",
    "FileField": "file",
    "JSONField": "JSON that the page has written",
    "UUIDField": "UUID",
    "IntegerField": "whole number",
    "DecimalField": "number",
    "BooleanField": "yes or no",
    "MultipleChoiceField": "some of a list",
    "ModelMultipleChoiceField": "some of a list",
    "ChoiceField": "one of a list",
    "FreeTextField": "text",
    "CharField": "one line",
}
VALUES = {"MinValueValidator": "from", "MaxValueValidator": "to"}


def fields() -> str:
    return "\n".join([HEAD, *_forms(), *_together(), *_constraints()])


def all_forms() -> list[type[Any]]:
    """Every form of the three rooms, by room, subject and name."""
    from django.forms import BaseForm

    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not re.search(r"\.(migrations|management|wsgi)\b", module.name):
                importlib.import_module(module.name)
    ours = [one for one in _below(BaseForm) if _is_written(one)]
    return sorted(ours, key=lambda one: (_subject(one), one.__module__, one.__qualname__))


def _is_written(form: type[Any]) -> bool:
    """In a module of ours; Django makes further ones as it goes."""
    module = sys.modules.get(form.__module__)
    is_ours = form.__module__.split(".")[0] in ROOMS
    return is_ours and getattr(module, form.__qualname__, None) is form


def _below(form: type[Any]) -> set[type[Any]]:
    found = set(form.__subclasses__())
    return found.union(*(_below(one) for one in found))


def _subject(form: type[Any]) -> tuple[int, str]:
    room, subject = form.__module__.split(".")[:2]
    return ROOMS.index(room), subject


def _forms() -> Iterator[str]:
    for (room, subject), forms in groupby(all_forms(), key=_subject):
        rows = [row for form in forms for row in _rows(form)]
        if rows:
            yield f"## {ROOMS[room]}: {subject}\n"
            yield "| form | field | takes | limits |\n|---|---|---|---|"
            yield "\n".join(rows) + "\n"


def _rows(form: type[Any]) -> Iterator[str]:
    for name, field in form.base_fields.items():
        if not field.widget.is_hidden:
            label = f"{field.label or name}{' *' if field.required else ''}"
            yield f"| {form.__name__} | {label} | {_kind(field)} | {_limits(field)} |"


def _kind(field: Any) -> str:
    for one in type(field).__mro__:
        if one.__name__ in KINDS:
            return KINDS[one.__name__]
    return str(inspect.getdoc(type(field)) or type(field).__name__).split("\n")[0]


def _limits(field: Any) -> str:
    lengths = (("min_length", "at least"), ("max_length", "at most"))
    told = [
        f"{words} {value} characters"
        for name, words in lengths
        if (value := getattr(field, name, None)) is not None
    ]
    for one in field.validators:
        if type(one).__name__ in VALUES:
            limit = one.limit_value() if callable(one.limit_value) else one.limit_value
            told.append(f"{VALUES[type(one).__name__]} {limit}")
    return ", ".join(told)


def _together() -> Iterator[str]:
    """What a form says of fields that do not fit together: the texts of its ``clean``."""
    yield "## What has to fit together in a form\n"
    yield "| form | what is refused |\n|---|---|"
    for form in all_forms():
        if texts := _texts(form):
            yield f"| {form.__module__}.{form.__name__} | {' '.join(texts)} |"
    yield ""


def _texts(form: type[Any]) -> list[str]:
    if "clean" not in vars(form):
        return []
    tree = ast.parse(textwrap.dedent(inspect.getsource(form.clean)))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("_", "gettext", "ngettext")
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant)
    ]


def _constraints() -> Iterator[str]:
    """What the database refuses, whoever writes."""
    from django.apps import apps

    yield "## What has to fit together in the database\n"
    yield "| rows | rules |\n|---|---|"
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if names := [one.name for one in model._meta.constraints]:
                yield f"| {model._meta.label} | {', '.join(sorted(names))} |"
