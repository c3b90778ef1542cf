"""Whom a proposal concerns: the one rule that gaps, coverage, counts and lists ask. Pure.

An authority outside may answer all the same: its answer is shown, and counted as one more. General
practice has no column of its own, so a proposal to it alone is no gap of anybody.
"""

from krams.enums import AuthorityKind

from ..enums import Concerned

WITH_COLUMNS = {
    AuthorityKind.MUNICIPALITY: (
        Concerned.ALL,
        Concerned.MUNICIPALITIES,
        Concerned.MUNICIPALITIES_REGION,
        Concerned.MUNICIPALITIES_PRACTICE,
    ),
    AuthorityKind.REGION: (
        Concerned.ALL,
        Concerned.REGION,
        Concerned.MUNICIPALITIES_REGION,
        Concerned.REGION_PRACTICE,
    ),
}
# By value, as rows hold it; editions from before anybody said so hold nothing, and concern all.
_PAIRS = {
    (whom, kind.value)
    for kind, values in WITH_COLUMNS.items()
    for whom in ("", *(value.value for value in values))
}


def concerns(whom: str, kind: str) -> bool:
    """Whether a proposal that concerns ``whom`` (of ``Concerned``) concerns an authority's kind."""
    return (whom, kind) in _PAIRS
