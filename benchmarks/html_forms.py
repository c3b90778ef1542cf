"""The fields of a form on a page, as a browser would send them."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

Fields = list[tuple[str, str]]


class NoForm(Exception):
    """The page has no form that posts there."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self.is_inside = False
        self.select: tuple[str, list[str], list[str]] | None = None
        self.textarea: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attributes}
        name, value = have.get("name", ""), have.get("value", "")
        if tag == "form":
            self.forms.append((have.get("action", ""), []))
            self.is_inside = True
        elif not self.is_inside:
            return
        elif tag == "input" and name:
            kind = have.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in have:
                self._add(name, value or ("on" if kind == "checkbox" else ""))
        elif tag == "select" and name:
            self.select = (name, [], [])
        elif tag == "option" and self.select:
            _name, chosen, offered = self.select
            (chosen if "selected" in have else offered).append(value)
        elif tag == "textarea" and name:
            self.textarea = (name, [])

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.textarea[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "select" and self.select:
            name, chosen, offered = self.select
            self._add(name, (chosen or offered or [""])[0])
            self.select = None
        elif tag == "textarea" and self.textarea:
            # The first line break is not part of the text.
            self._add(self.textarea[0], "".join(self.textarea[1]).removeprefix("\n"))
            self.textarea = None

    def _add(self, name: str, value: str) -> None:
        self.forms[-1][1].append((name, value))


def posted_by(html: str, path: str) -> tuple[str, Fields]:
    """The first form whose address begins with ``path``: its address, and its fields.

    Raises ``NoForm``.
    """
    reader = _Reader()
    reader.feed(html)
    for action, fields in reader.forms:
        where = urlsplit(action)
        if where.path.startswith(path):
            return where.path + (f"?{where.query}" if where.query else ""), fields
    raise NoForm(path)


def with_values(fields: Fields, **values: str) -> Fields:
    """The fields with other values; those that the form has not are added."""
    kept = [(name, value) for name, value in fields if name not in values]
    return [*kept, *values.items()]
