"""The pages on which an authority becomes a member, gets other dates, or moves a column."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.models import ClusterMembership
from krams.people.requests import Request

from ...access import get_coordinated
from ...form_page import renew, renew_version, status_of
from ..actions.members import add_member, move_member, save_member
from ..forms.members import AddMemberForm, MemberForm
from .clusters import ADD_ID, show_setup
from .moving import move


@require_POST
def member_add(request: Request, slug: str) -> HttpResponse:
    """An authority joins from a day."""
    cluster = get_coordinated(request.user, slug)
    form = AddMemberForm(request.POST, cluster=cluster, auto_id=ADD_ID)
    if not form.is_valid():
        return show_setup(request, cluster, 422, add_form=form)
    try:
        column = add_member(cluster=cluster, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        renew_version(form, stale.current)
        return show_setup(request, cluster, 409, add_form=form)
    except ValidationError as error:
        form.add_error("authority", error)
        return show_setup(request, cluster, 422, add_form=form)
    return redirect(f"{reverse('clusters:setup', args=[slug])}#m-{column.pk}")


@require_http_methods(["GET", "POST"])
def member(request: Request, slug: str, pk: int) -> HttpResponse:
    """The dates of one membership."""
    cluster = get_coordinated(request.user, slug)
    columns = ClusterMembership.objects.filter(cluster=cluster).select_related("authority")
    column = get_object_or_404(columns, pk=pk)
    initial = {"version": cluster.version}
    initial |= {name: getattr(column, name) for name in ("valid_from", "valid_until")}
    form = MemberForm(request.POST or None, initial=initial, cluster=cluster)
    context = {"cluster": cluster, "column": column, "form": form}
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        column.cluster = cluster
        try:
            save_member(column=column, by=request.user, **form.cleaned_data)
        except StaleVersion as stale:
            context["theirs"] = renew(form, stale.current, columns.get(pk=pk))
            context["is_stale"], status = True, 409
        except ValidationError as error:
            form.add_error("valid_from", error)
            status = 422
        else:
            return redirect(f"{reverse('clusters:setup', args=[slug])}#m-{pk}")
    return render(request, "clusters/setup/setup_member.html", context, status=status)


@require_POST
def member_move(request: Request, slug: str) -> HttpResponse:
    """A column changes places with its neighbour."""
    cluster = get_coordinated(request.user, slug)
    key = move(request, move_member, cluster=cluster, name="column_id")
    return redirect(f"{reverse('clusters:setup', args=[slug])}#m-{key}")
