"""A yes can be taken back, and editors named through a cluster before 0006 count in it alone."""

import datetime as dt
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

COORDINATING = ("coordinator", "administrator")


def limit_roles_that_a_cluster_gave(
    apps: StateApps, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    """Limit each editor's role whose history tells of one cluster alone through which it came.

    Only superusers could give roles on the administration pages. What anybody else saved was saved
    on the page of a cluster that they coordinated then. Where a superuser or an import had a hand
    in a role, or several clusters are possible, it stays as it is: the administration pages list
    it (``Editors to look through``).
    """
    Membership = apps.get_model("krams", "Membership")
    for role in Membership.objects.filter(role="editor", within=None).order_by("pk"):
        cluster_id = _given_in(apps, role)
        if cluster_id is None:
            continue
        same = Membership.objects.filter(
            user=role.user_id, role="editor", authority=role.authority_id, within=cluster_id
        )
        if same.exists():
            # The narrow role that was given since is the one that was meant.
            _keep(apps, role, "-")
            role.delete()
            continue
        role.within_id = cluster_id
        role.save()
        _keep(apps, role, "~")


def _given_in(apps: StateApps, role: Any) -> int | None:
    """The one cluster in which everybody who ever saved the role could have given it."""
    history = apps.get_model("krams", "HistoricalMembership")
    User = apps.get_model("krams", "User")
    records = list(history.objects.filter(id=role.pk))
    writers = {record.history_user_id for record in records}
    if not records or None in writers:
        return None
    if User.objects.filter(pk__in=writers, is_superuser=True).exists():
        return None
    columns = apps.get_model("krams", "ClusterMembership").objects.filter(
        authority=role.authority_id
    )
    possible = set(columns.values_list("cluster_id", flat=True))
    for record in records:
        possible &= _coordinated(history, record.history_user_id, record.history_date)
    return possible.pop() if len(possible) == 1 else None


def _coordinated(history: Any, user_id: int, moment: dt.datetime) -> set[int]:
    """The clusters that the person coordinated at that moment."""
    day = timezone.localtime(moment).date()
    latest = {}
    for record in history.objects.filter(user_id=user_id, history_date__lte=moment).order_by(
        "history_date", "history_id"
    ):
        latest[record.id] = record
    return {
        record.cluster_id
        for record in latest.values()
        if record.cluster_id
        and record.history_type != "-"
        and record.role in COORDINATING
        and (record.valid_from is None or record.valid_from <= day)
        and (record.valid_until is None or record.valid_until >= day)
    }


def _keep(apps: StateApps, role: Any, kind: str) -> None:
    history = apps.get_model("krams", "HistoricalMembership")
    names = [field.attname for field in role._meta.concrete_fields]
    history.objects.create(
        **{name: getattr(role, name) for name in names},
        history_date=timezone.now(),
        history_type=kind,
        history_change_reason="The cluster that gave the role is where it counts",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("krams", "0007_natural_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="clustermembership",
            name="consent_withdrawn_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="consent taken back on"
            ),
        ),
        migrations.RunPython(limit_roles_that_a_cluster_gave, migrations.RunPython.noop),
    ]
