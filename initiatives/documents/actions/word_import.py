"""A paper taken into an initiative: the sections that were accepted, all of them or none."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from krams.models import Department, Facility, User

from ...enums import Factor
from ...models import Initiative
from ..sections import Section
from .facilities import save_local_text
from .life_cycle import create_initiative
from .sections import save_section


@dataclass(frozen=True)
class Accepted:
    """``values`` are those of the section's form; ``version`` is the initiative's that was read."""

    section: Section
    version: int
    values: dict[str, Any]


@dataclass(frozen=True)
class AcceptedText:
    """What a facility does for a factor; ``version`` is the text's."""

    facility: Facility
    factor: Factor
    version: int
    text: str


@transaction.atomic
def take_in(
    *,
    initiative: Initiative,
    sections: list[Accepted],
    texts: list[AcceptedText],
    reason: str,
    by: User,
) -> None:
    """Save what was accepted, each section in the journal with the ``reason``.

    Raises ``DoesNotExist`` if ``by`` may not edit it, and ``StaleVersion`` where one of the
    sections was changed since it was read: then none is saved.
    """
    for one in sections:
        save_section(
            initiative=initiative,
            section=one.section,
            version=one.version,
            values=one.values,
            reason=reason,
            by=by,
        )
    for text in texts:
        save_local_text(
            initiative=initiative,
            facility=text.facility,
            factor=text.factor,
            version=text.version,
            text=text.text,
            by=by,
        )


@transaction.atomic
def begin_of_paper(
    *,
    department: Department,
    facility: Facility | None,
    title: str,
    submission_id: uuid.UUID,
    sections: list[Accepted],
    reason: str,
    by: User,
) -> Initiative:
    """Begin a draft with what was accepted; the same form sent twice begins one.

    Raises ``DoesNotExist`` if ``by`` manages neither, and ``SentElsewhere``.
    """
    made = create_initiative(
        department=department, facility=facility, title=title, submission_id=submission_id, by=by
    )
    accepted = [Accepted(one.section, made.version, one.values) for one in sections]
    if made.version == 1:
        take_in(initiative=made, sections=accepted, texts=[], reason=reason, by=by)
    return made
