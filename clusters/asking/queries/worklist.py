"""What is asked of somebody, and what somebody asks of others: first page and e-mail."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.models import Cluster, User
from krams.worklist.sections import Kind, Line, Section

from ...enums import AskKind
from ...matrix.wording import short_date
from ...models import Ask
from .recipients import waited_for


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """Asks to an editor, the most pressing first, and those that a coordinator has out.

    Two queries, and none for who has no role in this half.
    """
    if not any(one.authority_id or one.cluster_id for one in user.scopes):
        return
    for cluster, lines in _by_cluster(_asked_of(user, today)):
        yield Section(_("You are asked"), lines, cluster.get_absolute_url(), place=cluster.name)
    for cluster, lines in _by_cluster(_out(user, today)):
        path = reverse("clusters:asks", args=[cluster.slug])
        yield Section(_("Asks that you have out"), lines, path, place=cluster.name, kind=Kind.NOW)


def _by_cluster(
    found: Iterable[tuple[Cluster, Line]],
) -> Iterator[tuple[Cluster, tuple[Line, ...]]]:
    lines: dict[Cluster, list[Line]] = {}
    for cluster, line in found:
        lines.setdefault(cluster, []).append(line)
    for cluster, some in lines.items():
        yield cluster, tuple(some)


def _asked_of(user: User, today: dt.date) -> Iterator[tuple[Cluster, Line]]:
    """One query."""
    texts = {
        AskKind.FILL: _("%(who)s asks you to fill in %(authority)s in %(cluster)s by %(date)s"),
        AskKind.CONFIRM: _(
            "%(who)s asks you to confirm answers of %(authority)s in %(cluster)s by %(date)s"
        ),
        AskKind.COMMENT: _(
            "%(who)s asks you to comment on proposals for %(authority)s in %(cluster)s by %(date)s"
        ),
    }
    late = _("%(what)s. The deadline has passed")
    mine = waited_for(today).filter(editor=user).order_by("column__ask__deadline", "pk")
    for asked in mine:
        column, ask = asked.column, asked.column.ask
        what = texts[AskKind(ask.kind)] % {
            "who": ask.asked_by_name,
            "authority": column.authority,
            "cluster": ask.cluster,
            "date": short_date(ask.deadline),
        }
        text = late % {"what": what} if ask.deadline < today else what
        yield ask.cluster, Line(text, _("Open the form"), column.form_path())


def _out(user: User, today: dt.date) -> Iterator[tuple[Cluster, Line]]:
    """Those that somebody has not handed in (one query)."""
    mine = Cluster.objects.coordinated_by(user).valid_on(today)
    parts = Count("columns", distinct=True)
    done = Count("columns", filter=Q(columns__handed_in_at__isnull=False), distinct=True)
    asks = (
        Ask.objects.filter(withdrawn_at=None, cluster__in=mine)
        .select_related("cluster")
        .annotate(parts=parts, done=done)
        .filter(done__lt=parts)
        .order_by("deadline", "pk")
    )
    for ask in asks:
        text = ngettext(
            "%(what)s, %(cluster)s: %(done)s of %(number)s authority has handed in, deadline"
            " %(date)s",
            "%(what)s, %(cluster)s: %(done)s of %(number)s authorities have handed in, deadline"
            " %(date)s",
            ask.parts,
        ) % {
            "what": ask.get_kind_display(),
            "cluster": ask.cluster,
            "done": ask.done,
            "number": ask.parts,
            "date": short_date(ask.deadline),
        }
        yield ask.cluster, Line(text, _("See who"), ask.get_absolute_url())
