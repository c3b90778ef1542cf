"""Where a version of an object belongs: how to get from it to its facility, authority, cluster."""

from collections.abc import Iterator

from ..history.registry import Record, Registration, Texts
from ..models import Authority

# What follows from a place: whose it is.
ABOVE = {
    "facility": {"department": "department", "authority": "department__municipality"},
    "department": {"authority": "municipality"},
}


def paths_of(registration: Registration | Texts) -> Iterator[tuple[str, str]]:
    """Each place that a version belongs to, and the lookup that leads there from it."""
    for name, path in registration.places.items():
        yield name, path
        if path != "id":
            for above, further in ABOVE.get(name, {}).items():
                if above not in registration.places:
                    yield above, f"{path}__{further}"


def authority_of(registration: Registration, record: Record) -> Authority | None:
    """The authority whose a version is; None where it belongs to none."""
    paths = [path for name, path in paths_of(registration) if name == "authority"]
    if not paths:
        return None
    versions = registration.model.history.filter(  # type: ignore[attr-defined]
        history_id=record.history_id
    )
    found = versions.values_list(*paths).first() or ()
    keys = [key for key in found if key is not None]
    return Authority.objects.filter(pk=keys[0]).first() if keys else None
