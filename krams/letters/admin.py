"""The letters on the administration pages: what became of each, and sending one again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Letter
from ..web.admin import FirstPages
from .actions import let_be, post_again


@admin.register(Letter)
class LetterAdmin(ModelAdmin):
    """Nobody writes or deletes one here, and what it says stands nowhere."""

    fields = readonly_fields = (
        "kind",
        "to",
        "by",
        "state",
        "attempts",
        "next_try_at",
        "settled_at",
    )
    list_display = ["created_at", "kind", "to", "state", "attempts", "settled_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["to"]
    list_per_page = 50
    paginator = FirstPages
    show_full_result_count = False
    search_fields = ["to__email", "to__name"]
    actions = ["send_again", "let_be"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Send once more, where it did not arrive"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        again = sum(post_again(pk) for pk in queryset.values_list("pk", flat=True))
        messages.success(
            request,
            ngettext("%d letter is sent again.", "%d letters are sent again.", again) % again,
        )

    @admin.action(
        description=_("Do not send again, it is no longer needed"), permissions=["change"]
    )
    def let_be(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        """The first page tells of it until then, also where it arrived after all."""
        left = sum(let_be(pk) for pk in queryset.values_list("pk", flat=True))
        messages.success(
            request,
            ngettext("%d letter is not sent again.", "%d letters are not sent again.", left) % left,
        )
