"""For migrations: existing names get their normal form, and of look-alikes each its own name."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Model
from django.utils import timezone

from .normal_form import look_alike_key, tidy

REASON = "Navnet lignede et andet til forveksling"
NAMELESS = "Uden navn"


def tell_apart(
    model: type[models.Model], field: str, *within: str, history: type[Model] | None = None
) -> None:
    """Fill in ``<field>_key``; of names alike within a scope the oldest row keeps the name.

    The others become "Name (2)", "Name (3)". What is renamed or tidied is written into
    ``history``, the historical model.
    """
    columns = {column.name: column for column in model._meta.concrete_fields}
    longest = columns[field].max_length
    assert longest is not None, "a name has a greatest length"
    rows = list(model._default_manager.order_by("pk"))
    first_of: dict[tuple, int] = {}
    for row in rows:
        first_of.setdefault((*_scope(row, within), _key(row, field)), row.pk)
    taken = set(first_of)
    for row in rows:
        scope, name = _scope(row, within), tidy(getattr(row, field)) or NAMELESS
        if first_of[*scope, _key(row, field)] != row.pk:
            candidates = _numbered(name, longest)
            name = next(one for one in candidates if (*scope, look_alike_key(one)) not in taken)
            taken.add((*scope, look_alike_key(name)))
        is_renamed = getattr(row, field) != name
        setattr(row, field, name)
        setattr(row, f"{field}_key", look_alike_key(name))
        if is_renamed and history:
            _write_history(row, history)
    written = [field, f"{field}_key"] + ["version"] * (history is not None and "version" in columns)
    model._default_manager.bulk_update(rows, written, batch_size=500)


def _scope(row: Model, within: tuple[str, ...]) -> tuple:
    return tuple(getattr(row, name) for name in within)


def _key(row: Model, field: str) -> str:
    return look_alike_key(getattr(row, field)) or look_alike_key(NAMELESS)


def _numbered(name: str, longest: int) -> Iterator[str]:
    for number in range(2, 100_000):
        suffix = f" ({number})"
        yield name[: longest - len(suffix)].rstrip() + suffix


def _write_history(row: Model, history: type[Model]) -> None:
    if hasattr(row, "version"):
        row.version += 1
    kept = {field.attname for field in history._meta.concrete_fields}
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname in kept
    }
    history._default_manager.create(
        **values,
        history_date=timezone.now(),
        history_type="~",
        history_change_reason=REASON,
    )
