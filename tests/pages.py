"""The pages of the demo and who opens them: for the checks of HTML, figures and accessibility."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from clusters.models import AuthorityNote, ImportDraft, Proposal, ProposalGroup, SourceDocument
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
from krams.mail import unsubscribe_links
from krams.models import Cluster, ClusterMembership, Facility, User


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


NOBODY = [
    Page("", "account_login"),
    Page("", "account_reset_password"),
    Page("", "account_reset_password_done"),
    Page("", "help"),
    Page("", "accessibility"),
    Page("", "privacy"),
    Page("", "components"),
    Page("", "unsubscribe", find=unsubscribing_link),
    Page("", "unsubscribe", {"token": "forfalsket"}, status=404),
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
    Page("medarbejder", "mfa_list_webauthn"),
    Page("medarbejder", "account_reauthenticate"),
    Page("medarbejder", "account_logout"),
    Page("medarbejder", "help"),
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


INITIATIVES = [
    Page("leder", "initiatives:facilities"),
    Page("medarbejder", "initiatives:today", FACILITY),
    Page("leder", "initiatives:today", FACILITY),
    Page("laeser", "initiatives:today", FACILITY),
    Page("medarbejder", "initiatives:rhythm", FACILITY),
    Page("medarbejder", "initiatives:log", FACILITY),
    Page("laeser", "initiatives:log", FACILITY),
    Page("medarbejder", "initiatives:log", FACILITY, query="?faktor=m&fra=01-01-2026"),
    Page("medarbejder", "initiatives:activity-edit", FACILITY, last_activity),
    Page("leder", "initiatives:plan", FACILITY),
    Page("laeser", "initiatives:plan", FACILITY),
    Page("leder", "initiatives:plan-add", FACILITY),
    Page("leder", "initiatives:plan-edit", FACILITY, plan),
    Page("leder", "initiatives:plan-end", FACILITY, plan),
    Page("leder", "initiatives:plan-pause", FACILITY, plan),
    Page("leder", "initiatives:pause-edit", FACILITY, paused_plan),
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
]
CLUSTERS = [
    Page("koordinator", "clusters:clusters"),
    Page("koordinator", "clusters:matrix", CLUSTER),
    Page("redaktoer", "clusters:matrix", CLUSTER),
    Page("laeser", "clusters:matrix", CLUSTER),
    Page("koordinator", "clusters:cell-edit", CLUSTER | REBILD, first_proposal),
    Page("koordinator", "clusters:cell-removed", CLUSTER | REBILD, first_proposal),
    Page("koordinator", "clusters:matrix", CLUSTER, query="?vis=rebild&q=sundhed"),
    Page("redaktoer", "clusters:matrix", CLUSTER, query="?vis=rebild&gammel=1"),
    Page("koordinator", "clusters:confirmations", CLUSTER),
    Page("redaktoer", "clusters:note-add", CLUSTER | REBILD),
    Page("redaktoer", "clusters:note-edit", CLUSTER, note),
    Page("koordinator", "clusters:imports", CLUSTER),
    Page("redaktoer", "clusters:import-paste", CLUSTER | REBILD),
    Page("koordinator", "clusters:import", CLUSTER, import_draft),
    Page("koordinator", "clusters:import-edit", CLUSTER | {"key": "c0-0"}, import_draft),
    Page("koordinator", "clusters:editions", CLUSTER),
    Page("koordinator", "clusters:freeze", CLUSTER),
    Page("laeser", "clusters:edition", CLUSTER | {"number": 1}),
    Page("koordinator", "clusters:withdraw", CLUSTER | {"number": 1}),
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
