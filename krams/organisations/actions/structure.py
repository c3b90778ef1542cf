"""Loads the 98 municipalities, the regions and the clusters, each with its dates."""

import csv

from django.db import transaction
from django.utils.translation import gettext as _

from ...danish.collation import sort_key
from ...danish.slugs import danish_slug
from ...enums import AuthorityKind, ClusterKind
from ...models import Authority, Cluster, ClusterMembership, RegionMembership
from ...seeding.actions import Seeder
from ...seeding.facts_files import FIXTURES, Entry, FactsError, read_facts

COLUMNS = (
    "code",
    "name",
    "region_code",
    "region",
    "official_name",
    "region_code_2027",
    "region_2027",
    "health_cluster_until_2026",
    "health_council_2027",
)


@transaction.atomic
def load_structure() -> Seeder:
    """Load ``structure.toml`` and ``municipalities.csv``. Raises ``FactsError``."""
    seeder = Seeder()
    facts = read_facts(FIXTURES / "structure.toml").only("regions", "clusters")
    rows = read_municipalities()
    regions = {
        entry["official_name"]: _keep_region(seeder, entry) for entry in facts.tables("regions")
    }
    municipalities = _keep_municipalities(seeder, rows, regions)
    for entry in facts.tables("clusters"):
        _keep_cluster(seeder, entry, rows, regions, municipalities)
    return seeder


def read_municipalities() -> list[Entry]:
    """The rows of ``municipalities.csv``. Raises ``FactsError``."""
    path = FIXTURES / "municipalities.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise FactsError(
                    _("%(file)s: the columns are not as expected") % {"file": path.name}
                )
            return [Entry(f"{path.name}, {row['name']}", row) for row in reader]
    except OSError as error:
        raise FactsError(f"{path.name}: {error.strerror}") from error


def _keep_region(seeder: Seeder, entry: Entry) -> Authority:
    entry.only("code", "name", "official_name", "valid_from", "valid_until")
    region = seeder.keep(
        entry,
        Authority,
        {"kind": AuthorityKind.REGION, "slug": danish_slug(entry["official_name"])},
        code=entry.get("code"),
        name=entry["name"],
        official_name=entry["official_name"],
        valid_from=entry["valid_from"],
        valid_until=entry.get("valid_until", None),
    )
    assert region is not None, "authorities keep no history, so none is known as deleted"
    return region


def _keep_municipalities(
    seeder: Seeder, rows: list[Entry], regions: dict[str, Authority]
) -> dict[str, Authority]:
    """All in two queries a table: one by one they would take most of the time of a test run."""
    existing = Authority.objects.filter(kind=AuthorityKind.MUNICIPALITY)
    by_code = {municipality.code: municipality for municipality in existing}
    new = [_municipality(row) for row in rows if row["code"] not in by_code]
    seeder.create_all(Authority, new)
    by_code |= {municipality.code: municipality for _entry, municipality in new}
    memberships = RegionMembership.objects.values_list("municipality", "region")
    known = set(memberships)
    seeder.create_all(
        RegionMembership,
        [
            (row, membership)
            for row in rows
            for membership in _region_memberships(row, by_code[row["code"]], regions)
            if (membership.municipality_id, membership.region_id) not in known
        ],
    )
    seeder.unchanged[Authority] += len(rows) - len(new)
    return {row["name"]: by_code[row["code"]] for row in rows}


def _municipality(row: Entry) -> tuple[Entry, Authority]:
    return row, Authority(
        kind=AuthorityKind.MUNICIPALITY,
        code=row["code"],
        name=row["name"],
        official_name=row["official_name"],
        slug=danish_slug(row["name"]),
    )


def _region_memberships(
    row: Entry, municipality: Authority, regions: dict[str, Authority]
) -> list[RegionMembership]:
    """Today's region and that of 2027, which may be one and the same."""
    memberships = {}
    for column in ("region", "region_2027"):
        region = regions.get(row[column])
        if region is None:
            raise row.refuse(_("unknown region: %(region)s") % {"region": row[column]})
        memberships[region.pk] = RegionMembership(
            municipality=municipality,
            region=region,
            valid_from=region.valid_from,
            valid_until=region.valid_until,
        )
    return list(memberships.values())


def _keep_cluster(
    seeder: Seeder,
    entry: Entry,
    rows: list[Entry],
    regions: dict[str, Authority],
    municipalities: dict[str, Authority],
) -> None:
    entry.only(
        "name", "slug", "kind", "region", "valid_from", "valid_until", "in_column", "columns"
    )
    if entry["region"] not in regions:
        raise entry.refuse(_("unknown region: %(region)s") % {"region": entry["region"]})
    if entry["in_column"] not in COLUMNS:
        raise entry.refuse(_("unknown column: %(column)s") % {"column": entry["in_column"]})
    region = regions[entry["region"]]
    dates = {name: entry.get(name, None) for name in ("valid_from", "valid_until")}
    cluster = seeder.keep(
        entry,
        Cluster,
        {"slug": entry["slug"]},
        name=entry["name"],
        kind=entry.choice("kind", ClusterKind),
        region=region,
        **dates,
    )
    if cluster is None:
        return
    members = [row["name"] for row in rows if row[entry["in_column"]] == entry["name"]]
    columns = entry.get("columns", sorted(members, key=sort_key))
    if sorted(columns) != sorted(members) or not members:
        raise entry.refuse(
            _("its columns must be its members: %(members)s") % {"members": ", ".join(members)}
        )
    authorities = [municipalities[name] for name in columns] + [region]
    for position, authority in enumerate(authorities):
        seeder.keep(
            entry,
            ClusterMembership,
            {"cluster": cluster, "authority": authority},
            position=position,
            **dates,
        )
