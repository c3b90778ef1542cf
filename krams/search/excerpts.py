"""Which part of a text a search shows."""

from ..danish import collation

AROUND = 90


def excerpt_of(text: str, query: str) -> str:
    """The part of the text around its first hit; nothing where it has none."""
    spans = collation.mark_spans(text, query)
    if not spans:
        return ""
    start, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
    if start:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1])
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
