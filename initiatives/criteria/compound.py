"""Whether a criterion's wording holds several things that are measured one by one. Pure."""

import re

# "Færre overvægtige og diabetikere": two things, of which one may improve and the other not.
_COMPOUND = re.compile(r"\b(?:og|samt|and)\b|[+/;]", re.IGNORECASE)


def is_compound(title: str) -> bool:
    """Whether the wording seems to hold several things that are measured one by one."""
    return bool(_COMPOUND.search(title))
