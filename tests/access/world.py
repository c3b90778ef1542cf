"""One world for the sweep: the demo, something of every kind in it, and everybody who may ask.

Everything lies at Mosbjerghus, its department and Hjørring; in Klynge Syd, and there in Rebild's
column. "Own" roles are held there. Roles beside it are held at a neighbour: another facility of the
department, another department of Hjørring, another member of Klynge Syd. Roles elsewhere are held
where none of it lies.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils import timezone

from clusters.models import (
    AskedColumn,
    Comment,
    EditionText,
    Effort,
    ImportDraft,
    Position,
    ReadLink,
    Thread,
)
from initiatives.calendar.actions import renew_link
from initiatives.enums import MeetingKind
from initiatives.models import (
    ActivityType,
    AgendaItem,
    Assessment,
    Decision,
    FacilityPause,
    FollowUpSettings,
    LaterPoint,
    Meeting,
    PlannedActivity,
)
from krams.enums import SCOPES_OF_ROLE, Role
from krams.models import Authority, Cluster, Department, Facility, Invitation, Membership, User
from krams.roles.actions.grants import give_role
from krams.roles.actions.links import new_link
from krams.roles.permissions import Permission
from krams.roles.places import Place
from krams.roles.rules import Held, Kind
from tests.roles import secret_of

YESTERDAY = -1
# At which kinds of neighbours a role counts for a place: it lies in the same.
BESIDE = {
    Kind.DEPARTMENT: {Kind.FACILITY},
    Kind.AUTHORITY: {Kind.FACILITY, Kind.DEPARTMENT},
    Kind.CLUSTER: {Kind.AUTHORITY, Kind.COLUMN},
}
OWN, NEAR, FAR = "own", "beside", "elsewhere"
EVERY_ROLE = frozenset(
    {Held(role, Kind(scope)) for role, scopes in SCOPES_OF_ROLE.items() for scope in scopes}
    | {Held(Role.EDITOR, Kind.COLUMN)}
)
LOG_IN = "log-in"


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: with roles in force somewhere, or with none."""

    name: str
    where: str = OWN
    held: frozenset[Held] = frozenset()
    is_superuser: bool = False
    has_account: bool = True

    def counted(self, about: Kind | None) -> frozenset[Held]:
        """The roles that count for a place of a kind in the world."""
        if about is None or self.where == OWN:
            return self.held
        if self.where == FAR:
            return frozenset()
        return frozenset(one for one in self.held if one.kind in BESIDE.get(about, ()))

    def refusal(self, permission: Permission) -> int | str | None:
        """What the table says that the person gets: a status, the log-in, or None for "may"."""
        if permission.for_strangers:
            return None
        if not self.has_account:
            return LOG_IN
        if permission.within and (outer := self.refusal(permission.within)):
            return outer
        if permission.for_everybody or self.counted(permission.about) & permission.holders:
            return None
        return None if self.is_superuser and not permission.is_personal else permission.refused

    def __str__(self) -> str:
        return self.name


def actors() -> list[Actor]:
    """Each role at each kind of place alone; all roles together where none may count."""
    each = sorted(EVERY_ROLE, key=lambda one: (one.role, one.kind))
    return [
        *(Actor(f"{one.role} of the {one.kind}", OWN, frozenset({one})) for one in each),
        *(
            Actor(f"{one.role} of another {one.kind}", NEAR, frozenset({one}))
            for one in each
            if one.kind != Kind.CLUSTER
        ),
        # Roles add up: what is refused to all of them together is refused to each.
        Actor("all roles elsewhere", FAR, EVERY_ROLE),
        Actor("all roles until yesterday", OWN),
        Actor("superuser", OWN, is_superuser=True),
        Actor("no role"),
        Actor("all roles, deactivated", has_account=False),
        Actor("nobody", has_account=False),
    ]


