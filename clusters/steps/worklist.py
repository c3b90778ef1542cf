"""What the first page and the weekly e-mail say of next steps past their date. Pure, but for
addresses."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.worklist.sections import Line

from ..matrix.wording import short_date


@dataclass(frozen=True, slots=True)
class Step:
    """A next step past its date; ``is_mine`` says whether the person keeps the column."""

    effort: int
    text: str
    step: str
    due: dt.date
    authority: str
    slug: str
    is_mine: bool


def step_lines(steps: Iterable[Step], cluster: str) -> Iterator[Line]:
    """Each step for who keeps its column, how many there are for who coordinates the cluster."""
    counted: dict[str, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: (step.due, step.effort)):
        if not step.is_mine:
            counted[step.slug].append(step)
            continue
        text = _("%(authority)s, %(effort)s: “%(step)s” should be done by %(date)s") % {
            "authority": step.authority,
            "effort": step.text,
            "step": step.step,
            "date": short_date(step.due),
        }
        path = reverse("clusters:step-done", args=[cluster, step.effort])
        yield Line(text, _("Done, or change it"), path)
    for slug, some in counted.items():
        text = ngettext(
            "%(authority)s: %(number)s next step is past its date",
            "%(authority)s: %(number)s next steps are past their date",
            len(some),
        ) % {"authority": some[0].authority, "number": len(some)}
        yield Line(text, _("See them"), reverse("clusters:steps", args=[cluster]) + f"#{slug}")
