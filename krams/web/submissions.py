"""What makes a form that is sent twice one row, and a changed form another one.

A form that creates something carries an id of its own. The answer may get lost, so the same form
may come again, as it was or changed after Back. The id that is stored therefore has two halves:
the first is the form's, the second says what was sent in it. The same content gives the same id,
which makes one row; other content gives another id, which makes another row, and what else came
from that form can be found by the first half.
"""

import hashlib
import uuid
from collections.abc import Iterable

HALF = 8
_FIRST, _LAST = bytes(HALF), b"\xff" * HALF


def submission_id(form_id: uuid.UUID, content: Iterable[tuple[str, str]]) -> uuid.UUID:
    """The id of ``content`` (names and values, in any order) sent in the form ``form_id``.

    ``form_id`` may be such an id itself: its first half stays.
    """
    sent = hashlib.sha256(repr(sorted(content)).encode("utf-8", "surrogatepass")).digest()
    return uuid.UUID(bytes=form_id.bytes[:HALF] + sent[:HALF])


def of_the_same_form(sent: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """The least and the greatest id that the form of ``sent`` can give, for a range in a query."""
    form = sent.bytes[:HALF]
    return uuid.UUID(bytes=form + _FIRST), uuid.UUID(bytes=form + _LAST)
