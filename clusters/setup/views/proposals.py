"""The proposals of a cluster: groups, numbers, sources, retired ones, copies from another."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.forms import ModelChoiceField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.models import Cluster
from krams.people.requests import Request
from krams.web.forms import PortalForm

from ...access import get_coordinated
from ...form_page import renew, status_of
from ...models import Proposal, ProposalGroup, SourceDocument
from ..actions.copying import copy_proposals
from ..actions.proposals import (
    add_group,
    add_proposal,
    add_source,
    move_group,
    move_proposal,
    retire_proposal,
    save_group,
    save_proposal,
    save_source,
)
from ..forms.proposals import (
    CopyForm,
    GroupForm,
    NewProposalForm,
    NewSourceForm,
    OldGroupForm,
    OldProposalForm,
    OldSourceForm,
)
from .moving import move

PROPOSAL_FIELDS = ("number", "title", "concerned", "group", "source")
SOURCE_FIELDS = ("title", "dated_on", "remark", "is_exhaustive")
HISTORIES: dict[type, str] = {ProposalGroup: "forslagsgruppe", SourceDocument: "kilde"}


@require_http_methods(["GET", "POST"])
def proposals(request: Request, slug: str) -> HttpResponse:
    """All proposals by group; the form here adds one."""
    cluster = get_coordinated(request.user, slug)
    if request.method != "POST":
        return _proposals(request, cluster)
    form = NewProposalForm(request.POST, cluster=cluster)
    if form.is_valid():
        try:
            proposal = add_proposal(cluster=cluster, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(_at(slug, f"p-{proposal.pk}"))
    return _proposals(request, cluster, 422, form=form)


@require_POST
def group_add(request: Request, slug: str) -> HttpResponse:
    """A new group at the end."""
    cluster = get_coordinated(request.user, slug)
    form = GroupForm(request.POST, prefix="gruppe")
    if form.is_valid():
        try:
            group = add_group(cluster=cluster, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(_at(slug, f"g-{group.pk}"))
    return _proposals(request, cluster, 422, group_form=form)


@require_POST
def proposal_move(request: Request, slug: str) -> HttpResponse:
    """A proposal changes numbers with its neighbour."""
    cluster = get_coordinated(request.user, slug)
    return redirect(
        _at(slug, f"p-{move(request, move_proposal, cluster=cluster, name='proposal_id')}")
    )


@require_POST
def group_move(request: Request, slug: str) -> HttpResponse:
    """A group changes places with its neighbour."""
    cluster = get_coordinated(request.user, slug)
    return redirect(_at(slug, f"g-{move(request, move_group, cluster=cluster, name='group_id')}"))


@require_POST
def copy(request: Request, slug: str) -> HttpResponse:
    """Copy the proposals of another cluster that are missing here."""
    cluster = get_coordinated(request.user, slug)
    form = CopyForm(request.POST, prefix="kopi", cluster=cluster, user=request.user)
    if not form.is_valid():
        return _proposals(request, cluster, 422, copy_form=form)
    number = copy_proposals(cluster=cluster, by=request.user, **form.cleaned_data)
    text = ngettext("%d proposal was copied.", "%d proposals were copied.", number) % number
    messages.success(request, text)
    return redirect(_at(slug))


@require_http_methods(["GET", "POST"])
def proposal(request: Request, slug: str, pk: int) -> HttpResponse:
    """One proposal: number, text, group, source; below it, retiring and reinstating."""
    cluster = get_coordinated(request.user, slug)
    mine = cluster.proposals.select_related("group", "source", "copied_from__cluster")
    found = get_object_or_404(mine, pk=pk)
    initial = {name: getattr(found, name) for name in (*PROPOSAL_FIELDS, "version")}
    form = OldProposalForm(request.POST or None, initial=initial, cluster=cluster)
    return _edit(
        request,
        cluster,
        form,
        found,
        lambda: save_proposal(proposal=found, by=request.user, **form.cleaned_data),
        template="clusters/setup/setup_proposal.html",
        anchor=f"p-{pk}",
    )


@require_POST
def retire(request: Request, slug: str, pk: int) -> HttpResponse:
    """Retire a proposal, or take it back (``tilbage``)."""
    cluster = get_coordinated(request.user, slug)
    found = get_object_or_404(Proposal.objects.select_related("cluster"), cluster=cluster, pk=pk)
    content = {name: getattr(found, name) for name in PROPOSAL_FIELDS}
    kept = {"group": found.group_id, "source": found.source_id}
    form = OldProposalForm({**content, **request.POST.dict(), **kept}, cluster=cluster)
    context = {"cluster": cluster, "proposal": found, "form": form, "here": "proposals"}
    status = status_of(form)
    if form.is_valid():
        key = {"version": form.cleaned_data["version"], "back": "tilbage" in request.POST}
        try:
            retire_proposal(proposal=found, by=request.user, **key)
        except StaleVersion as stale:
            context |= {"theirs": renew(form, stale.current), "is_stale": True}
            status = 409
        except ValidationError as error:
            form.add_error(None, error)
            status = 422
        else:
            return redirect(_at(slug, f"p-{pk}"))
    return render(request, "clusters/setup/setup_proposal.html", context, status=status)


@require_http_methods(["GET", "POST"])
def group(request: Request, slug: str, pk: int) -> HttpResponse:
    """The name of one group."""
    cluster = get_coordinated(request.user, slug)
    found = get_object_or_404(ProposalGroup, cluster=cluster, pk=pk)
    form = OldGroupForm(
        request.POST or None, initial={"name": found.name, "version": cluster.version}
    )
    found.cluster = cluster
    return _edit(
        request,
        cluster,
        form,
        found,
        lambda: save_group(group=found, by=request.user, **form.cleaned_data),
        anchor=f"g-{pk}",
    )


@require_http_methods(["GET", "POST"])
def source_new(request: Request, slug: str) -> HttpResponse:
    """A new source document."""
    cluster = get_coordinated(request.user, slug)
    form = NewSourceForm(request.POST or None)
    return _edit(
        request,
        cluster,
        form,
        None,
        lambda: add_source(cluster=cluster, by=request.user, **form.cleaned_data),
        anchor="kilder",
    )


@require_http_methods(["GET", "POST"])
def source(request: Request, slug: str, pk: int) -> HttpResponse:
    """One source document."""
    cluster = get_coordinated(request.user, slug)
    found = get_object_or_404(SourceDocument, cluster=cluster, pk=pk)
    initial = {name: getattr(found, name) for name in SOURCE_FIELDS}
    form = OldSourceForm(request.POST or None, initial=initial | {"version": cluster.version})
    found.cluster = cluster
    return _edit(
        request,
        cluster,
        form,
        found,
        lambda: save_source(source=found, by=request.user, **form.cleaned_data),
        anchor="kilder",
    )


def _edit(
    request: Request,
    cluster: Cluster,
    form: PortalForm,
    found: Proposal | ProposalGroup | SourceDocument | None,
    save: Callable[[], object],
    *,
    template: str = "clusters/setup/setup_part.html",
    anchor: str,
) -> HttpResponse:
    """The form of one thing on a page of its own: saved, refused (422) or overtaken (409)."""
    back = _at(cluster.slug, anchor)
    context = {"cluster": cluster, "form": form, "found": found, "proposal": found}
    context |= {"back": back, "history": HISTORIES.get(type(found))}
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except StaleVersion as stale:
            if found is None:
                raise  # What is new has no version.
            part = type(found)._default_manager.get(pk=found.pk)
            context |= {"theirs": renew(form, stale.current, part), "is_stale": True}
            status = 409
        except ValidationError as error:
            form.add_error(None, error)
            status = 422
        else:
            return redirect(back)
    return render(request, template, context, status=status)


def _at(slug: str, anchor: str = "") -> str:
    return reverse("clusters:setup-proposals", args=[slug]) + (f"#{anchor}" if anchor else "")


def _proposals(
    request: Request,
    cluster: Cluster,
    status: int = 200,
    *,
    form: NewProposalForm | None = None,
    group_form: GroupForm | None = None,
    copy_form: CopyForm | None = None,
) -> HttpResponse:
    groups, sources = list(cluster.proposal_groups.all()), list(cluster.source_documents.all())
    standing: dict[int, list[Proposal]] = {group.pk: [] for group in groups}
    retired: list[Proposal] = []
    following = 1
    rows = cluster.proposals.select_related("source").annotate(answers=Count("positions"))
    # Counting drops the order of the model.
    for row in rows.order_by("number", "pk"):
        (retired if row.retired_on else standing[row.group_id]).append(row)
        following = max(following, row.number + 1)
    add_form = form or NewProposalForm(initial={"number": following}, cluster=cluster)
    choosable: dict[str, Sequence[ProposalGroup | SourceDocument]]
    choosable = {"group": groups, "source": sources}
    for name, parts in choosable.items():
        # What was read for the list need not be read again for the choice.
        choices = [("", "–"), *[(str(one.pk), str(one)) for one in parts]]
        add_form.field(name, ModelChoiceField).choices = choices
    context = {
        "cluster": cluster,
        "groups": groups,
        "standing": standing,
        "retired": retired,
        "sources": sources,
        "add_form": add_form,
        "group_form": group_form or GroupForm(prefix="gruppe"),
        "copy_form": copy_form or CopyForm(prefix="kopi", cluster=cluster, user=request.user),
        "form": form or group_form or copy_form,
    }
    return render(request, "clusters/setup/setup_proposals.html", context, status=status)
