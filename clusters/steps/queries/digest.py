"""What needs a person of the next steps that are past their day: for the first page and e-mails."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.mail.digests import Line, Section
from krams.models import User

from ...matrix.wording import short_date
from .steps import overdue_steps


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """Each step for the editors of its column, how many there are for coordinators (one query)."""
    mine, counted, names = [], Counter[tuple[str, int]](), {}
    for effort in overdue_steps(user, today):
        # The plugin does not see what a queryset was annotated with.
        if effort.is_mine:  # type: ignore[attr-defined]
            mine.append(effort)
        else:
            key = (effort.cluster.slug, effort.authority_id)
            counted[key] += 1
            names[key] = {"authority": effort.authority, "cluster": effort.cluster}
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
            % {**names[key], "number": number},
            _("See them"),
            reverse("clusters:steps", args=[key[0]]) + f"#{names[key]['authority'].slug}",
        )
        for key, number in counted.items()
    ]
    path = lines[0].path.partition("#")[0] if lines else ""
    yield Section(_("Next steps past their date in your clusters"), tuple(lines), path)
