"""A cell that holds efforts has been answered, though nobody gave it a state."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

REASON = "Indsatser uden et svar: nu besvaret uden status"
KEPT = ("state", "state_from", "confirmed_on", "confirmed_by_id", "version", "updated_at")


def answer_what_holds_efforts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    position_model = apps.get_model("clusters", "Position")
    history_model = apps.get_model("clusters", "HistoricalPosition")
    place_model = apps.get_model("clusters", "EffortProposal")
    holding = (
        place_model.objects.filter(effort__removed_at=None)
        .values_list("proposal_id", "effort__authority_id")
        .order_by("proposal_id", "effort__authority_id")
        .distinct()
    )
    found = {(one.proposal_id, one.authority_id): one for one in position_model.objects.all()}
    for proposal, authority in holding:
        position = found.get((proposal, authority))
        if position and position.state != "not_filled":
            continue
        is_new = position is None
        if position is None:
            position = position_model(proposal_id=proposal, authority_id=authority, version=0)
        position.state, position.state_from = "answered", None
        position.confirmed_on = position.confirmed_by_id = None
        position.version += 1
        position.save()
        history_model.objects.create(
            id=position.pk,
            proposal_id=proposal,
            authority_id=authority,
            history_date=timezone.now(),
            history_type="+" if is_new else "~",
            history_change_reason=REASON,
            **{name: getattr(position, name) for name in KEPT},
        )


class Migration(migrations.Migration):
    dependencies = [("clusters", "0007_answers_without_a_state")]

    operations = [
        # Going back leaves the answers: they are true either way.
        migrations.RunPython(answer_what_holds_efforts, migrations.RunPython.noop),
    ]
