"""Words taken out of texts, such as the name of somebody who lives at a facility. Pure."""

import re
from collections.abc import Iterator
from typing import Any

# What stands where they stood: the same in both languages, and shorter than any name.
GONE = "[…]"
# Shorter ones stand in too many words by chance.
FEWEST_LETTERS = 3


def pattern_of(words: str) -> re.Pattern[str]:
    """Whole words, whatever their case and the blanks between them, also with a genitive s."""
    parts = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<!\w){parts}(?:['’]?s)?(?!\w)", re.IGNORECASE)


def longest_of(words: str) -> str:
    """What a database looks for to find the few texts that may hold them."""
    return max(words.split(), key=len)


def without(value: Any, pattern: re.Pattern[str]) -> Any:
    """The text, or all texts of what was kept as JSON, without what the pattern finds."""
    if isinstance(value, str):
        return pattern.sub(GONE, value)
    if isinstance(value, dict):
        return {key: without(one, pattern) for key, one in value.items()}
    if isinstance(value, list):
        return [without(one, pattern) for one in value]
    return value


def count_in(value: Any, pattern: re.Pattern[str]) -> int:
    """How often the pattern stands in a text, or in all texts of what was kept as JSON."""
    return sum(len(pattern.findall(text)) for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
