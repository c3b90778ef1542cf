"""Who works in the country: accounts called after a role and a place, never after a person."""

# The domain is one of those that can never exist (RFC 2606).
DOMAIN = "land.example"
SUPERUSER = f"admin@{DOMAIN}"


def address(role: str, place: str | int) -> str:
    """``medarbejder-0001@…`` of a facility by its number, ``redaktoer-aarhus@…`` of a place."""
    of = f"{place:04}" if isinstance(place, int) else place
    return f"{role}-{of}@{DOMAIN}"


def shown_as(role: str, place: str) -> str:
    """What colleagues see, no longer than an account's name may be."""
    return f"{role}, {place}"[:120]
