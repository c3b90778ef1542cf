"""A path for every line of the table: where in the world each address leads."""

import re
from dataclasses import dataclass, field

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from clusters.addresses import ADDRESSES as CLUSTERS
from initiatives.addresses import ADDRESSES as INITIATIVES
from initiatives.models import Activity, Policy, SuccessCriterion
from krams.addresses import ADDRESSES as KERNEL
from krams.danish.weeks import Week
from krams.history.registry import REGISTRY
from krams.pages.help_sections import GROUPS
from krams.roles.permissions import Rule
from scripts.access import routes
from tests import pages
from tests.access.world import World
from tests.pages import PAGES

TABLE: dict[str, Rule] = {**KERNEL, **INITIATIVES, **CLUSTERS}
ADMIN = "admin:"
KINDS = ("csv", "xlsx", "docx", "pdf")
# What is written for people, not for counting.
FIRST = dict.fromkeys(
    (
        "initiatives:initiative-file",
        "initiatives:agenda-file",
        "initiatives:minutes-file",
        "clusters:matrix-file",
        "clusters:steps-file",
        "clusters:edition-file",
        "clusters:compare-file",
        "clusters:gaps-file",
        "clusters:coverage-file",
        "clusters:themes-file",
        "clusters:read-file",
    ),
    "docx",
) | {"initiatives:poster-file": "pdf", "own-data": "xlsx"}
HISTORY = ("history", "history-restore", "history-redact")
FIXED = {
    "help-group": {"slug": GROUPS[0].slug},
    "account_confirm_email": {"key": "forfalsket"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "forfalsket"},
    "openid_connect_login": {"provider_id": "findes-ikke"},
    "openid_connect_callback": {"provider_id": "findes-ikke"},
    **{
        f"saml_{name}": {"organization_slug": "findes-ikke"}
        for name in ("login", "acs", "finish_acs", "sls", "metadata")
    },
    "openid_connect_logout": {"provider_id": "findes-ikke"},
}


@dataclass(frozen=True)
class Case:
    """A line of the table at one path. ``data`` is what is posted there."""

    key: str
    path: str
    rule: Rule
    data: dict = field(default_factory=dict)
    # Of a file: the format, and the one that everybody asks for.
    kind: str = ""
    first: str = ""


def rule_of(name: str) -> Rule | None:
    """Of an address of the administration pages that is not named: that of all of them."""
    if name.startswith(ADMIN) or name.startswith("admin/"):
        return TABLE.get(name, TABLE["admin:*"])
    return TABLE.get(name)


def cases(world: World) -> list[Case]:
    """All lines of the table but those of the administration pages."""
    where, known = _arguments(world), routes()
    sent = _sent(world) | _versions(where)
    found = []
    for key, rule in TABLE.items():
        name, _, about = key.partition("#")
        if name.startswith(ADMIN):
            continue
        if "/" in name:
            found.append(Case(key, f"/{name}", rule))
            continue
        kwargs = where.get(key) or where.get(name) or {}
        if name in HISTORY:
            kwargs = {"key": about, "pk": where[f"history#{about}"]["pk"]}
        if "kind>" not in known[name]:
            found.append(Case(key, reverse(name, kwargs=kwargs), rule, sent.get(key, {})))
            continue
        for kind in KINDS:
            path = reverse(name, kwargs=kwargs | {"kind": kind})
            found.append(Case(key, path, rule, kind=kind, first=FIRST.get(name, "csv")))
    return found


def _arguments(world: World) -> dict[str, dict]:
    """By line of the table, else by name: what its route is filled with."""
    found = {}
    for name, route in routes().items():
        kwargs = {}
        for start, slug in (
            ("botilbud/", world.facility.slug),
            ("afdelinger/", world.department.slug),
            ("kom-i-gang/afdeling/", world.department.slug),
            ("kommuner/", world.hjoerring.slug),
            ("kom-i-gang/<", world.hjoerring.slug),
            ("klynger/", world.syd.slug),
        ):
            if route.startswith(start) and "<slug:slug>" in route and "slug" not in kwargs:
                kwargs["slug"] = slug
        if "<slug:authority>" in route:
            kwargs["authority"] = world.rebild.slug
        if "felt/<int:proposal>" in route:
            kwargs |= pages.first_proposal()
        found[name] = kwargs
    for page in reversed(PAGES):
        if page.status == 200:
            found[page.name] = {**page.arguments, **page.find()}
    found |= FIXED
    _add_people(found, world)
    _add_meetings(found, world)
    _add_facility(found, world)
    _add_clusters(found, world)
    _add_histories(found, world)
    return found


