"""What needs a person of the next steps that are past their day: for the first page and e-mails."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.models import User
from krams.worklist.sections import Line, Section

from ...matrix.wording import short_date
from ...models import Effort
from .steps import overdue_steps


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """Each step for the editors of its column, how many there are for coordinators (one query)."""
    mine: list[Effort] = []
    counted: Counter[tuple[str, int]] = Counter()
    one_of: dict[tuple[str, int], Effort] = {}
    for effort in overdue_steps(user, today):
        # The plugin does not see what a queryset was annotated with.
        if effort.is_mine:  # type: ignore[attr-defined]
            mine.append(effort)
        else:
            key = (effort.cluster.slug, effort.authority_id)
            counted[key] += 1
            one_of[key] = effort
    lines = [
        Line(
            _("%(authority)s, %(effort)s: “%(step)s” should be done by %(date)s")
            % {
                "authority": effort.authority,
                "effort": effort.text,
                "step": effort.next_step,
                "date": short_date(effort.next_step_on) if effort.next_step_on else "–",
            },
            _("Done, or change it"),
            reverse("clusters:step-done", args=[effort.cluster.slug, effort.pk]),
        )
        for effort in mine
    ]
    path = reverse("clusters:steps", args=[mine[0].cluster.slug]) if mine else ""
    yield Section(_("Next steps past their date"), tuple(lines), path)
    lines = [
        Line(
            ngettext(
                "%(authority)s, %(cluster)s: %(number)s next step is past its date",
                "%(authority)s, %(cluster)s: %(number)s next steps are past their date",
                number,
            )
            % {
                "authority": one_of[key].authority,
                "cluster": one_of[key].cluster,
                "number": number,
            },
            _("See them"),
            reverse("clusters:steps", args=[key[0]]) + f"#{one_of[key].authority.slug}",
        )
        for key, number in counted.items()
    ]
    path = lines[0].path.partition("#")[0] if lines else ""
    yield Section(_("Next steps past their date in your clusters"), tuple(lines), path)
