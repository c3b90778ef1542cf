"""Who may open the administration pages, and how what is saved there comes into the history."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite, ModelAdmin, widgets
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import ForeignKey, Model, QuerySet, UniqueConstraint
from django.forms import (
    BaseInlineFormSet,
    CharField,
    Form,
    HiddenInput,
    ModelChoiceField,
    ModelForm,
    model_to_dict,
)
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..danish.names import NameField
from ..history.actions.locking import save_kept, save_version
from ..history.forms import VersionField
from ..models import Kept, Versioned
from .forms import DanishDateField, EmailField, LineField, ModelCountField, SlugField

# Log-in's own tables (tokens, secrets of two-step log-in) are not for reading.
SHOWN_APPS = {"krams", "initiatives", "clusters"}


class PortalAdminSite(AdminSite):
    site_header = site_title = _("Administration of KRAMS & Klynge")
    index_title = _("Accounts, places and clusters")
    site_url = "/"
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: Any,
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.app_label in SHOWN_APPS]
        super().register(shown, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One log-in for all, with its lockout and second step; 403 for who is no superuser."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    # Django's draws a page of its own.
    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class FirstPages(Paginator):
    """The first pages of a list. It counts no further: a whole table is never read for a number."""

    MOST = 2000

    @cached_property
    def count(self) -> int:
        assert isinstance(self.object_list, QuerySet), "the administration lists rows"
        return self.object_list.order_by()[: self.MOST].count()


# What is typed here is read as on the pages: nothing is cut or changed without a word.
TYPED: dict[type[models.Field], dict[str, Any]] = {
    NameField: {"form_class": LineField},
    models.EmailField: {"form_class": EmailField},
    models.SlugField: {"form_class": SlugField},
    models.DateField: {"form_class": DanishDateField},
    models.IntegerField: {"form_class": ModelCountField, "widget": widgets.AdminTextInputWidget},
}


def person(request: HttpRequest) -> AbstractBaseUser:
    """Who saves. Raises ``PermissionDenied``, though nobody comes here without an account."""
    if isinstance(request.user, AnonymousUser):
        raise PermissionDenied
    return request.user


class SeenForm(ModelForm):
    """A save says in the field ``seen`` what it was based on, as on all other pages.

    What was typed stays; saved once more it takes the place of what somebody else has saved.
    """

    seen: str

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.is_stale = False
        self.initial[self.seen] = self.state_of(self.instance) if self.instance.pk else 0

    def state_of(self, row: Any) -> int | str:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.pk:
            return cleaned
        rows = type(self.instance)._default_manager.select_for_update(of=("self",))
        state = self.state_of(rows.get(pk=self.instance.pk))
        if cleaned.get(self.seen) != state:
            self.is_stale = True
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix(self.seen)] = str(state)
            self.data = data
            raise ValidationError(
                _(
                    "Somebody has saved this meanwhile. Look at what it says now (in another"
                    " window) before you save once more: what you have written is kept here."
                )
            )
        return cleaned


class SeenVersion(SeenForm):
    seen = "seen_version"
    seen_version = VersionField(required=False)

    def state_of(self, row: Any) -> int:
        version: int = row.version
        return version


class SeenState(SeenForm):
    """Of what has no version: a print of what the page shows, with the rows below it."""

    seen = "seen_state"
    seen_state = CharField(required=False, widget=HiddenInput)
    # Models of the rows below, and the field of each that leads to the row.
    below: tuple[tuple[type[Model], str], ...] = ()

    def state_of(self, row: Any) -> str:
        said = [sorted(model_to_dict(row, fields=self._meta.fields).items())]
        for model, path in self.below:
            rows = model._base_manager.filter(**{path: row.pk}).order_by("pk")
            said += [list(one.items()) for one in rows.values()]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


class KnownChoice(widgets.AutocompleteSelect):
    """What was sent in place of a key is refused by its field, and drawn as nothing chosen.

    Django's own would look it up to draw it, and break.
    """

    LONGEST_KEY = 18

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        keys = [one for one in map(str, value) if not one or self._is_key(one)]
        return super().optgroups(name, keys, attr)

    def _is_key(self, text: str) -> bool:
        return text.isascii() and text.isdecimal() and len(text) <= self.LONGEST_KEY


class HistoryAdmin(admin.ModelAdmin):
    """Writes who did it into the history of what is saved or deleted here.

    What is edited under a version names it. Nothing of the history itself is shown or written.

    Its list shows the first of what is found, and says so.
    """

    formfield_overrides = TYPED
    paginator = FirstPages
    show_full_result_count = False

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownChoice(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        found = (getattr(response, "context_data", None) or {}).get("cl")
        if found and found.result_count == FirstPages.MOST:
            text = _("Only the first %(number)s are listed. Search or filter to find the others.")
            messages.info(request, text % {"number": FirstPages.MOST})
        return response

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Where ``form`` is one of its own, that of a model without a version is a `SeenState`."""
        if issubclass(self.model, Versioned):
            kwargs.setdefault("form", SeenVersion)
        elif self.form is ModelForm:
            kwargs.setdefault("form", SeenState)
        found = super().get_form(request, obj, change, **kwargs)
        if issubclass(found, SeenState):
            found.below = tuple(
                (one.model, _get_foreign_key(self.model, one.model, fk_name=one.fk_name).name)
                for one in self.get_inline_instances(request, obj)
            )
        return found

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A form that is out of date says so by its status too."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if getattr(context["adminform"].form, "is_stale", False):
            response.status_code = 409
        return response

    def _save(self, request: HttpRequest, instance: Model) -> None:
        if isinstance(instance, Versioned):
            save_version(instance, by=person(request))
        elif isinstance(instance, Kept):
            save_kept(instance, by=person(request))
        else:
            instance.save()

    def save_model(self, request: HttpRequest, obj: Any, form: Form, change: bool) -> None:
        # Saved as it was opened it makes no version, here as elsewhere.
        if form.has_changed() or not change:
            self._save(request, obj)

    def save_formset(
        self,
        request: HttpRequest,
        form: Form,
        formset: "BaseInlineFormSet[Any, Any, Any]",
        change: bool,
    ) -> None:
        for instance in formset.save(commit=False):
            self._save(request, instance)
        for instance in formset.deleted_objects:
            self.delete_model(request, instance)
        formset.save_m2m()
        if change and formset.has_changed() and not form.has_changed():
            # What stands below a row is saved under its version.
            self._save(request, formset.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        obj._history_user = request.user
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # One by one: a bulk delete leaves no history.
        for obj in queryset:
            self.delete_model(request, obj)


class PlaceFormSet(BaseInlineFormSet):
    """Tells of a line that stands there already.

    Django leaves it to the database: in a form below a row, what names that row is not looked at.
    """

    def clean(self) -> None:
        super().clean()
        sent: set[tuple[object, ...]] = set()
        for form in self.forms:
            if form.errors or not form.has_changed() or form.cleaned_data.get("DELETE"):
                continue
            keys = set(self._keys(form.instance))
            if keys & sent or self._stands(form.instance):
                form.add_error(None, _("This line stands here already."))
            sent |= keys

    @staticmethod
    def _unique(row: Model) -> list[UniqueConstraint]:
        return [one for one in row._meta.constraints if isinstance(one, UniqueConstraint)]

    def _keys(self, row: Model) -> Iterator[tuple[object, ...]]:
        """What another line may not have too, of each rule that this one is under."""
        for one in self._unique(row):
            values = [getattr(row, name) for name in one.fields if name != self.fk.name]
            deciding = sorted(one.condition.referenced_base_fields) if one.condition else []
            if None not in values:
                yield one.name, *values, *(getattr(row, name) for name in deciding)

    def _stands(self, row: Model) -> bool:
        try:
            for one in self._unique(row):
                one.validate(type(row), row)
        except ValidationError:
            return True
        return False


class PlaceInline(admin.StackedInline):
    """Rows that point at places; the pointers are called what the places are called."""

    formset = PlaceFormSet
    formfield_overrides = TYPED
    extra = 1  # One empty row, so that a place can be added without JavaScript.
    # A form may say how many rows it has, and each asks for its places. Nobody has as many roles.
    MOST_ROWS = 200

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        found = super().get_formset(request, obj, **kwargs)
        found.absolute_max = self.MOST_ROWS
        return found

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name != "within":
            kwargs["label"] = capfirst(db_field.related_model._meta.verbose_name)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownChoice(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
