"""What a superuser may change about authorities, places and clusters."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import Authority, Cluster, ClusterMembership, Department, Facility, RegionMembership
from ..web.admin import HistoryAdmin, PlaceInline


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


class WithoutPeople(admin.SimpleListFilter):
    """Places where nobody has the role that it takes; the first page of a superuser leads here."""

    title = _("people")
    parameter_name = "personer"

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[tuple[str, Any]]:
        return [("ingen", _("without the people that it needs"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        if queryset.model is Facility:
            return Facility.objects.open().without_people() & queryset
        return Department.objects.without_a_manager() & queryset


@admin.register(Department)
class DepartmentAdmin(HistoryAdmin):
    list_display = ["name", "municipality"]
    list_filter = [WithoutPeople]
    list_select_related = ["municipality"]
    search_fields = ["name", "municipality__name"]
    autocomplete_fields = ["municipality"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Facility)
class FacilityAdmin(HistoryAdmin):
    list_display = ["name", "kind", "department", "place_count", "closed_on"]
    list_select_related = ["department"]
    list_filter = ["kind", WithoutPeople]
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
