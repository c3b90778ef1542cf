"""The pages of the demo and who opens them: for the checks of HTML, figures and accessibility."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from clusters.editions.read_links import token_of
from clusters.management.commands.demo_edition import LINK
from clusters.models import (
    Ask,
    AuthorityNote,
    Comment,
    Effort,
    ImportDraft,
    Proposal,
    ProposalGroup,
    SourceDocument,
)
from initiatives.models import (
    Activity,
    ActivityType,
    Decision,
    Indicator,
    Initiative,
    Measurement,
    Meeting,
    PlanPause,
    Policy,
    SuccessCriterion,
)
from krams.danish.weeks import Week
from krams.mail import unsubscribe_links
from krams.models import Cluster, ClusterMembership, Facility, User
from krams.pages.help_sections import GROUPS


@dataclass(frozen=True)
class Page:
    """``who`` is the demo person ("leder", "" for nobody); ``find`` looks up keys in the demo."""

    who: str
    name: str
    arguments: dict = field(default_factory=dict)
    find: Callable[[], dict] = dict
    query: str = ""
    status: int = 200

    def path(self) -> str:
        return reverse(self.name, kwargs={**self.arguments, **self.find()}) + self.query

    def __str__(self) -> str:
        return f"{self.who or 'nobody'} {self.name}{self.query}"


def unsubscribing_link() -> dict:
    """As it stands in the e-mail of a demo person."""
    path = unsubscribe_links.path_for(User.objects.get(email="leder@demo.example"))
    return {"token": path.strip("/").split("/")[-1]}


def read_link() -> dict:
    """As the demo's coordinator gave it to politicians."""
    return {"token": token_of(LINK)}


NOBODY = [
    Page("", "account_login"),
    Page("", "account_reset_password"),
    Page("", "account_reset_password_done"),
    Page("", "help"),
    *[Page("", "help-group", {"slug": group.slug}) for group in GROUPS],
    Page("", "accessibility"),
    Page("", "privacy"),
    Page("", "components"),
    Page("", "unsubscribe", find=unsubscribing_link),
    Page("", "unsubscribe", {"token": "forfalsket"}, status=404),
    Page("", "clusters:read", find=read_link),
    Page("", "clusters:read", {"token": "forfalsket"}, status=404),
]
OWN = [
    Page("leder", "home"),
    Page("redaktoer", "home"),
    Page("koordinator", "home"),
    Page("laeser", "home"),
    Page("admin", "home"),
    Page("medarbejder", "settings"),
    Page("leder", "search", query="?q=gåtur"),
    Page("koordinator", "search", query="?q=sundhed"),
    Page("medarbejder", "account_change_password"),
    Page("medarbejder", "mfa_index"),
    Page("medarbejder", "log-ins"),
    Page("medarbejder", "mfa_list_webauthn"),
    Page("leder", "second-step"),
    Page("medarbejder", "account_reauthenticate"),
    Page("medarbejder", "account_reauthenticate_organisation"),
    Page("medarbejder", "account_logout"),
    Page("medarbejder", "help"),
    Page("medarbejder", "own-changes"),
    Page("admin", "audit-log"),
    Page("admin", "audit-log", query="?slags=log_in&fra=01-01-2026"),
]


def place_of_mosbjerghus() -> dict:
    return {"place": f"botilbud-{Facility.objects.get(slug='mosbjerghus').pk}"}


def colleague() -> dict:
    return {"pk": User.objects.get(email="medarbejder@demo.example").pk}


def their_role() -> dict:
    return {"pk": User.objects.get(**colleague()).memberships.first().pk}


