"""What needs a person: told by the halves, drawn by the first page and by the weekly e-mail.

Who has something to say registers it in the ``ready`` of its app; the kernel knows none of them::

    @register
    def sections(user: User, today: date) -> Iterator[Section]:
        yield Section(_("Asks"), lines, path, place=cluster.name)

A provider reads in one query for all the places of the person, and in none where the person has
no role that it is for. It is asked as somebody who is no superuser: only roles say what one must
act on; to a superuser everything would be theirs. What a superuser must see to is told by those
who are registered ``for_superusers``; what these tell already is registered as not for them.
"""

import copy
from collections.abc import Callable, Iterable
from datetime import date

from ..models import User
from .sections import Section

Provider = Callable[[User, date], Iterable[Section]]
_PROVIDERS: list[Provider] = []
_FOR_SUPERUSERS: list[Provider] = []
_FOR_OTHERS: list[Provider] = []


def register(provider: Provider, *, for_superusers: bool | None = None) -> Provider:
    """Have ``provider(user, today)`` asked for sections of what that person must act on.

    With ``for_superusers`` of superusers alone; where it is False, of all others.
    """
    providers = {None: _PROVIDERS, True: _FOR_SUPERUSERS, False: _FOR_OTHERS}[for_superusers]
    if provider not in providers:
        providers.append(provider)
    return provider


def sections_for(user: User, today: date) -> list[Section]:
    """What the person's roles give to see and to do, from all halves.

    Sections with neither lines nor ``otherwise`` are left out.
    """
    by_roles = copy.copy(user)
    by_roles.is_superuser = False
    more = _FOR_SUPERUSERS if user.is_superuser else _FOR_OTHERS
    found = [section for provider in _PROVIDERS for section in provider(by_roles, today)]
    found += [section for provider in more for section in provider(user, today)]
    return [section for section in found if section.lines or section.otherwise]
