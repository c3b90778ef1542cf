"""Themes by their names: one that somebody wrote, and those that a saved version names."""

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from krams.danish.collation import fold
from krams.danish.normal_form import look_alike_key
from krams.danish.slugs import danish_slug

from ...models import Theme
from ..answer import EffortInput


def with_new_theme(effort: EffortInput) -> EffortInput:
    """The theme by its name, made where nobody has it yet; case and spelling do not matter."""
    if not effort.new_theme or effort.removed:
        return effort
    theme = _known_theme(effort.new_theme)
    if theme is None:
        slug = _free_slug(effort.new_theme)
        try:
            with transaction.atomic():
                theme = Theme.objects.create(name=effort.new_theme, slug=slug)
        except IntegrityError:
            # Somebody has made it meanwhile, for another column.
            theme = _known_theme(effort.new_theme)
            if theme is None:
                raise
    return replace(effort, themes=effort.themes | {theme.pk}, new_theme="")


def remove_theme(*, row: Theme, **_about: Any) -> None:
    """Of a theme that holds words which are taken away nothing stays: neither name nor address."""
    row.delete()


def themes_named(text: str) -> tuple[frozenset[int], list[str]]:
    """The keys of the themes that ``theme_text`` of an earlier version names, and the names of
    which there is no theme any more.

    A name may hold a comma: the longest one that is known counts.
    """
    known = _known_themes()
    found, gone = set(), []
    names = text.split(", ") if text else []
    while names:
        for end in range(len(names), 0, -1):
            if theme := _find(known, ", ".join(names[:end])):
                found.add(theme.pk)
                break
        else:
            end = 1
            gone.append(names[0])
        names = names[end:]
    return frozenset(found), gone


def _known_themes() -> dict[str, Theme]:
    """Wider than what the database refuses: without accents, and aa is å. Its own spelling wins."""
    themes = list(Theme.objects.all())
    spellings = ({fold(one.name): one for one in themes}, {one.name_key: one for one in themes})
    return spellings[0] | spellings[1] | {one.name: one for one in themes}


def _find(known: dict[str, Theme], name: str) -> Theme | None:
    return known.get(name) or known.get(look_alike_key(name)) or known.get(fold(name))


def _known_theme(name: str) -> Theme | None:
    return _find(_known_themes(), name)


def _free_slug(name: str) -> str:
    """An address that no other theme has."""
    slug = danish_slug(name)[:40] or "tema"
    taken = set(Theme.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)
