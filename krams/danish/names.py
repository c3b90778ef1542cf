"""Names in one normal form at every entry, and no two of them that look alike.

A name is tidied where the model takes it in, so that pages, administration, import, seeding and
commands cannot differ. What must be unique has a column with its folded form beside it, filled in
by Python: both databases then agree to the letter, which their own ``lower()`` do not.
"""

import contextlib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from ..privacy.free_text import validate_line
from .normal_form import look_alike_key, tidy

# Created in a migration (PostgreSQL, ICU) and on each connection (SQLite).
DANISH = "danish"
M = TypeVar("M", bound=models.Model)
ALREADY_THERE = _("It is there already, as “%(name)s”.")


class _NormalFormField(models.CharField):
    """A column of text that holds, finds and compares the normal form of what it is given."""

    @staticmethod
    def normal(text: str) -> str:
        return tidy(text)

    def _normal(self, value: Any) -> Any:
        return self.normal(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        return self._normal(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return self._normal(super().get_prep_value(value))

    def pre_save(self, instance: Model, add: bool) -> Any:
        value = self._normal(super().pre_save(instance, add))
        setattr(instance, self.attname, value)
        return value

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # The column is the same, so migrations need not know of it.
        name, _path, arguments, options = super().deconstruct()
        base = next(one for one in type(self).__mro__ if one.__module__.startswith("django."))
        return name, f"django.db.models.{base.__name__}", arguments, options


class NameField(_NormalFormField):
    """A name, a title or another line of text."""

    default_validators = [validate_line]


def validate_address(address: str) -> None:
    """Refuse what is no e-mail address, and letters outside of ASCII before the "@".

    Django's check means to refuse those too, and lets "ı" pass, which PostgreSQL takes for the "i"
    of somebody else's address.
    """
    validate_email(address)
    if not address.rpartition("@")[0].isascii():
        raise ValidationError(validate_email.message, validate_email.code)


class AddressField(_NormalFormField, models.EmailField):
    """An e-mail address: small letters, one form of what looks the same (NFKC), and a domain as
    people read it, whether it was written "ø.example" or "xn--...".
    """

    default_validators = [validate_address]

    @staticmethod
    def normal(text: str) -> str:
        name, at, domain = unicodedata.normalize("NFKC", tidy(text)).lower().rpartition("@")
        if "xn--" in domain or not domain.isascii():
            # As letters are sent to it: "ß" is "ss" there. What is no domain stays, and the check
            # of addresses says so.
            with contextlib.suppress(UnicodeError):
                domain = domain.encode("idna").decode("idna").lower()
        return f"{name}{at}{domain}"


class NameKeyField(models.TextField):
    """The folded form of the field ``of``, kept by itself. ``QuerySet.update`` must not forget it.

    Called ``<of>_key``; not part of the history, which tells what people see.
    """

    def __init__(self, *args: Any, of: str = "", **options: Any):
        super().__init__(*args, **{"editable": False, "default": "", **options})
        self.of = of

    def pre_save(self, instance: Model, add: bool) -> Any:
        key = look_alike_key(getattr(instance, self.of))
        setattr(instance, self.attname, key)
        return key

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options


class UniqueName(models.UniqueConstraint):
    """Unique by a ``NameKeyField``, the last of ``fields``: the error stands beside the name."""

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        _path, arguments, options = super().deconstruct()
        return "django.db.models.UniqueConstraint", arguments, options

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        columns = {column.name: column for column in model._meta.concrete_fields}
        *within, key = (columns[name] for name in self.fields)
        assert isinstance(key, NameKeyField), "the last of the fields"
        if {key.of, *(field.name for field in within)} & set(exclude or ()):
            return
        rows = model._default_manager.using(using).exclude(pk=instance.pk)
        if self.condition is not None:
            # The one condition there is asks for rows without an owner.
            wanted = cast("list[tuple[str, Any]]", self.condition.children)
            if any(getattr(instance, name) != value for name, value in wanted):
                return
            rows = rows.filter(self.condition)
        scope = {field.attname: getattr(instance, field.attname) for field in within}
        if None in scope.values():
            return
        refuse_look_alike(rows.filter(**scope), key.of, getattr(instance, key.of))


def find_look_alike(rows: models.QuerySet[M], field: str, name: str) -> M | None:
    """The row of that name, however it is written; None where there is none."""
    return rows.filter(**{f"{field}_key": look_alike_key(name)}).first()


def refuse_look_alike(rows: models.QuerySet[Any], field: str, name: str) -> None:
    """Raise ``ValidationError`` for ``field`` where one of ``rows`` has that name."""
    found = find_look_alike(rows, field, name)
    if found is not None:
        params = {"name": getattr(found, field)}
        raise ValidationError({field: ValidationError(ALREADY_THERE, "unique", params)})


def by_look(model: type[models.Model], key: dict[str, Any]) -> dict[str, Any]:
    """A lookup for the row with the natural ``key``, its names however they are written."""
    keys = {field.of: field.name for field in model._meta.fields if isinstance(field, NameKeyField)}
    return {
        keys.get(name, name): look_alike_key(value) if name in keys else value
        for name, value in key.items()
    }
