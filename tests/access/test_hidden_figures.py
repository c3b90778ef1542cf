"""What is hidden as being about few people shows nowhere, by nothing.

Everything that a reader gets at one moment, at neighbouring ones and through filters is compared,
letter by letter, with what she gets where the hidden figures are other small ones. Where nothing
differs, nothing that she subtracts, divides or looks up narrows them down: each of those figures
could be any of the others.
"""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.criteria.few_people import quarters_of
from initiatives.enums import IndicatorKind
from initiatives.models import Activity, FacilityIndicator, Indicator, Initiative, Measurement
from krams.danish.quarters import Quarter
from krams.enums import Role
from krams.models import Facility, User
from krams.privacy.small_counts import average_is_small, share_is_small
from krams.worklist.registry import sections_for
from tests.access.paths import cases
from tests.access.world import World
from tests.demo import DemoTestCase
from tests.initiatives.planning import make_activity

# Part and whole: of few people, or with few others.
SHARES = [(2, 14), (1, 3), (13, 14), (4, 4)]
# An average and how many it is of: of few, and of a place with nobody knows how many places.
AVERAGES = [(31, 2), (64, 4), (47, 1), (58, 3)]
UNKNOWN = [33, 61, 48, 52]
# Of three weeks that follow each other: the first waits for the second, and the last for another.
PEOPLE = [(3, 9, 2), (1, 11, 4), (4, 8, 1), (2, 10, 3)]
# What is another one each time, whatever is asked.
CHANCE = re.compile(
    r'nonce-[\w+/=-]+|nonce="[^"]*"|(?<=csrfmiddlewaretoken" value=")\w+|"X-CSRFToken": "\w+"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Za-z0-9]{64}"
)
FILTERS = {
    "compare": ("", "?kvartal={quarter}", "?kvartal={before}"),
    "log": ("", "?fra={first}&til={last}", "?fra={first}", "?faktor=K", "?udfald=held"),
    "period": ("", "?fra={first}&til={last}"),
}
# They hold what is drawn by lot or tells of one's own log-ins, and no figures.
BY_LOT = ("/konto/2fa/", "/konto/log-ins/", "/konto/mine-oplysninger")


def told(answer) -> str:
    """What somebody can read of an answer, also of a file that is packed."""
    content = answer.getvalue()
    if content[:2] != b"PK":
        return CHANCE.sub("", content.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in packed.namelist() if not name.endswith("core.xml")]
        return "".join(f"{name}: {packed.read(name).decode('utf-8', 'replace')}" for name in names)


def quarter_of_week(monday: dt.date) -> Quarter:
    [quarter] = quarters_of([monday])
    return quarter


