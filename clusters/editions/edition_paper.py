"""An edition for Word and paper: what is written around it, the matrix, the notes. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from krams.documents.content import Block, Document, Heading, paragraphs

from ..matrix.layout import Matrix
from ..matrix.word_table import as_content
from ..matrix.wording import short_date

if TYPE_CHECKING:
    from ..models import Edition, EditionText


def edition_paper(
    edition: "Edition", matrix: Matrix, texts: "EditionText", *, names_people: bool = True
) -> Document:
    """Introduction and conclusion stand first: who reads one page reads that one."""
    was = edition.content["cluster"]
    document = as_content(
        matrix,
        title=f"{was['name']}: {edition}",
        owner=f"{was['name']} · {was['region']}",
        day=timezone.localdate(edition.frozen_at),
        lead=_lead(edition, names_people),
    )
    return replace(document, blocks=(*_written(texts), *document.blocks))


def frozen_text(edition: "Edition", *, names_people: bool = True) -> str:
    """When it was frozen and for which meeting; who froze it where people may be named."""
    if names_people:
        return _("Frozen %(date)s by %(who)s for %(meeting)s, %(day)s") % {
            "date": date_format(timezone.localtime(edition.frozen_at), "SHORT_DATETIME_FORMAT"),
            "who": edition.frozen_by_name,
            "meeting": edition.meeting,
            "day": short_date(edition.meeting_on),
        }
    return _("Frozen %(date)s for %(meeting)s, %(day)s") % {
        "date": short_date(timezone.localdate(edition.frozen_at)),
        "meeting": edition.meeting,
        "day": short_date(edition.meeting_on),
    }


def _lead(edition: "Edition", names_people: bool) -> tuple[str, ...]:
    frozen = frozen_text(edition, names_people=names_people)
    if edition.withdrawn_at is None:
        return (frozen,)
    on = short_date(timezone.localdate(edition.withdrawn_at))
    withdrawn = _("This edition was withdrawn %(date)s") % {"date": on}
    return (f"{withdrawn}: {edition.withdrawn_reason}", frozen)


def _written(texts: "EditionText") -> Iterator[Block]:
    for title, text in (
        (_("Introduction"), texts.introduction),
        (_("Conclusion"), texts.conclusion),
    ):
        if text:
            yield Heading(1, title)
            yield from paragraphs(text)
