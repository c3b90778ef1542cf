"""Whether a part of a form was touched: what it showed, in few signs. Pure."""

import hashlib
from collections.abc import Iterable


def fingerprint(values: Iterable[tuple[str | None, object]]) -> str:
    """Of names and what their fields show, in any order; spaces and line ends count for nothing.

    A choice shows a list of one value.
    """
    said = sorted((name or "", _plain(value)) for name, value in values)
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return " ".join(str(value or "").split())
