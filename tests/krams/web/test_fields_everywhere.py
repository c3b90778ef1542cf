"""Every field of every form: nothing is cut without a word, and what cannot be seen is no text."""

import importlib
import pkgutil

import pytest
from allauth.core.context import request_context
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

from krams.models import Cluster, ClusterMembership, Facility, User
from krams.web.forms import CountField, DanishDateField

LONG = 12_345
INVISIBLE = "\u200b\u00ad \u3164\u2060\ufe0f\u200e\u2800"
LOG_IN = [
    *settings.ACCOUNT_FORMS.values(),
    *settings.MFA_FORMS.values(),
    *[f"allauth.account.forms.{name}Form" for name in ("ChangePassword", "ResetPasswordKey")],
    "allauth.account.forms.ReauthenticateForm",
    "allauth.mfa.base.forms.AuthenticateForm",
    "allauth.mfa.totp.forms.ActivateTOTPForm",
]
# Not read as text: passwords are taken to the letter, codes are compared.
TO_THE_LETTER = {"password", "password1", "password2", "oldpassword", "code"}
# Written by the page, not by people.
NOT_TYPED = {"v"}


def our_forms() -> list[type[forms.BaseForm]]:
    for app in ("krams", "clusters", "initiatives"):
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in module.name and not module.name.endswith(".wsgi"):
                importlib.import_module(module.name)

    def below(kind):
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    # Those of the log-in and the administration get their fields when they are made.
    ours = {
        one
        for one in below(forms.BaseForm)
        if one.__module__.split(".")[0] in APPS and one.__module__ not in MADE_LATER
    }
    return sorted(ours, key=lambda one: f"{one.__module__}.{one.__name__}")


APPS = {"krams", "clusters", "initiatives"}
MADE_LATER = {"krams.log_in.forms", "krams.people.admin"}


class Passkey:
    """Stands for the key that is renamed."""

    name = ""

    def wrap(self):
        return self


@pytest.fixture
def log_in_forms(rf, db):
    """Some take the request, some the person, one the key: what they do not know they refuse."""
    request = rf.get("/")
    request.session = {}
    request.user = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    with request_context(request):
        return [log_in_form(import_string(path), request.user) for path in LOG_IN]


def log_in_form(kind, user):
    for options in ({"user": user}, {"instance": Passkey()}):
        try:
            return kind(**options)
        except (TypeError, KeyError):
            continue
    return kind()


def admin_fields(rf):
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("ny@proeve.example", name="Administrator")
    for model_admin in admin.site._registry.values():
        yield from named(model_admin.get_form(request))
        for inline in model_admin.get_inline_instances(request):
            yield from named(inline.get_formset(request).form)


def named(form):
    fields = getattr(form, "fields", None) or getattr(form, "base_fields", form)
    return [(f"{form!r} {name}"[:200], name, field) for name, field in fields.items()]


@pytest.fixture
def fields(rf, db, log_in_forms):
    ours = [field for form in our_forms() for field in named(form)]
    theirs = [field for form in log_in_forms for field in named(form)]
    found = [*ours, *theirs, *admin_fields(rf)]
    assert len(found) > 150
    return found


def texts(fields):
    return [
        (place, field)
        for place, name, field in fields
        if isinstance(field, forms.CharField)
        and name not in TO_THE_LETTER | NOT_TYPED
        and not isinstance(field, forms.JSONField)
        and not field.widget.is_hidden
    ]


def problems_of(field, text) -> list:
    try:
        field.clean(text)
    except ValidationError as error:
        return error.error_list
    return []


def test_no_browser_cuts_a_paste(fields):
    for place, _name, field in fields:
        html = field.widget.render("navn", "", {"id": "navn"})
        assert "maxlength" not in html, place
        assert 'type="number"' not in html, place


def test_a_text_that_is_too_long_is_refused_with_both_numbers(fields):
    with_limit = [(place, field) for place, field in texts(fields) if field.max_length]
    assert len(with_limit) > 50
    for place, field in with_limit:
        length = max(LONG, field.max_length + 1)
        text = f"https://{'x' * (length - len('https://'))}"
        said = [" ".join(error.messages) for error in problems_of(field, text)]
        plain = " ".join(said).replace(".", "")
        assert str(field.max_length) in plain, place
        assert str(length) in plain, place


def test_signs_that_nobody_sees_are_no_text(fields):
    for place, field in texts(fields):
        codes = [error.code for error in problems_of(field, INVISIBLE)]
        if field.required:
            assert codes == ["required"], place
        else:
            assert not codes, place
            assert field.clean(INVISIBLE) in field.empty_values, place


def test_the_administration_reads_what_the_pages_read(rf, db):
    """Numbers and dates are typed; the mouse wheel changes none of them."""
    numbers = dates = 0
    for place, _name, field in admin_fields(rf):
        if isinstance(field, forms.IntegerField) and not field.widget.is_hidden:
            assert isinstance(field, CountField), place
            numbers += 1
        if isinstance(field, forms.DateField):
            assert isinstance(field, DanishDateField), place
            dates += 1
    assert numbers >= 3
    assert dates >= 6


def test_typed_values_in_the_administration(client, department, region, municipality, db):
    client.force_login(User.objects.create_superuser("admin@proeve.example", name="Admin"))
    fields = {"department": department.pk, "kind": "residential", "name": "Hus", "slug": "hus"}
    typed = {"place_count": " 1\u200b2 ", "closed_on": "24. nov 2026", "slug": "h\u00adus"}
    assert client.post("/admin/krams/facility/add/", fields | typed).status_code == 302
    facility = Facility.objects.get()
    assert (facility.place_count, str(facility.closed_on)) == (12, "2026-11-24")
    path = f"/admin/krams/facility/{facility.pk}/change/"
    for wrong in ("1.000", "12,500", "0", "x", "99999999999999999999"):
        page = client.post(path, fields | {"place_count": wrong})
        assert page.context["adminform"].form.errors["place_count"], wrong
    shown = client.get(path).content.decode()
    assert 'type="number"' not in shown
    assert "maxlength" not in shown
    client.post(
        "/admin/krams/cluster/add/",
        {
            "kind": "health_council",
            "name": "Sundhedsråd",
            "slug": "raad",
            "region": region.pk,
            "confirmation_interval_months": "6",
            "valid_from": "1/2-27",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-authority": municipality.pk,
            "memberships-0-position": "0",
            "memberships-0-valid_from": "01022027",
        },
    )
    assert str(Cluster.objects.get().valid_from) == "2027-02-01"
    assert str(ClusterMembership.objects.get().valid_from) == "2027-02-01"


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["user", "authority", "department", "facility", "cluster"])
def test_the_administration_loses_nothing_that_was_pasted(client, model):
    client.force_login(User.objects.create_superuser("admin@proeve.example", name="Admin"))
    text = f"Botilbud {'å' * 400}"
    page = client.post(f"/admin/krams/{model}/add/", {"name": text, "slug": "x" * 200})
    errors = page.context["adminform"].form.errors["name"]
    assert "409" in errors[0]
    assert text in page.content.decode()


def test_every_app_is_looked_through():
    assert {app for app in APPS if apps.is_installed(app)} == APPS
    assert {form.__module__.split(".")[0] for form in our_forms()} == APPS
