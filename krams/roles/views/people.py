"""The people at one's places: the list, one person, and giving somebody a role."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...database.paging import Pager, place_of
from ...enums import Role
from ...models import User
from ...people.requests import Request
from .. import places
from ..actions.grants import Given, give_role
from ..actions.log_outs import log_out_everywhere
from ..forms.roles import GiveForm, PlaceSearchForm, SearchForm
from ..queries.granting import Located, locate, roles_to_give
from ..queries.log_outs import may_log_out
from ..queries.people import BY_NAME, Person, find_people, person_of, with_roles
from ..queries.places import MOST, places_for


def refuse_others(user: User) -> None:
    """Raises ``PermissionDenied`` for who has nobody to give a role to."""
    if not user.may_have_people:
        raise PermissionDenied


@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody at one's places, by name."""
    refuse_others(request.user)
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "vis": ""}
    found = find_people(
        request.user, place_of(BY_NAME, request), words=asked["q"], shown=asked["vis"]
    )
    context = {
        "form": form,
        "people": with_roles(request.user, found) if form.is_valid() else [],
        "pages": Pager.of(found, kept=form.typed),
        "is_filtered": bool(form.typed),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "krams/roles/people.html", context, status=status)


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """One person's roles and invitations at one's places."""
    context = {
        "person": get_person(request.user, pk),
        "may_log_out": may_log_out(request.user).filter(pk=pk).exists(),
    }
    return render(request, "krams/roles/person.html", context)


def get_person(user: User, pk: int) -> Person:
    """Somebody with a role or an invitation at one's places; 404 where there is none."""
    refuse_others(user)
    try:
        return person_of(user, pk)
    except User.DoesNotExist as none:
        raise Http404 from none


@require_POST
def log_out(request: Request, pk: int) -> HttpResponse:
    """End all log-ins of somebody all of whose roles one may change; 403 for the others here."""
    get_person(request.user, pk)
    log_out_everywhere(person_id=pk, by=request.user)
    messages.success(request, _("The person is logged out everywhere."))
    return redirect("person", pk)


@require_safe
def choose_place(request: Request) -> HttpResponse:
    """Where to give a role; who has one place only goes on to it."""
    refuse_others(request.user)
    form = PlaceSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    offers = places_for(request.user, words)
    if len(offers) == 1 and not words:
        return redirect("role-give", str(offers[0].place))
    context = {"form": form, "offers": offers, "words": words, "most": MOST}
    status = 200 if form.is_valid() else 422
    return render(request, "krams/roles/choose_place.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, place: str) -> HttpResponse:
    """Give somebody a role at the place, or invite them to it."""
    located, roles = get_place(request.user, place)
    kind = located.place.kind
    form = GiveForm(request.POST or None, roles=roles, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            given = give_role(place=located.place, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, given)
            return redirect("person", given.user.pk)
    context = {"form": form, "place": located}
    status = 422 if form.errors else 200
    return render(request, "krams/roles/give.html", context, status=status)


def get_place(user: User, written: str) -> tuple[Located, tuple[Role, ...]]:
    """A place and the roles that the person may give there; 404 where there are none."""
    try:
        located = locate(places.read(written))
    except (ValueError, OverflowError, ObjectDoesNotExist) as none:
        raise Http404 from none
    if not (roles := roles_to_give(user, located)):
        raise Http404
    return located, roles


def tell(request: Request, given: Given) -> None:
    """What became of a form that gives a role."""
    if not given.is_new:
        text = _("It was done already: nothing was changed.")
    elif given.invitation:
        text = _("The invitation is made, and an e-mail with a link is on its way.")
    else:
        text = _("The role was given, and the person is told by e-mail.")
    messages.success(request, text)