PEOPLE = [
    Page("leder", "people"),
    Page("koordinator", "people"),
    Page("admin", "people", query="?q=demo"),
    Page("admin", "data-protection"),
    Page("admin", "leaving", find=lambda: {"pk": User.objects.get(email="leder@demo.example").pk}),
    Page("leder", "role-place"),
    Page("admin", "role-place", query="?q=hjørring"),
    Page("leder", "role-give", find=place_of_mosbjerghus),
    Page("leder", "person", find=colleague),
    Page("leder", "role-change", find=their_role),
    Page("leder", "role-end", find=their_role),
    Page("", "invitation", status=404),
]
FACILITY = {"slug": "mosbjerghus"}
DEPARTMENT = {"slug": "socialpsykiatrien-omraadet-for-udsatte-grupper"}
HJOERRING = {"slug": "hjoerring"}
HERE = {"facility": "mosbjerghus"}
CLUSTER = {"slug": "syd"}
EDITION = CLUSTER | {"number": 1}
REBILD = {"authority": "rebild"}
SECTIONS = [
    "indsats",
    "maalsaetning",
    "beskrivelse",
    "formaal",
    "maalgruppe",
    "aktoerer",
    "tidsplan",
    "oekonomi",
    "succeskriterier",
    "opfoelgning",
]


def initiative() -> dict:
    return {"pk": Initiative.objects.order_by("pk").first().pk}


def criterion() -> dict:
    """The compound one: overweight and diabetes."""
    return {"pk": SuccessCriterion.objects.get(number=4).pk}


def indicator() -> dict:
    return {**criterion(), "indicator": Indicator.objects.filter(criterion__number=4)[0].pk}


def its_criterion() -> dict:
    return {**initiative(), "criterion": criterion()["pk"]}


def its_indicator() -> dict:
    return {**initiative(), "indicator": indicator()["indicator"]}


def measurement() -> dict:
    here = {"facility_indicator__facility__slug": "mosbjerghus"}
    found = Measurement.objects.filter(**here).order_by("pk").first()
    mine = found.facility_indicator.indicator
    return {"pk": mine.criterion_id, "indicator": mine.pk, "measurement": found.pk}


def in_two_weeks() -> dict:
    return {"week": str(Week.of(timezone.localdate()) + 2)}


def policy() -> dict:
    return {"pk": Policy.objects.get().pk}


def last_activity() -> dict:
    facility = Facility.objects.get(**FACILITY)
    return {"pk": Activity.objects.filter(facility=facility).order_by("held_on", "pk").last().pk}


def paused_plan() -> dict:
    facility = Facility.objects.get(**FACILITY)
    pause = PlanPause.objects.filter(planned_activity__facility=facility).order_by("pk").last()
    return {"pk": pause.planned_activity_id, "pause_pk": pause.pk}


def plan() -> dict:
    return {"pk": paused_plan()["pk"]}


def activity_type() -> dict:
    return {"pk": ActivityType.objects.order_by("position").first().pk}


def meeting() -> dict:
    return {"pk": Meeting.objects.order_by("pk").first().pk}


def decision() -> dict:
    found = Decision.objects.order_by("pk").first()
    return {"pk": found.meeting_id, "decision_id": found.pk}


def import_draft() -> dict:
    return {"pk": ImportDraft.objects.earliest("pk").pk}


def an_ask() -> dict:
    return {"pk": Ask.objects.earliest("pk").pk}


def note() -> dict:
    return {"pk": AuthorityNote.objects.filter(authority__slug="rebild").order_by("pk").first().pk}


def syd() -> dict:
    return {"pk": Cluster.objects.get(slug="syd").pk}


def syd_column() -> dict:
    return {"pk": ClusterMembership.objects.filter(cluster__slug="syd").order_by("pk").first().pk}


def syd_proposal() -> dict:
    return {"pk": Proposal.objects.filter(cluster__slug="syd").order_by("pk").first().pk}


def syd_group() -> dict:
    return {"pk": ProposalGroup.objects.filter(cluster__slug="syd").order_by("pk").first().pk}


def syd_source() -> dict:
    return {"pk": SourceDocument.objects.filter(cluster__slug="syd").order_by("pk").first().pk}


def first_proposal() -> dict:
    return {"proposal": Proposal.objects.order_by("pk").first().pk}


def asked_cell() -> dict:
    """The one about which the demo asks."""
    return {"proposal": Comment.objects.order_by("pk").first().thread.proposal_id}


def own_comment() -> dict:
    return {**asked_cell(), "pk": Comment.objects.order_by("pk").first().pk}


def worded_cell() -> dict:
    """The one for which the demo proposes a wording."""
    return {"proposal": Comment.objects.order_by("pk").last().thread.proposal_id}


