"""The texts below the matrix, each with the label by which a cell points to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..enums import Division

if TYPE_CHECKING:
    from .layout import Column
    from .rows import NoteRow, PlaceRow


@dataclass(slots=True)
class Entry:
    """A text below the table: an authority's note, or an effort's own longer text."""

    anchor: str
    heading: str
    text: str
    link: str
    division: str
    note: "NoteRow | None" = None
    label: str = ""

    @property
    def division_label(self) -> str:
        return str(Division(self.division).label) if self.division else ""


def entries_of(
    columns: "dict[int, Column]", places: "list[PlaceRow]", notes: "Iterable[NoteRow]"
) -> dict[str, Entry]:
    """Put each text below the table into its column, labelled; return them by anchor."""
    for note in notes:
        if column := columns.get(note.authority_id):
            column.entries.append(
                Entry(f"u-{note.pk}", note.heading, note.text, note.link, note.division, note)
            )
    efforts = {place.effort.pk: place.effort for place in places if place.effort.note}
    for effort in efforts.values():
        if column := columns.get(effort.authority_id):
            column.entries.append(
                Entry(f"i-{effort.pk}", effort.text, effort.note, "", effort.division)
            )
    order = {division: number for number, division in enumerate(["", *Division.values])}
    for column in columns.values():
        column.entries.sort(key=lambda entry: order[entry.division])
        for number, entry in enumerate(column.entries, start=1):
            entry.label = f"{column.letters}{number}"
    return {entry.anchor: entry for column in columns.values() for entry in column.entries}


# Taken off, or every region would get the letter R, which Rebild has.
REGION_PREFIX = "Region "


def unique_letters(names: list[str]) -> list[str]:
    """The first letter of each name; as many more as it takes where two begin alike.

    Equal names are told apart by a figure.
    """
    short = [name.removeprefix(REGION_PREFIX) for name in names]
    found = []
    for number, name in enumerate(short):
        others = short[:number] + short[number + 1 :]
        letters = next(
            (
                name[:length]
                for length in range(1, len(name) + 1)
                if not any(other[:length].upper() == name[:length].upper() for other in others)
            ),
            f"{name[:1]}{number + 1}.",
        )
        found.append(letters[:1].upper() + letters[1:])
    return found
