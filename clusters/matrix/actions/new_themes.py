"""When a theme that somebody wrote is made, and when it is one that is there already."""

from dataclasses import replace

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


def _known_theme(name: str) -> Theme | None:
    """Wider than what the database refuses: without accents, and aa is å."""
    for theme in Theme.objects.all():
        if theme.name_key == look_alike_key(name) or fold(theme.name) == fold(name):
            return theme
    return None


def _free_slug(name: str) -> str:
    """An address that no other theme has."""
    slug = danish_slug(name)[:40] or "tema"
    taken = set(Theme.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)