def next_step() -> dict:
    return {"pk": Effort.objects.exclude(next_step="").order_by("pk").first().pk}


INITIATIVES = [
    Page("leder", "initiatives:facilities"),
    Page("medarbejder", "initiatives:today", FACILITY),
    Page("leder", "initiatives:today", FACILITY),
    Page("laeser", "initiatives:today", FACILITY),
    Page("medarbejder", "initiatives:rhythm", FACILITY),
    Page("medarbejder", "initiatives:period", FACILITY),
    Page("laeser", "initiatives:period", FACILITY, query="?fra=1.1.2026&til=30.9.2026"),
    Page("medarbejder", "initiatives:log", FACILITY),
    Page("laeser", "initiatives:log", FACILITY),
    Page("medarbejder", "initiatives:log", FACILITY, query="?faktor=m&fra=01-01-2026"),
    Page("medarbejder", "initiatives:activity-edit", FACILITY, last_activity),
    Page("leder", "initiatives:plan", FACILITY),
    Page("laeser", "initiatives:plan", FACILITY),
    Page("laeser", "initiatives:poster", FACILITY),
    Page("medarbejder", "initiatives:poster-week", FACILITY, in_two_weeks),
    Page("leder", "initiatives:plan-add", FACILITY),
    Page("leder", "initiatives:plan-edit", FACILITY, plan),
    Page("leder", "initiatives:plan-end", FACILITY, plan),
    Page("leder", "initiatives:plan-pause", FACILITY, plan),
    Page("leder", "initiatives:pause-edit", FACILITY, paused_plan),
    Page("leder", "initiatives:facility-pause", FACILITY),
    Page("leder", "initiatives:calendar", FACILITY),
    Page("leder", "initiatives:plan-copy", FACILITY),
    Page("leder", "initiatives:plan-copy", FACILITY, query="?fra=den-gode-modtagelse"),
    Page("medarbejder", "initiatives:grid", FACILITY | {"week": "2026-W46"}),
    Page("leder", "initiatives:types", HJOERRING),
    Page("medarbejder", "initiatives:types", HJOERRING),
    Page("leder", "initiatives:type-edit", HJOERRING, activity_type),
    Page("leder", "initiatives:initiatives"),
    Page("leder", "initiatives:initiative", find=initiative),
    Page("laeser", "initiatives:initiative", find=initiative),
    Page("leder", "initiatives:initiative-changes", find=initiative),
    Page("leder", "initiatives:overview", DEPARTMENT),
    Page("laeser", "initiatives:overview", DEPARTMENT),
    Page("leder", "initiatives:completeness", DEPARTMENT),
    Page("laeser", "initiatives:completeness", DEPARTMENT),
    Page("leder", "initiatives:compare", DEPARTMENT),
    Page("laeser", "initiatives:compare", DEPARTMENT, query="?kvartal=2026-3"),
    Page("leder", "initiatives:department-year", DEPARTMENT),
    Page("laeser", "initiatives:department-year", DEPARTMENT),
    Page("medarbejder", "initiatives:year", FACILITY),
    Page("leder", "initiatives:curves", DEPARTMENT),
    Page("laeser", "initiatives:curves", DEPARTMENT),
    Page("leder", "initiatives:thresholds", HJOERRING),
    Page("leder", "initiatives:criterion", DEPARTMENT | HERE, criterion),
    Page("laeser", "initiatives:criterion", DEPARTMENT | HERE, criterion),
    Page("leder", "initiatives:measurement-add", DEPARTMENT | HERE, indicator),
    *[Page("leder", "initiatives:section-edit", {"slug": slug}, initiative) for slug in SECTIONS],
    Page("leder", "initiatives:initiative-new"),
    Page("leder", "initiatives:initiative-new-word"),
    Page("leder", "initiatives:initiative-word", find=initiative),
    Page("leder", "initiatives:plan-sheet", FACILITY),
    Page("leder", "initiatives:type-sheet", HJOERRING),
    Page("medarbejder", "initiatives:log-sheet", FACILITY),
    Page("leder", "initiatives:measurement-sheet", find=initiative),
    Page("leder", "facility-sheet", DEPARTMENT),
    Page("leder", "people-sheet", DEPARTMENT),
    Page("admin", "initiatives:getting-started-choose"),
    Page("admin", "initiatives:getting-started", HJOERRING),
    Page("admin", "initiatives:getting-started-department", HJOERRING),
    Page("admin", "initiatives:getting-started-facilities", DEPARTMENT),
    Page("admin", "initiatives:getting-started-people", DEPARTMENT),
    Page("leder", "initiatives:starter-plan", DEPARTMENT),
    Page("leder", "initiatives:starter-initiative", DEPARTMENT),
    Page("leder", "initiatives:initiative-copy", find=initiative),
    Page("leder", "initiatives:initiative-status", {"decision": "pause"}, initiative),
    Page("leder", "initiatives:initiative-status", {"decision": "afslut"}, initiative),
    Page("leder", "initiatives:initiative-facilities", find=initiative),
    Page("leder", "initiatives:local-text", HERE | {"factor": "m"}, initiative),
    Page("leder", "initiatives:initiative-compare", find=initiative),
    Page("leder", "initiatives:criteria", find=initiative),
    Page("laeser", "initiatives:criteria", find=initiative),
    Page("leder", "initiatives:criterion-new", find=initiative),
    Page("leder", "initiatives:criterion-edit", find=its_criterion),
    Page("leder", "initiatives:indicator-new", find=its_criterion),
    Page("leder", "initiatives:indicator-new", find=its_criterion, query="?klar=who-5"),
    Page("leder", "initiatives:indicator-new", find=its_criterion, query="?slags=log"),
    Page("leder", "initiatives:indicator-edit", find=its_indicator),
    Page("leder", "initiatives:target-edit", DEPARTMENT | HERE, indicator),
    Page("leder", "initiatives:measurement-edit", DEPARTMENT | HERE, measurement),
    Page("leder", "initiatives:policies", HJOERRING),
    Page("medarbejder", "initiatives:policies", HJOERRING),
    Page("leder", "initiatives:policy-new", HJOERRING),
    Page("leder", "initiatives:policy-edit", HJOERRING, policy),
    Page("leder", "initiatives:meetings", FACILITY),
    Page("leder", "initiatives:meeting-new", FACILITY),
    Page("leder", "initiatives:department-meetings", DEPARTMENT),
    Page("leder", "initiatives:department-meeting-new", DEPARTMENT),
    Page("leder", "initiatives:meeting", find=meeting),
    Page("laeser", "initiatives:meeting", find=meeting),
    Page("leder", "initiatives:meeting-edit", find=meeting),
    Page("leder", "initiatives:wishes", find=meeting),
    Page("leder", "initiatives:minutes", find=meeting),
    Page("leder", "initiatives:decision-edit", find=decision),
    Page("leder", "initiatives:decision-follow-up", find=decision),
    Page("medarbejder", "history", {"key": "registrering"}, last_activity),
    Page("leder", "history", {"key": "indsats"}, initiative),
    Page("leder", "history", {"key": "moede"}, meeting),
    Page("medarbejder", "history", {"key": "politik"}, policy),
    Page("leder", "history-redact", {"key": "moede"}, meeting),
    Page("medarbejder", "facility-changes", FACILITY),
    Page("leder", "facility-changes", FACILITY),
    Page("leder", "authority-changes", HJOERRING),
    Page("redaktoer", "authority-changes", {"slug": "rebild"}),
]
CLUSTERS = [
    Page("koordinator", "clusters:clusters"),
    Page("laeser", "cluster-changes", CLUSTER),
    Page("koordinator", "clusters:matrix", CLUSTER),
    Page("redaktoer", "clusters:matrix", CLUSTER),
    Page("laeser", "clusters:matrix", CLUSTER),
    Page("koordinator", "clusters:cell-edit", CLUSTER | REBILD, first_proposal),
    Page("koordinator", "clusters:cell-removed", CLUSTER | REBILD, first_proposal),
    Page("koordinator", "clusters:threads", CLUSTER, query="?alle=1"),
    Page("laeser", "clusters:conversation", CLUSTER | REBILD, asked_cell),
    Page("redaktoer", "clusters:conversation", CLUSTER | REBILD, worded_cell),
    Page("koordinator", "clusters:conversation", CLUSTER | REBILD, worded_cell),
    Page("koordinator", "clusters:wording-propose", CLUSTER | REBILD, first_proposal),
    Page("koordinator", "clusters:comment", CLUSTER | REBILD, own_comment),
    Page("laeser", "clusters:steps", CLUSTER),
    Page("redaktoer", "clusters:steps", CLUSTER),
    Page("redaktoer", "clusters:step-done", CLUSTER, next_step),
    Page("koordinator", "clusters:matrix", CLUSTER, query="?vis=rebild&q=sundhed"),
    Page("redaktoer", "clusters:matrix", CLUSTER, query="?vis=rebild&gammel=1"),
    Page("koordinator", "clusters:confirmations", CLUSTER),
    Page("koordinator", "clusters:asks", CLUSTER),
    Page("koordinator", "clusters:ask-new", CLUSTER),
    Page("koordinator", "clusters:ask-new", CLUSTER, query="?hvad=kommenter"),
    Page("koordinator", "clusters:ask", CLUSTER, an_ask),
    Page("redaktoer", "clusters:column", CLUSTER | REBILD),
    Page("redaktoer", "clusters:note-add", CLUSTER | REBILD),
    Page("redaktoer", "clusters:note-edit", CLUSTER, note),
    Page("koordinator", "clusters:imports", CLUSTER),
    Page("redaktoer", "clusters:import-paste", CLUSTER | REBILD),
    Page("koordinator", "clusters:import", CLUSTER, import_draft),
    Page("koordinator", "clusters:import-edit", CLUSTER | {"key": "c0-0"}, import_draft),
    Page("koordinator", "clusters:editions", CLUSTER),
    Page("laeser", "clusters:development", CLUSTER),
    Page("laeser", "clusters:proposal-course", CLUSTER, syd_proposal),
    Page("koordinator", "clusters:freeze", CLUSTER),
    Page("laeser", "clusters:edition", EDITION),
    Page("koordinator", "clusters:edition", EDITION),
    Page("koordinator", "clusters:withdraw", EDITION),
    Page("koordinator", "clusters:write-texts", EDITION),
    Page("koordinator", "clusters:read-links", EDITION),
    Page("koordinator", "clusters:changes", CLUSTER),
    Page("laeser", "clusters:changes", CLUSTER, query="?fra=1&til=kladde"),
    Page("laeser", "clusters:compare", CLUSTER),
    Page("koordinator", "clusters:gaps", CLUSTER),
    Page("laeser", "clusters:coverage", CLUSTER),
    Page("laeser", "clusters:themes", CLUSTER),
    Page("redaktoer", "history", {"key": "uddybning"}, note),
    Page("laeser", "history", {"key": "klynge"}, syd),
    Page("laeser", "history", {"key": "forslag"}, syd_proposal),
    Page("admin", "clusters:new"),
    Page("koordinator", "clusters:setup", CLUSTER),
    Page("koordinator", "clusters:member", CLUSTER, syd_column),
    Page("admin", "clusters:member-take-back", CLUSTER, syd_column),
    Page("koordinator", "clusters:setup-proposals", CLUSTER),
    Page("koordinator", "clusters:proposal", CLUSTER, syd_proposal),
    Page("koordinator", "clusters:group", CLUSTER, syd_group),
    Page("koordinator", "clusters:source-new", CLUSTER),
    Page("koordinator", "clusters:source", CLUSTER, syd_source),
    Page("koordinator", "clusters:setup-people", CLUSTER),
    Page("koordinator", "clusters:setup-successors", CLUSTER),
    Page("koordinator", "clusters:setup-successor", CLUSTER | {"other": "limfjorden"}),
]
REFUSALS = [
    Page("leder", "initiatives:compare", DEPARTMENT, query="?kvartal=1999-1", status=422),
    Page("redaktoer", "initiatives:today", FACILITY, status=404),
    Page("laeser", "clusters:cell-edit", CLUSTER | REBILD, first_proposal, status=403),
    Page("medarbejder", "initiatives:log", FACILITY, query="?fra=31-02-2026", status=422),
]
PAGES = NOBODY + OWN + PEOPLE + INITIATIVES + CLUSTERS + REFUSALS
