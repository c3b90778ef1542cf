"""What of a page is the same each time is worked out when its template is compiled.

A translated text, a symbol or the address of a static file depends on nothing but the language, so
each language has its own compiled templates, in which they are plain text.
"""

import re
from collections.abc import Callable
from typing import Any

from django.utils import translation
from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

TRANSLATING = {"_", "gettext"}
# Where a value goes. With another per cent sign in it, a text is put together as any format.
PLACE = re.compile(r"%\((\w+)\)s")


class FoldingEnvironment(Environment):
    """Jinja2 for one ``language``; ``folded`` are functions whose answer never changes in it."""

    language: str
    folded: dict[str, Callable[..., Any]]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        *args: Any,
        **more: Any,
    ) -> str:
        """Jinja2's hook between the parsed and the compiled template."""
        is_html = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        with translation.override(self.language):
            source = Folding(self.folded, is_html).visit(source)
            return super()._generate(source, name, filename, **more)


class Folding(NodeTransformer):
    """Puts the answer in place of a call whose arguments are all written in the template."""

    def __init__(self, folded: dict[str, Callable[..., Any]], is_html: bool):
        self.folded, self.is_html = folded, is_html

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        constant = all(isinstance(one, nodes.Const) for one in call.args)
        if not constant or not call.args or call.dyn_args or call.dyn_kwargs:
            return call
        given = [one.value for one in call.args if isinstance(one, nodes.Const)]
        if name in TRANSLATING and len(given) == 1:
            return self._translated(given[0], call)
        if name in self.folded and not call.kwargs:
            try:
                return nodes.Const(self.folded[name](*given), lineno=call.lineno)
            except ValueError:
                # Before "collectstatic" a file has no address; whoever draws the page is told.
                return call
        return call

    def _translated(self, text: str, call: nodes.Call) -> nodes.Expr:
        """A text is always a format: what it names is escaped and put in when the page is drawn."""
        translated = translation.gettext(text)
        form = Markup(translated) if self.is_html else translated
        if not call.kwargs:
            return nodes.Const(form % {}, lineno=call.lineno)
        values = {one.key: one.value for one in call.kwargs}
        pieces = PLACE.split(translated)
        if self.is_html and values.keys() >= set(pieces[1::2]) and "%" not in "".join(pieces[::2]):
            said = nodes.EnvironmentAttribute("said", lineno=call.lineno)
            return nodes.Call(
                said,
                [
                    values[piece] if number % 2 else nodes.Const(piece, lineno=call.lineno)
                    for number, piece in enumerate(pieces)
                ],
                [],
                None,
                None,
                lineno=call.lineno,
            )
        pairs = [
            nodes.Pair(nodes.Const(one.key), one.value, lineno=call.lineno) for one in call.kwargs
        ]
        names = nodes.Dict(pairs, lineno=call.lineno)
        return nodes.Mod(nodes.Const(form), names, lineno=call.lineno)
