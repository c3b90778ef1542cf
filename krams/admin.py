"""Administration: organisations, accounts and their roles, for superusers only.

Every save goes through ``krams.history.locking``, so that history says who did it.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import widgets
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .danish.names import NameField
from .enums import Role
from .history.locking import save_kept, save_version
from .models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Kept,
    Membership,
    RegionMembership,
    User,
    Versioned,
)
from .people.invitations import invite
from .web.forms import DanishDateField, EmailField, LineField, ModelCountField, SlugField

# What is typed here is read as on the pages: nothing is cut or changed without a word.
TYPED = {
    NameField: {"form_class": LineField},
    models.EmailField: {"form_class": EmailField},
    models.SlugField: {"form_class": SlugField},
    models.DateField: {"form_class": DanishDateField},
    models.IntegerField: {"form_class": ModelCountField, "widget": widgets.AdminTextInputWidget},
}


class HistoryAdmin(admin.ModelAdmin):
    """Writes who did it into the history of what is saved or deleted here."""

    formfield_overrides = TYPED

    def _save(self, request, instance):
        if isinstance(instance, Versioned):
            save_version(instance, by=request.user)
        elif isinstance(instance, Kept):
            save_kept(instance, by=request.user)
        else:
            instance.save()

    def save_model(self, request, obj, form, change):
        self._save(request, obj)

    def save_formset(self, request, form, formset, change):
        for instance in formset.save(commit=False):
            self._save(request, instance)
        for instance in formset.deleted_objects:
            self.delete_model(request, instance)
        formset.save_m2m()

    def delete_model(self, request, obj):
        obj._history_user = request.user
        obj.delete()

    def delete_queryset(self, request, queryset):
        # One by one: a bulk delete leaves no history.
        for obj in queryset:
            self.delete_model(request, obj)


class PlaceInline(admin.StackedInline):
    """Rows that point at places; the pointers are called what the places are called."""

    formfield_overrides = TYPED
    extra = 1  # One empty row, so that a place can be added without JavaScript.

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name != "within":
            kwargs["label"] = capfirst(db_field.related_model._meta.verbose_name)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class MembershipInline(PlaceInline):
    model = Membership
    fields = [
        "role",
        ("facility", "department"),
        ("authority", "cluster"),
        "within",
        ("valid_from", "valid_until"),
    ]
    autocomplete_fields = ["facility", "department", "authority", "cluster", "within"]


class LookThrough(admin.SimpleListFilter):
    """Roles that count in a whole authority although no superuser ever saved them.

    Before a cluster's roles were limited to it they were given as wide as an import's.
    """

    title = _("roles to look through")
    parameter_name = "gennemse"

    def lookups(self, request, model_admin):
        return [("redaktoerer", _("Editors of a whole authority, not given on these pages"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(Exists(self.unclear().filter(user=OuterRef("pk"))))

    @staticmethod
    def unclear():
        by_a_superuser = Membership.history.filter(
            id=OuterRef("pk"), history_user__is_superuser=True
        )
        editors = Membership.objects.valid_on().filter(role=Role.EDITOR, within=None)
        return editors.filter(~Exists(by_a_superuser))


class AccountForm(forms.ModelForm):
    invite = forms.BooleanField(
        label=_("Send an e-mail with a link to choose a password"), required=False
    )

    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_superuser"]
        help_texts = {"is_superuser": "", "is_active": ""}
        labels = {"is_superuser": _("may open these pages and see everything")}


@admin.register(User)
class UserAdmin(HistoryAdmin):
    form = AccountForm
    fields = ["email", "name", "is_active", "is_superuser", "invite", "last_login"]
    readonly_fields = ["last_login"]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "memberships__role", LookThrough]
    search_fields = ["email", "name"]
    ordering = ["email"]
    inlines = [MembershipInline]
    actions = ["send_password_link", "reset_second_step", "keep_roles"]

    def get_changeform_initial_data(self, request):
        return {"invite": True}

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        obj.is_staff = obj.is_superuser
        obj.save()
        # An address that the account no longer has must not open it.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.cleaned_data["invite"]:
            self.send_password_link(request, [form.instance])

    @admin.action(description=_("Send an e-mail with a link to choose a password"))
    def send_password_link(self, request, queryset):
        sent = sum(invite(request, user) for user in queryset)
        messages.success(
            request, ngettext("%d e-mail was sent.", "%d e-mails were sent.", sent) % sent
        )

    @admin.action(description=_("Remove passkeys and two-step log-in (when a phone is lost)"))
    def reset_second_step(self, request, queryset):
        Authenticator.objects.filter(user__in=queryset).delete()
        messages.success(request, _("Passkeys and two-step log-in were removed."))

    @admin.action(description=_("Leave roles to look through as wide as they are"))
    @transaction.atomic
    def keep_roles(self, request, queryset):
        """A role that is right as it stands is saved by nobody otherwise, and stays on the list."""
        for role in LookThrough.unclear().filter(user__in=queryset).select_for_update(of=("self",)):
            save_kept(role, by=request.user, reason=_("Looked through by an administrator"))
        messages.success(request, _("The roles were looked through, and stay as they are."))


class RegionMembershipInline(PlaceInline):
    model = RegionMembership
    verbose_name, verbose_name_plural = _("region"), _("regions")
    fk_name = "municipality"
    fields = ["region", ("valid_from", "valid_until")]
    autocomplete_fields = ["region"]


@admin.register(Authority)
class AuthorityAdmin(HistoryAdmin):
    list_display = ["name", "kind", "code", "valid_from", "valid_until"]
    list_filter = ["kind"]
    search_fields = ["name", "code", "official_name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [RegionMembershipInline]


@admin.register(Department)
class DepartmentAdmin(HistoryAdmin):
    list_display = ["name", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["name", "municipality__name"]
    autocomplete_fields = ["municipality"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Facility)
class FacilityAdmin(HistoryAdmin):
    list_display = ["name", "kind", "department", "place_count", "closed_on"]
    list_select_related = ["department"]
    list_filter = ["kind"]
    search_fields = ["name", "department__name", "department__municipality__name"]
    autocomplete_fields = ["department"]
    prepopulated_fields = {"slug": ["name"]}


class ClusterMembershipInline(PlaceInline):
    model = ClusterMembership
    verbose_name, verbose_name_plural = _("member"), _("members")
    fields = [("authority", "position"), ("valid_from", "valid_until"), "awaits_consent"]
    autocomplete_fields = ["authority"]


@admin.register(Cluster)
class ClusterAdmin(HistoryAdmin):
    list_display = ["name", "kind", "region", "valid_from", "valid_until"]
    list_select_related = ["region"]
    search_fields = ["name"]
    autocomplete_fields = ["region"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ClusterMembershipInline]
