"""What the first page and the weekly e-mail say of questions and wordings. Pure, but for
addresses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.worklist.sections import Line


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread in which the person has the word; ``is_wording``: an editor shall decide on one."""

    pk: int
    proposal: int
    authority: str
    slug: str
    is_wording: bool


def thread_lines(waiting: Iterable[Waiting], cluster: str) -> Iterator[Line]:
    """A line a column; where it is but one thread, it leads to that."""
    found: dict[tuple[str, bool], list[Waiting]] = defaultdict(list)
    for one in waiting:
        found[one.slug, one.is_wording].append(one)
    for (slug, is_wording), some in found.items():
        path = reverse("clusters:threads", args=[cluster])
        if len(some) == 1:
            args = [cluster, some[0].proposal, slug]
            path = reverse("clusters:conversation", args=args) + f"#s-{some[0].pk}"
        values = {"number": len(some), "authority": some[0].authority}
        text = _count(len(some), is_wording=is_wording) % values
        yield Line(text, _("Read it") if is_wording else _("Reply"), path)


def _count(number: int, *, is_wording: bool) -> str:
    if is_wording:
        return ngettext(
            "%(authority)s: %(number)s proposed wording waits for your decision",
            "%(authority)s: %(number)s proposed wordings wait for your decision",
            number,
        )
    return ngettext(
        "%(authority)s: %(number)s question waits for your answer",
        "%(authority)s: %(number)s questions wait for your answer",
        number,
    )
