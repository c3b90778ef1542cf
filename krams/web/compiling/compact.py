"""Takes the layout of the source out of the pages; a browser sees no difference."""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream


class Compact(Extension):
    """Takes the layout of the source out of the pages, when a template is compiled.

    A browser sees no difference: white space goes beside the tags of blocks and inside the edges of
    buttons; between words and inline elements one space stays.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tag, is_html = "", not (stream.name or "").endswith(".txt")
        for token in stream:
            if token.type == "data" and is_html:
                text, tag = compact(token.value, tag)
                yield Token(token.lineno, "data", text)
            else:
                yield token


PIECE = re.compile(r"(?P<tag></?[a-zA-Z][\w-]*)|(?P<end>/?>)|(?P<space>\s+)|[^<>\s/]+|.")
BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "col", "colgroup", "dd"),
    *("details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1"),
    *("h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "legend", "li", "link", "main"),
    *("meta", "nav", "ol", "optgroup", "option", "p", "script", "section", "style", "table"),
    *("tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"),
    *("circle", "g", "line", "path", "polyline", "rect", "text"),  # Of SVG.
}
EDGED = BLOCKS | {"button", "summary", "svg", "select"}


def compact(text: str, tag: str = "") -> tuple[str, str]:
    """Text between two expressions, and the tag in which it ends; ``tag`` is where it begins."""
    pieces, after, space = [], "", ""
    for piece in PIECE.finditer(text):
        if piece["space"]:
            # The first line break in a text area is not part of its text; a space would be.
            space = "\n" if after == "<textarea" else " "
            continue
        name = piece["tag"].lower() if piece["tag"] else ""
        dropped = (
            (tag and piece["end"])
            or after.strip("</") in (BLOCKS if after.startswith("</") else EDGED)
            or name.strip("</") in (EDGED if name.startswith("</") else BLOCKS)
        )
        if space and not dropped:
            pieces.append(space)
        pieces.append(piece[0])
        after, space = "", ""
        if name:
            tag = name
        elif tag and piece["end"]:
            after, tag = tag, ""
    return "".join([*pieces, space if after.strip("</") not in EDGED else ""]), tag
