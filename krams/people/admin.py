"""What a superuser may change about accounts and their roles."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ..audit.actions import record
from ..enums import AuditKind, Role
from ..history.actions.locking import save_kept
from ..models import (
    Membership,
    User,
)
from ..web.admin import HistoryAdmin, PlaceInline, SeenState, person
from .actions import end_sessions
from .invitations import invite
from .models import MembershipQuerySet


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

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        text = gettext("Editors of a whole authority, not given on these pages")
        return [("redaktoerer", text)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() is None:
            return queryset
        return queryset.filter(Exists(self.unclear().filter(user=OuterRef("pk"))))

    @staticmethod
    def unclear() -> MembershipQuerySet:
        by_a_superuser = Membership.history.filter(
            id=OuterRef("pk"), history_user__is_superuser=True
        )
        editors = Membership.objects.valid_on().filter(role=Role.EDITOR, within=None)
        return editors.filter(~Exists(by_a_superuser))


class Invited(admin.SimpleListFilter):
    """Accounts that nobody has used yet; the first page of a superuser leads here."""

    title = _("invitation")
    parameter_name = "invitation"

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return [("aaben", gettext("Open: has a role, and has never logged in"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset if self.value() is None else queryset & User.objects.invited()


class AccountForm(SeenState):
    invite = forms.BooleanField(
        label=_("Send an e-mail with a link to choose a password"), required=False
    )

    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_superuser"]
        help_texts = {"is_superuser": "", "is_active": ""}
        labels = {"is_superuser": _("may open these pages and see everything")}

    def clean(self) -> dict[str, Any]:
        """Somebody must be able to open these pages tomorrow."""
        # Locked: of two who close each other at the same time, one is told that the other is gone.
        # All before the one of the form, so that none waits for the other.
        able = User.objects.select_for_update().filter(is_active=True, is_superuser=True)
        others = set(able.order_by("pk").values_list("pk", flat=True)) - {self.instance.pk}
        cleaned = super().clean() or self.cleaned_data
        stays = cleaned.get("is_active") and cleaned.get("is_superuser")
        was = self.initial.get("is_active") and self.initial.get("is_superuser")
        if was and not stays and not others:
            raise forms.ValidationError(
                _("This is the last account that may open these pages. Make another one first.")
            )
        return cleaned


@admin.register(User)
class UserAdmin(HistoryAdmin):
    form = AccountForm
    fields = ["email", "name", "is_active", "is_superuser", "invite", "last_login", "seen_state"]
    readonly_fields = ["last_login"]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "memberships__role", Invited, LookThrough]
    search_fields = ["email", "name"]
    ordering = ["email"]
    inlines = [MembershipInline]
    actions = [
        "send_password_link",
        "end_sessions",
        "reset_second_step",
        "keep_roles",
        "replace_name",
    ]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What the person saved would lose its author: ``replace_name``."""
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"invite": True}

    def save_model(self, request: HttpRequest, obj: User, form: Form, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.is_staff = obj.is_superuser
        obj.save()
        # An address that the account no longer has must not open it.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()

    def save_related(
        self, request: HttpRequest, form: "ModelForm[User]", formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.cleaned_data["invite"]:
            self.send_password_link(request, [form.instance])

    @admin.action(description=_("Send an e-mail with a link to choose a password"))
    def send_password_link(self, request: HttpRequest, queryset: Iterable[User]) -> None:
        sent = sum(invite(request, user) for user in queryset)
        messages.success(
            request, ngettext("%d e-mail was sent.", "%d e-mails were sent.", sent) % sent
        )

    @admin.action(description=_("Log out everywhere"))
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            end_sessions(user, by=request.user)
        messages.success(request, _("Who was chosen is logged out everywhere."))

    @admin.action(description=_("Remove passkeys and two-step log-in (when a phone is lost)"))
    def reset_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        Authenticator.objects.filter(user__in=queryset).delete()
        for user in queryset:
            # Whoever has the phone may be logged in on it.
            end_sessions(user, by=request.user)
            about = f"account:{user.pk}"
            record(AuditKind.SECOND_STEP, actor=request.user, about=about, what="removed")
        messages.success(request, _("Passkeys and two-step log-in were removed."))

    @admin.action(description=_("Replace the name of somebody who has left"))
    def replace_name(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """One at a time: its page says what becomes of the account, and asks."""
        if queryset.count() != 1:
            messages.error(request, _("Choose one account at a time."))
            return None
        return redirect("leaving", queryset.get().pk)

    @admin.action(description=_("Leave roles to look through as wide as they are"))
    @transaction.atomic
    def keep_roles(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """A role that is right as it stands is saved by nobody otherwise, and stays on the list."""
        for role in LookThrough.unclear().filter(user__in=queryset).select_for_update(of=("self",)):
            save_kept(role, by=person(request), reason=_("Looked through by an administrator"))
        messages.success(request, _("The roles were looked through, and stay as they are."))
