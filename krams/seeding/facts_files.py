"""What a file of facts (TOML) holds, and what is said of one that is wrong."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

T = TypeVar("T")
C = TypeVar("C", bound=models.TextChoices)
FIXTURES: Path = settings.BASE_DIR / "fixtures"


class FactsError(Exception):
    """A file cannot be used; the message names the file, the entry and what is wrong."""


class Entry:
    """A table of a facts file; asks for what it needs and refuses what nobody knows."""

    def __init__(self, place: str, values: dict[str, Any]):
        self.place, self.values = place, values

    def refuse(self, problem: str) -> FactsError:
        return FactsError(f"{self.place}: {problem}")

    def only(self, *known: str) -> "Entry":
        """Raise ``FactsError`` for a name outside ``known``: a slip would lose a fact silently."""
        unknown = sorted(set(self.values) - set(known))
        if unknown:
            raise self.refuse(_("unknown name: %(names)s") % {"names": ", ".join(unknown)})
        return self

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            raise self.refuse(_("%(name)s is missing") % {"name": name})
        return self.values[name]

    def get(self, name: str, default: Any = "") -> Any:
        return self.values.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def table(self, name: str) -> "Entry":
        return Entry(f"{self.place}, {name}", self._of_kind(name, dict, {}))

    def tables(self, name: str) -> list["Entry"]:
        """The entries of ``[[name]]``, counted from 1 in messages; none if it is not there."""
        rows = self._of_kind(name, list, [])
        return [
            Entry(f"{self.place}, {name} {number}", row) for number, row in enumerate(rows, start=1)
        ]

    def _of_kind(self, name: str, kind: type[T], default: T) -> T:
        value = self.values.get(name, default)
        if not isinstance(value, kind) or (
            isinstance(value, list) and not all(isinstance(row, dict) for row in value)
        ):
            raise self.refuse(_("%(name)s has the wrong form") % {"name": name})
        return value

    def choice(self, name: str, choices: type[C], default: str | None = None) -> C:
        value = self[name] if default is None else self.get(name, default)
        return self._chosen(name, value, choices)

    def choices(self, name: str, choices: type[C], number: int) -> list[C]:
        """A list of ``number`` choices. Raises ``FactsError``, also for more or fewer."""
        values = self[name]
        if not isinstance(values, list) or len(values) != number:
            raise self.refuse(_("%(name)s has the wrong form") % {"name": name})
        return [self._chosen(name, value, choices) for value in values]

    def _chosen(self, name: str, value: object, choices: type[C]) -> C:
        if value not in choices.values:
            raise self.refuse(
                _("%(name)s is “%(value)s”, but must be one of: %(known)s")
                % {"name": name, "value": value, "known": ", ".join(choices.values)}
            )
        return choices(value)


def read_facts(path: Path) -> Entry:
    """Read a TOML file. Raises ``FactsError`` if it is not there or is not TOML."""
    try:
        return Entry(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise FactsError(f"{path.name}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FactsError(f"{path.name}: {error}") from error
