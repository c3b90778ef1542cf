"""What a page offers: its forms with their fields as a browser would send them, and its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class PageForm:
    path: str
    method: str
    # Name -> values, and name -> kind ("text", "hidden", "select" …).
    data: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    # Name -> values, as a browser sends the form where nobody touches it: a list where nothing is
    # chosen sends its first entry, and boxes that are not ticked send nothing.
    served: dict[str, list[str]] = field(default_factory=dict)
    # The first of each choice: what somebody may press where nothing is chosen yet.
    offers: dict[str, list[str]] = field(default_factory=dict)
    # Of each button that says which: its name and value; and where it posts instead.
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, name: str, kind: str, value: str | None) -> None:
        self.kinds[name] = kind
        self.data.setdefault(name, [])
        if value is not None:
            self.data[name].append(value)
            if kind not in ("select", "submit", "button", "file"):
                self.served.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self, path: str):
        super().__init__()
        self.path, self.links, self.forms = path, [], []
        self.by_id: dict[str, PageForm] = {}
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        have = {name: value or "" for name, value in attributes}
        for name in ("href", "hx-get"):
            if tag != "link" and have.get(name):
                self.links.append(urljoin(self.path, have[name]).split("#")[0])
        if tag == "form":
            action = urljoin(self.path, have.get("action", ""))
            self.form = PageForm(action, have.get("method", "get").lower())
            self.forms.append(self.form)
            if "id" in have:
                self.by_id[have["id"]] = self.form
        form = self.by_id.get(have.get("form", ""), self.form)
        if form is not None:
            self._field(form, tag, have)

    def _field(self, form: PageForm, tag: str, have: dict) -> None:
        name, value = have.get("name", ""), have.get("value", "")
        if tag == "button" and have.get("type", "submit") == "submit":
            where = have.get("formaction")
            form.buttons.append((name, value, urljoin(self.path, where) if where else form.path))
        elif tag == "input" and name:
            kind = have.get("type", "text")
            on = kind not in ("checkbox", "radio") or "checked" in have
            if kind == "radio":
                form.offers.setdefault(name, [value])
            form.add(name, kind, (value or "on" if kind == "checkbox" else value) if on else None)
        elif tag == "select" and name:
            self.select, self.is_several = (form, name), "multiple" in have
            form.add(name, "select", None)
            self.is_chosen = False
        elif tag == "option" and self.select:
            chosen, name = self.select
            self._option(chosen.served, name, value, "selected" in have)
            if "selected" in have or (value and not chosen.data[name]):
                chosen.data[name] = [value]
        elif tag == "textarea" and name:
            self.textarea = (form, name)
            form.add(name, "textarea", "")

    def _option(self, served: dict, name: str, value: str, is_selected: bool) -> None:
        if self.is_several:
            if is_selected:
                served.setdefault(name, []).append(value)
        elif is_selected and not self.is_chosen:
            served[name], self.is_chosen = [value], True
        else:
            served.setdefault(name, [value])

    def handle_data(self, data):
        if self.textarea:
            form, name = self.textarea
            # The first line break is not part of the text.
            text = form.data[name][0]
            form.data[name] = [text + (data if text else data.removeprefix("\n"))]
            form.served[name] = form.data[name]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def read(response, path: str) -> tuple[list[PageForm], list[str]]:
    """Forms and local links of an answer; none where it is no page."""
    if "text/html" not in response.headers.get("Content-Type", ""):
        return [], []
    return read_page(response.getvalue().decode(), path)


def read_page(html: str, path: str) -> tuple[list[PageForm], list[str]]:
    """Forms and local links of a page."""
    reader = _Reader(path)
    reader.feed(html)
    local = [link for link in reader.links if not urlsplit(link).netloc]
    return reader.forms, [link for link in local if link.startswith("/")]