def _add_people(found: dict, world: World) -> None:
    found |= {
        "role-give#facility": {"place": f"botilbud-{world.facility.pk}"},
        "role-give#department": {"place": f"afdeling-{world.department.pk}"},
        "role-give#authority": {"place": f"myndighed-{world.hjoerring.pk}"},
        "role-give#cluster": {"place": f"klynge-{world.syd.pk}"},
        "role-give#column": {"place": f"felter-{world.rebild.pk}-{world.syd.pk}"},
        "leaving": {"pk": world.colleague.pk},
        "person-log-out": {"pk": world.colleague.pk},
        "authority-changes": {"slug": world.hjoerring.slug},
        "invitation-link": {"secret": world.invitation_secret()},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
    }
    for name in ("again", "show", "withdraw"):
        found[f"invitation-{name}"] = {"pk": world.invitation.pk}


def _add_meetings(found: dict, world: World) -> None:
    for place, rows in world.meetings.items():
        meeting = {"pk": rows["meeting"].pk}
        for key in TABLE:
            name, _, about = key.partition("#")
            if about != place or not name.startswith("initiatives:"):
                continue
            gone = "removed " if name.endswith(("item-restore", "decision-restore")) else ""
            if ":item-" in name and name != "initiatives:item-add":
                found[key] = meeting | {"item_id": rows[f"{gone}item"].pk}
            elif ":decision-" in name and name != "initiatives:decision-add":
                found[key] = meeting | {"decision_id": rows[f"{gone}decision"].pk}
            elif ":later-" in name:
                found[key] = {"pk": rows["later"].pk}
            else:
                found[key] = meeting


def _add_facility(found: dict, world: World) -> None:
    here = {"slug": world.facility.slug}
    criterion = pages.its_criterion()
    place = {"slug": world.department.slug, "facility": world.facility.slug}
    week = {"week": str(Week.of(timezone.localdate()))}
    kind = {"slug": world.hjoerring.slug, "pk": world.type.pk}
    registered = Activity.objects.filter(facility=world.facility).order_by("held_on", "pk").last()
    found |= {
        "initiatives:initiative-status-panel": pages.initiative(),
        "initiatives:initiative-file": pages.initiative(),
        "initiatives:section": pages.initiative() | {"slug": "formaal"},
        "initiatives:measurement-template": pages.initiative(),
        "initiatives:criterion-move": criterion,
        "initiatives:criterion-retire": criterion,
        "initiatives:indicator-retire": pages.its_indicator(),
        "initiatives:measurement-remove": place | pages.measurement(),
        "initiatives:measurement-restore": place | pages.measurement(),
        "initiatives:criterion-file": place | pages.criterion(),
        "initiatives:criterion-assess": place | pages.criterion(),
        "initiatives:put-on-agenda": here | {"plan_id": world.plan.pk},
        "initiatives:planned": here | {"plan_id": world.plan.pk},
        "initiatives:plan-restart": here | pages.paused_plan(),
        "initiatives:poster-file": here | week | {"size": "a4"},
        "initiatives:grid-undo": here | week,
        "initiatives:calendar-feed": {"token": world.feed},
        "initiatives:type-edit": kind,
        "initiatives:type-move": kind,
        "initiatives:type-retire": kind,
    }
    for name in ("facility-pause-edit", "facility-restart", "facility-pause-remove"):
        found[f"initiatives:{name}"] = here | {"pk": world.pause.pk}
    for name in ("activity", "activity-edit", "activity-remove", "activity-restore"):
        found[f"initiatives:{name}"] = here | {"pk": registered.pk}


