"""Reads an organisation's own departments, facilities and accounts from a CSV file.

The file is described in docs/import.md. All of it is loaded or nothing: every bad row is reported
with its line number and reason, and a file with one bad row changes nothing.
"""

from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from ...danish.names import find_look_alike
from ...documents.csv_reading import Unreadable, read_cells
from ...enums import AuthorityKind, FacilityKind, Role
from ...models import Authority, Cluster, Department, Facility, Membership, User
from ...people.actions import open_account
from ...privacy.free_text import validate_line
from ...seeding.actions import Seeder
from ...seeding.facts_files import Entry, FactsError
from ..queries import free_slug

M = TypeVar("M", bound=Model)
W = TypeVar("W")
REASON = "Import"
COLUMNS = (
    "art",
    "kommune",
    "afdeling",
    "sted",
    "stedtype",
    "pladser",
    "bemærkning",
    "klynge",
    "e-mail",
    "navn",
    "rolle",
)
# The words of the file, which is Danish whatever language the person reads the portal in.
FACILITY_KINDS = {
    "botilbud": FacilityKind.RESIDENTIAL,
    "modtagelse": FacilityKind.RECEPTION,
    "behandling": FacilityKind.TREATMENT,
    "værested": FacilityKind.DROP_IN,
}
ROLES = {
    "medarbejder": Role.STAFF,
    "leder": Role.MANAGER,
    "redaktør": Role.EDITOR,
    "klyngetovholder": Role.COORDINATOR,
    "læser": Role.VIEWER,
    "administrator": Role.ADMINISTRATOR,
}
LARGEST_FILE_BYTES = 2_000_000


class ImportRefused(FactsError):
    """Nothing was loaded; ``problems`` are the reasons, each with its line number."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


def import_organisation(path: Path) -> Seeder:
    """Load the file. Raises ``ImportRefused`` with every bad row."""
    rows = read_rows(path)
    loader = _Loader()
    problems = []
    with transaction.atomic():
        for row in rows:
            try:
                # A database error inside must not spoil the outer transaction: its rows are
                # still read, so that one run reports all that is wrong with the file.
                with transaction.atomic():
                    loader.load(row)
            except FactsError as error:
                problems.append(str(error))
        if problems:
            raise ImportRefused(problems)
    return loader.seeder


def read_rows(path: Path) -> list[Entry]:
    """The rows of the file that say something. Raises ``ImportRefused`` for one it cannot read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ImportRefused([f"{path.name}: {error.strerror}"]) from error
    if len(raw) > LARGEST_FILE_BYTES:
        raise ImportRefused([_("%(file)s is larger than 2 MB") % {"file": path.name}])
    try:
        header, lines = read_cells(raw, COLUMNS)
    except Unreadable as unreadable:
        raise ImportRefused(unreadable.problems) from unreadable
    _check_header(path, header)
    if not lines:
        raise ImportRefused([_("%(file)s has no rows") % {"file": path.name}])
    rows = []
    for number, cells in lines:
        place = _("line %(number)s") % {"number": number}
        if any(cells[len(header) :]):
            rows.append(Entry(place, {"": "too many"}))
        else:
            cells += [""] * (len(header) - len(cells))
            rows.append(Entry(place, dict(zip(header, cells, strict=False))))
    return rows


