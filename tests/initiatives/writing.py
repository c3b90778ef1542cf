"""Sections of an initiative as somebody writes them, one after the other."""

from typing import Any

from initiatives.documents.actions.sections import save_section
from initiatives.documents.queries.document import read_document
from initiatives.documents.sections import BY_SLUG
from initiatives.models import Initiative
from krams.models import User


def write_section(initiative: Initiative, slug: str, by: User, **values: Any) -> Initiative:
    """What is not among ``values`` stays; the initiative as it is then."""
    current = Initiative.objects.get(pk=initiative.pk)
    section = BY_SLUG[slug]
    return save_section(
        initiative=current,
        section=section,
        version=current.version,
        values=read_document(current).values(section) | values,
        reason="",
        by=by,
    )