class World:
    """What is there, by the names that the sweep asks for."""

    def __init__(self) -> None:
        self.hjoerring = Authority.objects.get(slug="hjoerring")
        self.rebild = Authority.objects.get(slug="rebild")
        self.facility = Facility.objects.get(slug="mosbjerghus")
        self.department = self.facility.department
        self.syd = Cluster.objects.get(slug="syd")
        self.admin = User.objects.get(email="admin@demo.example")
        self.coordinator = User.objects.get(email="koordinator@demo.example")
        self._places()
        self.tomorrow = timezone.localdate() + dt.timedelta(days=1)
        self.meetings = {
            "facility": self._meeting(facility=self.facility, kind=MeetingKind.HOUSE),
            "department": self._meeting(department=self.department, kind=MeetingKind.MANAGEMENT),
        }
        self._people()
        self._facility()
        self._column()

    def _places(self) -> None:
        """Where the roles are held."""
        beside = Department.objects.create(
            municipality=self.hjoerring, name="Naboafdelingen", slug="naboafdelingen"
        )
        mors = Authority.objects.get(slug="morsoe")
        far = Department.objects.create(municipality=mors, name="Mors", slug="afdeling-paa-mors")
        fjord = Facility.objects.create(department=far, name="Fjordhuset", slug="fjordhuset")
        member = Authority.objects.get(slug="mariagerfjord")
        near = Department.objects.create(municipality=member, name="Fjorden", slug="ved-fjorden")
        Facility.objects.create(department=near, name="Havnen", slug="havnen")
        Facility.objects.create(department=beside, name="Engen", slug="engen")
        limfjorden = Cluster.objects.get(slug="limfjorden")
        vest = Cluster.objects.get(slug="vest")
        # Rebild's column lies in Klynge Syd, Hjørring has the facility. Limfjorden follows Syd.
        self.places = {
            (OWN, Kind.FACILITY): [{"facility": self.facility}],
            (OWN, Kind.DEPARTMENT): [{"department": self.department}],
            (OWN, Kind.AUTHORITY): [{"authority": self.hjoerring}, {"authority": self.rebild}],
            (OWN, Kind.CLUSTER): [{"cluster": self.syd}, {"cluster": limfjorden}],
            (OWN, Kind.COLUMN): [{"authority": self.rebild, "within": self.syd}],
            (NEAR, Kind.FACILITY): [{"facility": Facility.objects.get(slug="botilbud-a")}],
            (NEAR, Kind.DEPARTMENT): [{"department": beside}],
            (NEAR, Kind.AUTHORITY): [{"authority": member}],
            (NEAR, Kind.COLUMN): [{"authority": member, "within": self.syd}],
            (FAR, Kind.FACILITY): [{"facility": fjord}],
            (FAR, Kind.DEPARTMENT): [{"department": far}],
            (FAR, Kind.AUTHORITY): [{"authority": mors}],
            (FAR, Kind.CLUSTER): [{"cluster": vest}],
            (FAR, Kind.COLUMN): [{"authority": mors, "within": vest}],
        }

    def give(self, user: User, held: frozenset[Held], where: str, **dates: dt.date) -> None:
        for one in held:
            for place in self.places[where, one.kind]:
                Membership.objects.create(user=user, role=one.role, **place, **dates)

    def account_of(self, actor: Actor) -> User:
        """An account as the actor's; of the deactivated one while it still was open."""
        number = User.objects.count()
        user = User.objects.create_user(
            f"adgang{number}@proeve.example",
            name=f"Konto {number}",
            is_superuser=actor.is_superuser,
        )
        user.is_staff = actor.is_superuser
        user.save()
        if actor.name.startswith("all roles,"):
            self.give(user, EVERY_ROLE, OWN)
        elif actor.name.endswith("yesterday"):
            ended = timezone.localdate() + dt.timedelta(days=YESTERDAY)
            self.give(user, EVERY_ROLE, OWN, valid_until=ended)
        else:
            self.give(user, actor.held, actor.where)
        return user

    def _meeting(self, **values: object) -> dict:
        meeting = Meeting.objects.create(held_on=self.tomorrow, repeats="weekly", **values)
        later = {name: values[name] for name in ("facility", "department") if name in values}
        row = {"meeting": meeting, "text": "Et punkt"}
        decided = {
            "meeting": meeting,
            "text": "En aftale",
            "responsible_role": "Leder",
            "due_on": self.tomorrow,
        }
        return {
            "meeting": meeting,
            "item": AgendaItem.objects.create(**row),
            "removed item": AgendaItem.objects.create(**row, removed_at=timezone.now()),
            "decision": Decision.objects.create(**decided),
            "removed decision": Decision.objects.create(**decided, removed_at=timezone.now()),
            "later": LaterPoint.objects.create(text="Senere", **later),
        }

    def _people(self) -> None:
        place = Place(Kind.FACILITY, self.facility.pk)
        given = give_role(
            place=place,
            role=Role.STAFF,
            email="inviteret@proeve.example",
            name="Ny medarbejder",
            by=self.admin,
        )
        assert given.invitation is not None
        self.invitation = given.invitation
        colleague = User.objects.get(email="medarbejder@demo.example")
        self.colleague, self.their_role = colleague, colleague.memberships.get()
        named = User.objects.create_user("udpeget@proeve.example", name="Udpeget redaktør")
        self.named = Membership.objects.create(
            user=named, role=Role.EDITOR, authority=self.rebild, within=self.syd
        )

    def _facility(self) -> None:
        self.feed = renew_link(facility=self.facility, version=0, by=self.admin)
        self.settings = FollowUpSettings.objects.create(municipality=self.hjoerring)
        self.type = ActivityType.objects.create(
            municipality=self.hjoerring, name="Egen type", factors="M"
        )
        self.pause = FacilityPause.objects.create(
            facility=self.facility, starts_on=self.tomorrow, reason="Flytning"
        )
        self.plan = PlannedActivity.objects.filter(facility=self.facility, ends_on=None).first()
        self.assessment = Assessment.objects.filter(facility=self.facility).first()

    def _column(self) -> None:
        draft = ImportDraft.objects.get()
        self.drafts = {
            "cluster": draft,
            "column": ImportDraft.objects.create(
                cluster=self.syd,
                authority=self.rebild,
                reading=draft.reading,
                submission_id=uuid.uuid4(),
            ),
        }
        self.asked = AskedColumn.objects.get()
        self.link = ReadLink.objects.get()
        self.comment = Comment.objects.earliest("pk")
        self.position = Position.objects.filter(
            proposal__cluster=self.syd, authority=self.rebild
        ).first()
        self.effort = Effort.objects.filter(cluster=self.syd, authority=self.rebild).first()
        self.text = EditionText.objects.get()
        self.thread = Thread.objects.get(wording=None)
        self.worded = Thread.objects.exclude(wording=None).get()

    def invitation_secret(self) -> str:
        return secret_of(new_link(Invitation.objects.get(pk=self.invitation.pk)))