def _check_header(path: Path, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    twice = [name for name in header if header.count(name) > 1]
    if unknown == header:
        problem = _("the first line must hold names of columns")
    elif unknown:
        problem = _("the column “%(name)s” is not known") % {"name": unknown[0]}
    elif twice:
        problem = _("the column “%(name)s” is there twice") % {"name": twice[0]}
    elif "art" not in header:
        problem = _("the column “%(name)s” is missing") % {"name": "art"}
    else:
        return
    text = _("%(file)s: %(problem)s. These are the columns: %(columns)s")
    values = {"file": path.name, "problem": problem, "columns": ", ".join(COLUMNS)}
    raise ImportRefused([text % values])


class _Loader:
    def __init__(self) -> None:
        self.seeder = Seeder(REASON, overrules=True)
        self.kinds = {
            "afdeling": self._department,
            "sted": self._facility,
            "konto": self._account,
        }

    def load(self, row: Entry) -> None:
        if "" in row:
            raise row.refuse(_("more cells than the first line has columns"))
        for name, value in row.values.items():
            try:
                validate_line(value)
            except ValidationError as error:
                raise row.refuse(f"{name}: {' '.join(error.messages)}") from error
        self._word(row, "art", self.kinds)(row)

    def _department(self, row: Entry) -> None:
        municipality = self._authority(row, AuthorityKind.MUNICIPALITY)
        name = self._required(row, "afdeling")
        found = find_look_alike(municipality.departments.all(), "name", name)
        self.seeder.keep(
            row,
            Department,
            {"municipality": municipality, "name": name},
            slug=found.slug if found else free_slug(Department, name, municipality),
        )

    def _facility(self, row: Entry) -> None:
        department = self._existing_department(row)
        name = self._required(row, "sted")
        found = find_look_alike(department.facilities.all(), "name", name)
        slug = found.slug if found else free_slug(Facility, name, department.municipality)
        self.seeder.keep(
            row,
            Facility,
            {"department": department, "name": name},
            kind=self._word(row, "stedtype", FACILITY_KINDS),
            place_count=self._places(row),
            remark=row.get("bemærkning"),
            slug=slug,
        )

    def _account(self, row: Entry) -> None:
        role = self._word(row, "rolle", ROLES)
        email = User.objects.normalize_email(self._required(row, "e-mail"))
        name = self._required(row, "navn")
        scope = self._scope(row)
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            try:
                user = open_account(email, name)
            except ValidationError as error:
                raise row.refuse(" ".join(error.messages)) from error
            self.seeder.created[User] += 1
        self.seeder.keep(row, Membership, {"user": user, "role": role, **scope})

    def _scope(self, row: Entry) -> dict[str, Model]:
        """The narrowest place that the row names."""
        if row.get("klynge"):
            return {"cluster": self._only(row, "klynge", Cluster.objects.all())}
        if row.get("sted"):
            facilities = Facility.objects.filter(department=self._existing_department(row))
            return {"facility": self._only(row, "sted", facilities)}
        if row.get("afdeling"):
            return {"department": self._existing_department(row)}
        return {"authority": self._authority(row)}

    def _existing_department(self, row: Entry) -> Department:
        municipality = self._authority(row, AuthorityKind.MUNICIPALITY)
        return self._only(row, "afdeling", Department.objects.filter(municipality=municipality))

    def _only(self, row: Entry, column: str, queryset: QuerySet[M]) -> M:
        name = self._required(row, column)
        found = find_look_alike(queryset, "name", name)
        if found is None:
            raise row.refuse(
                _("%(column)s “%(name)s” is not known; it must stand further up in the file")
                % {"column": column, "name": name}
            )
        return found

    def _authority(self, row: Entry, kind: AuthorityKind | None = None) -> Authority:
        name = self._required(row, "kommune")
        authorities = Authority.objects.filter(kind=kind) if kind else Authority.objects.all()
        found = find_look_alike(authorities, "official_name", name) or find_look_alike(
            authorities.filter(kind=AuthorityKind.MUNICIPALITY), "name", name
        )
        if found is None:
            raise row.refuse(_("kommune “%(name)s” is not known") % {"name": name})
        return found

    @staticmethod
    def _required(row: Entry, column: str) -> str:
        if not row.get(column):
            raise row.refuse(_("%(column)s is empty") % {"column": column})
        return str(row[column])

    def _word(self, row: Entry, column: str, words: dict[str, W]) -> W:
        word = self._required(row, column).lower()
        if word not in words:
            raise row.refuse(
                _("%(column)s is “%(word)s”, but must be one of: %(words)s")
                % {"column": column, "word": word, "words": ", ".join(words)}
            )
        return words[word]

    @staticmethod
    def _places(row: Entry) -> int | None:
        text = row.get("pladser")
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or not 1 <= len(text) <= 3 or int(text) < 1:
            raise row.refuse(_("pladser must be a whole number from 1 to 999, or empty"))
        return int(text)
