"""A municipality's policies: read by its staff, kept by its managers."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from krams.danish.names import ALREADY_THERE
from krams.history.actions.locking import StaleVersion
from krams.models import Authority
from krams.people.requests import Request

from ...access import visible_municipality
from ...form_page import clash, on_top, render_form
from ...models import Policy
from ..actions import policies as actions
from ..actions.life_cycle import SentElsewhere
from ..forms.lines import with_more_lines
from ..forms.policies import GOALS, PolicyForm
from ..queries.policies import policy_of, read_policies


@require_GET
def policies(request: Request, slug: str) -> HttpResponse:
    """The policies, those in force first; an expired one is pointed out, not hidden."""
    municipality = visible_municipality(request.user, slug, change=False)
    rows = read_policies(municipality)
    context = {
        "municipality": municipality,
        "policies": sorted(rows, key=lambda row: row[0].has_expired),
    }
    return render(request, "initiatives/documents/policies.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    municipality = visible_municipality(request.user, slug, change=True)
    if "more" in request.POST:
        data = with_more_lines(request.POST, GOALS)
        form = PolicyForm(data, policy=None, goals=[])
        form.goals.focus_new()
        return _render(request, municipality, form)
    form = PolicyForm(request.POST or None, policy=None, goals=[])
    if request.method == "POST" and form.is_valid():
        try:
            policy = actions.add_policy(
                municipality=municipality,
                values=form.values(),
                submission_id=form.cleaned_data["submission_id"],
                by=request.user,
            )
        except actions.TitleTaken as taken:
            form.add_error("title", ALREADY_THERE % {"name": taken.policy.title})
        except SentElsewhere:
            form.add_error("submission_id", _("The form is out of date. Send it once more."))
        else:
            return _saved(request, policy)
    return _render(request, municipality, form, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str, pk: int) -> HttpResponse:
    municipality = visible_municipality(request.user, slug, change=True)
    policy = policy_of(municipality, pk)
    form = _form(policy)
    more: dict[str, Any] = {}
    if "more" in request.POST:
        form = _form(policy, with_more_lines(request.POST, GOALS))
        form.goals.focus_new()
    elif request.method == "POST":
        form, more = _form(policy, request.POST), {"status": 422}
        if form.is_valid():
            try:
                actions.edit_policy(
                    municipality=municipality,
                    policy=policy,
                    version=form.cleaned_data["version"],
                    values=form.values(),
                    by=request.user,
                )
                return _saved(request, policy)
            except actions.TitleTaken as taken:
                form.add_error("title", ALREADY_THERE % {"name": taken.policy.title})
            except actions.GoalInUse as used:
                message = _("An initiative serves the goal “%(goal)s”, so it cannot be removed.")
                form.add_error(None, message % {"goal": used.goal.text})
            except StaleVersion as stale:
                current = stale.current
                more = clash(form, current, PolicyForm.initial_of(current))
                more["their_goals"] = actions.goals_of(current)
                form = _form(current, on_top(form, current.version))
    return _render(request, municipality, form, policy, **more)


def _form(policy: Policy, data: QueryDict | None = None) -> PolicyForm:
    return PolicyForm(data, policy=policy, goals=actions.goals_of(policy))


def _saved(request: Request, policy: Policy) -> HttpResponse:
    messages.success(request, _("The policy is saved."))
    return redirect(policy)


def _render(
    request: Request,
    municipality: Authority,
    form: BaseForm,
    policy: Policy | None = None,
    **more: Any,
) -> HttpResponse:
    return render_form(
        request,
        form,
        heading=policy.title if policy else _("Add a policy"),
        back=reverse("initiatives:policies", args=[municipality.slug]),
        back_label=_("Policies"),
        submit=_("Save"),
        body="initiatives/documents/_policy_form.html",
        **more,
    )
