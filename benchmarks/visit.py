"""One request of a busy hour, and the form that a visitor of a page sends from it.

Knows nothing of Django.
"""

from dataclasses import dataclass

from .html_forms import Fields, NoForm, posted_by, with_values

REGISTER = "register"


@dataclass(frozen=True)
class Visit:
    """One address that somebody asks for; with ``fields`` a form that is sent there."""

    key: str
    user_id: int
    path: str
    fields: tuple[tuple[str, str], ...] = ()


def form_on(html: str, visit: Visit) -> Visit | None:
    """What a visitor of today's page sends from it: something held without a plan."""
    path = visit.path.replace("/i-dag/", "/registrer/")
    try:
        where, fields = posted_by(html, path)
    except NoForm:
        return None
    kinds = _offered(html)
    if not kinds:
        return None
    filled: Fields = with_values(fields, activity_type=kinds[0], participant_count="7")
    return Visit(REGISTER, visit.user_id, where, tuple(filled))


def _offered(html: str) -> list[str]:
    """The kinds of activity that can be chosen, by their keys."""
    parts = html.split('name="activity_type"')[1:]
    return [part.split('value="', 1)[1].split('"', 1)[0] for part in parts if 'value="' in part]