def _add_clusters(found: dict, world: World) -> None:
    syd = {"slug": world.syd.slug}
    column = syd | {"authority": world.rebild.slug}
    asked = column | {"proposal": world.thread.proposal_id, "thread": world.thread.pk}
    worded = column | {"proposal": world.worded.proposal_id, "thread": world.worded.pk}
    edition = syd | {"number": 1}
    found |= {
        "clusters:member-agree": syd | pages.syd_column(),
        "clusters:retire": syd | pages.syd_proposal(),
        "clusters:role-end": syd | {"pk": world.named.pk},
        "clusters:thread-reply": asked,
        "clusters:thread-resolve": asked,
        "clusters:wording-accept": worded,
        "clusters:wording-decline": worded,
        "clusters:wording-withdraw": worded,
        "clusters:note-close": syd | pages.note(),
        "clusters:column-undone": column | {"asked": world.asked.pk},
        "clusters:edition-file": edition,
        "clusters:read-link-stop": edition | {"pk": world.link.pk},
        "clusters:read-file": pages.read_link(),
    }
    for name in ("ask-prolong", "ask-withdraw", "ask-remind"):
        found[f"clusters:{name}"] = syd | pages.an_ask()
    for whose, draft in world.drafts.items():
        for key in TABLE:
            if key.startswith("clusters:import") and key.endswith(f"#{whose}"):
                cell = {"key": "c0-0"} if "decide" in key or "edit" in key else {}
                found[key] = syd | {"pk": draft.pk} | cell


def _add_histories(found: dict, world: World) -> None:
    house = world.meetings["facility"]
    rows = {
        "rolle": world.their_role,
        "invitation": world.invitation,
        "botilbud": world.facility,
        "afdeling": world.department,
        "klynge": world.syd,
        "registrering": Activity.objects.filter(facility=world.facility).first(),
        "planlagt": world.plan,
        "husets-pause": world.pause,
        "kalender": world.facility.calendar_link,
        "vurdering": world.assessment,
        "moede": house["meeting"],
        "dagsordenspunkt": house["item"],
        "beslutning": house["decision"],
        "senere-punkt": house["later"],
        "succeskriterium": SuccessCriterion.objects.first(),
        "politik": Policy.objects.get(),
        "aktivitetstype": world.type,
        "opfoelgning": world.settings,
        "svar": world.position,
        "skemaindsats": world.effort,
        "samtale": world.thread,
        "kommentar": world.comment,
        "formulering": world.worded.wording,
        "udgavetekst": world.text,
        "anmodning": world.asked.ask,
        "anmodning-myndighed": world.asked,
        "laeselink": world.link,
    }
    found |= {f"history#{key}": {"pk": row.pk} for key, row in rows.items()}
    found |= {
        "history#pause": {"pk": pages.paused_plan()["pause_pk"]},
        "history#indsats": pages.initiative(),
        "history#indikator": {"pk": pages.indicator()["indicator"]},
        "history#uddybning": pages.note(),
        "history#forslag": pages.syd_proposal(),
        "history#forslagsgruppe": pages.syd_group(),
        "history#kilde": pages.syd_source(),
    }


def _sent(world: World) -> dict[str, dict]:
    """What must be in a form before it comes to whether somebody may send it."""
    version = {"version": world.syd.version}
    return {
        "clusters:member-move": version | {"ned": pages.syd_column()["pk"]},
        "clusters:proposal-move": version | {"ned": pages.syd_proposal()["pk"]},
        "clusters:group-move": version | {"ned": pages.syd_group()["pk"]},
        "initiatives:getting-started-skip": {"step": "politik", "skipped": "1"},
    }


def _versions(where: dict[str, dict]) -> dict[str, dict]:
    """The newest version of what can be put back, which must be in the form in the same way."""
    found = {}
    for key, registration in REGISTRY.items():
        if registration.restoring:
            row = registration.model._base_manager.get(pk=where[f"history#{key}"]["pk"])
            sent = {"saved": row.history.latest().history_id, "version": row.version}
            found[f"history-restore#{key}"] = sent
    return found


def admin_paths(world: World) -> list[str]:
    """Every address of the administration pages, of each kind of row the first."""
    found = []
    for name, route in routes().items():
        if not route.startswith("admin/") or name == "admin:login":
            continue
        path = re.sub(r"[\^$]|\(\?P<url>\.\*\)", "", route)
        path = path.replace("(?P<app_label>krams)", "krams")
        _admin, app, *parts = path.split("/")
        row = None
        if app == "krams" and "<" in path:
            row = apps.get_model(app, parts[0])._default_manager.first()
        found.append("/" + re.sub(r"<path:\w+>", str(row.pk if row else 1), path))
    return found