class HiddenFigures(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.world = World()
        cls.noon = timezone.localtime().replace(hour=12, minute=0)
        facility = cls.world.facility
        cls.small, cls.weeks = [], []
        cls.initiative = Initiative.objects.filter(
            department=cls.world.department, facilities=facility, criteria__isnull=False
        ).first()
        criterion = cls.initiative.criteria.filter(retired=False).first()
        start = cls.noon.date() - dt.timedelta(days=200)
        cls.indicator = Indicator.objects.create(
            criterion=criterion, name="Har en kontaktperson", position=90, kind=IndicatorKind.SHARE,
            direction="more", unit="%", starts_on=start,
        )  # fmt: skip
        Facility.objects.filter(pk=facility.pk).update(place_count=None)
        cls.averages = cls.averages_of(criterion, "Trivsel", start, 92, people=3)
        cls.unknown = cls.averages_of(criterion, "Søvn i timer", start, 93, people=None)
        Indicator.objects.create(
            criterion=criterion, name="Deltagelser i kost", position=91, kind=IndicatorKind.LOG,
            log_measure="participations", log_factor="K", direction="more", starts_on=start,
            unit="deltagelser",
        )  # fmt: skip
        others = cls.initiative.facilities.exclude(pk=facility.pk)
        for number, place in enumerate([facility, *others]):
            followed = FacilityIndicator.objects.create(indicator=cls.indicator, facility=place)
            for days in (150, 40):
                one = Measurement.objects.create(
                    facility_indicator=followed, value=50, numerator=6 + number,
                    denominator=12 + 2 * number, measured_on=cls.noon.date() - dt.timedelta(days),
                )  # fmt: skip
                if place == facility:
                    cls.small.append(one)
        monday = cls.noon.date() - dt.timedelta(days=cls.noon.weekday())
        if quarter_of_week(monday) != quarter_of_week(monday + dt.timedelta(weeks=1)):
            # The second week would begin a quarter, and be told by itself.
            monday += dt.timedelta(weeks=1)
        quarter = monday.replace(month=(monday.month + 2) // 3 * 3 - 2, day=1)
        cls.first = max(monday - dt.timedelta(weeks=3), quarter)
        for number in range(3):
            day = monday + dt.timedelta(weeks=number, days=1)
            made = make_activity(facility, held_on=day, factors="KRA", title="Madklub")
            cls.weeks.append(made)

    @classmethod
    def averages_of(cls, criterion, name, start, position, people):
        """Of the facility itself; that beside it has one of 12, so that there is something to see.

        The first one is the baseline.
        """
        indicator = Indicator.objects.create(
            criterion=criterion, name=name, position=position, kind=IndicatorKind.VALUE,
            direction="more", unit="point", starts_on=start,
        )  # fmt: skip
        small, days = [], [cls.noon.date() - dt.timedelta(days) for days in (150, 40)]
        beside = cls.initiative.facilities.exclude(pk=cls.world.facility.pk).first()
        for place, number in ((cls.world.facility, people), (beside, 12)):
            followed = FacilityIndicator.objects.create(
                indicator=indicator, facility=place, baseline=50, baseline_on=days[0], target=60
            )
            made = [
                Measurement.objects.create(
                    facility_indicator=followed, value=50, people=number, measured_on=day
                )
                for day in days
            ]
            if place == cls.world.facility:
                small = made
        return small

    def vary(self, number):
        part, whole = SHARES[number]
        assert share_is_small(part, whole)
        Measurement.objects.filter(pk__in=[one.pk for one in self.small]).update(
            numerator=part, denominator=whole, value=Decimal(100 * part) / whole
        )
        average, of = AVERAGES[number]
        assert average_is_small(of, None)
        for found, changed in (
            (self.averages, {"value": average, "people": of}),
            (self.unknown, {"value": UNKNOWN[number]}),
        ):
            Measurement.objects.filter(pk__in=[one.pk for one in found]).update(**changed)
            FacilityIndicator.objects.filter(measurements__in=found).update(
                baseline=changed["value"]
            )
        for one, people in zip(self.weeks, PEOPLE[number], strict=True):
            Activity.objects.filter(pk=one.pk).update(participant_count=people)

    def reader(self, name, **places):
        """Somebody with the role of a viewer, and with further ones."""
        user = User.objects.create_user(f"{name}@proeve.example", name="Læser")
        user.memberships.create(role=Role.VIEWER, department=self.world.department)
        for role, facility in places.items():
            user.memberships.create(role=role, facility=facility)
        return user

    def seen(self, user, paths):
        client = Client()
        client.force_login(user)
        found = {}
        for path in paths:
            answer = client.get(path)
            if answer.status_code == 200:
                found[path] = told(answer)
        return found

    def differences(self, user, paths):
        """Addresses that answer another text for any of the worlds."""
        worlds = []
        for number in range(2):
            self.vary(number)
            worlds.append(self.seen(user, paths))
        assert all(world.keys() == worlds[0].keys() for world in worlds)
        return {path for path in worlds[0] if len({world[path] for world in worlds}) > 1}, worlds

    def every_path(self):
        """Every address that is read, at every place, but PDF: made of the same paper as Word."""
        found = [one.path for one in cases(self.world) if one.rule.read and one.kind != "pdf"]
        own = f"/{self.world.facility.slug}/"
        for other in self.initiative.facilities.all():
            found += [path.replace(own, f"/{other.slug}/") for path in found if own in path]
        return [path for path in dict.fromkeys(found) if not path.startswith(BY_LOT)]

    def crossing(self):
        """What crosses facilities or counts, with its filters."""
        today = timezone.localdate()
        quarter, before = ((day.year, (day.month + 2) // 3) for day in (today, self.first))
        words = {
            "quarter": "{}-{}".format(*quarter),
            "before": "{}-{}".format(*before),
            "first": self.first.strftime("%d.%m.%Y"),
            "last": (today - dt.timedelta(days=7)).strftime("%d.%m.%Y"),
        }
        department, slug = self.world.department.slug, self.world.facility.slug
        criterion = self.indicator.criterion_id
        paths = [
            *((name, [department]) for name in ("overview", "curves", "compare")),
            *((f"{name}-export", [department, "xlsx"]) for name in ("overview", "compare")),
            *((name, [slug]) for name in ("log", "period", "today")),
            ("log-export", [slug, "csv"]),
            *(("criterion", [department, criterion, one.slug])
              for one in Facility.objects.filter(department=self.world.department)),
        ]  # fmt: skip
        return [
            reverse(f"initiatives:{name}", args=arguments) + one.format(**words)
            for name, arguments in paths
            for one in FILTERS.get(name.removesuffix("-export"), ("",))
        ]

    def test_every_address(self):
        with time_machine.travel(self.noon + dt.timedelta(weeks=3), tick=False):
            beside = self.initiative.facilities.exclude(pk=self.world.facility.pk).first()
            user = self.reader("laeser", **{Role.MANAGER: beside})
            found, worlds = self.differences(user, self.every_path())
            assert len(worlds[0]) > 100
            assert found == set()

    def test_who_works_there_sees_them(self):
        """The worlds do differ, where somebody may see it."""
        with time_machine.travel(self.noon + dt.timedelta(weeks=3), tick=False):
            own = self.reader("leder", **{Role.MANAGER: self.world.facility})
            found, _worlds = self.differences(own, self.crossing())
            slug = self.world.facility.slug
            department, criterion = self.world.department.slug, self.indicator.criterion_id
            assert reverse("initiatives:log", args=[slug]) in found
            assert reverse("initiatives:criterion", args=[department, criterion, slug]) in found
            # Pages that others read along hide the same from everybody.
            for name in ("overview", "curves", "compare"):
                assert reverse(f"initiatives:{name}", args=[department]) not in found

    def test_neighbouring_moments_and_filters(self):
        """Week by week, over the end of a quarter, with a facility that leaves and one that comes
        back, a figure that is measured again, and one of somebody else that is."""
        user = self.reader("laeser")
        other = self.initiative.facilities.exclude(pk=self.world.facility.pk).first()
        followed = FacilityIndicator.objects.get(indicator=self.indicator, facility=other)

        def measured(place):
            where = FacilityIndicator.objects.get(indicator=self.indicator, facility=place)
            Measurement.objects.create(
                facility_indicator=where, value=50, numerator=9, denominator=18,
                measured_on=timezone.localdate(),
            )  # fmt: skip

        steps = {
            1: lambda: measured(other),
            2: lambda: self.initiative.facilities.remove(other),
            3: lambda: self.initiative.facilities.add(other),
            4: lambda: measured(self.world.facility),
            14: lambda: followed.delete(),
        }
        for weeks, change in steps.items():
            with time_machine.travel(self.noon + dt.timedelta(weeks=weeks), tick=False):
                change()
                found, worlds = self.differences(user, self.crossing())
                assert len(worlds[0]) > 15
                assert found == set(), (weeks, found)

    def test_letters(self):
        """The weekly e-mail to who reads the department and manages a house beside."""
        beside = self.initiative.facilities.exclude(pk=self.world.facility.pk).first()
        user = self.reader("laeser", **{Role.MANAGER: beside})
        texts = set()
        with time_machine.travel(self.noon + dt.timedelta(weeks=10), tick=False):
            for number in range(len(SHARES)):
                self.vary(number)
                found = sections_for(user, timezone.localdate())
                texts.add(tuple(line.whole for section in found for line in section.lines))
        [lines] = texts
        assert len(lines) > 3
