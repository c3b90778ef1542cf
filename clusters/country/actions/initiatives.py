"""Makes an initiative for each department: its ten sections, journal, criteria and figures."""

import datetime as dt

from initiatives.documents import journal
from initiatives.documents.sections import BY_SLUG, section_text
from initiatives.enums import Factor, InitiativeStatus
from initiatives.models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Indicator,
    Initiative,
    Policy,
    PolicyGoal,
    SectionChange,
    SuccessCriterion,
)
from krams.danish.collation import sort_key

from .. import sections
from ..draws import id_from, moment_on, some, stream
from .country import YEARS_OF_AN_INITIATIVE, Branch, Country
from .store import CHANGED, CREATED

PLAIN = (
    ("formaal", "purpose"),
    ("maalgruppe", "target_group"),
    ("aktoerer", "actors"),
)


def make_policies(country: Country) -> dict[int, tuple[Policy, list[PolicyGoal]]]:
    """A health policy for each municipality with departments, by its key."""
    made: dict[int, tuple[Policy, list[PolicyGoal]]] = {}
    year = country.order.today.year
    for branch in country.branches:
        municipality = branch.department.municipality
        if municipality.pk in made:
            continue
        chance = stream(country.order.seed, "policy", municipality.code)
        first = year - chance.randint(1, 4)
        policy = Policy(
            municipality=municipality,
            title=f"Sundhedspolitik {first}-{first + 4}",
            valid_from=dt.date(first, 1, 1),
            valid_until=dt.date(first + 4, 12, 31),
            submission_id=id_from(chance),
        )
        country.store.keep(policy, at=country.founded, by=branch.manager)
        goals = [
            country.store.keep(
                PolicyGoal(policy=policy, position=position, text=text),
                at=country.founded,
                by=branch.manager,
            )
            for position, text in enumerate(some(chance, sections.GOALS, 3, 5), start=1)
        ]
        made[municipality.pk] = policy, goals
    return made


def make_initiative(
    country: Country, branch: Branch, policy: Policy, goals: list[PolicyGoal]
) -> None:
    _Document(country, branch, policy, goals).make()


class _Document:
    """One initiative, written section by section: each save is a version with its history."""

    def __init__(
        self, country: Country, branch: Branch, policy: Policy, goals: list[PolicyGoal]
    ) -> None:
        self.country, self.branch, self.store = country, branch, country.store
        self.policy, self.goals = policy, goals
        self.chance = stream(country.order.seed, "initiative", branch.made.number)
        today = country.order.today
        years = dt.timedelta(days=365 * YEARS_OF_AN_INITIATIVE)
        self.starts_on = (today - years).replace(day=1)
        self.day = self.starts_on - dt.timedelta(days=55)
        self.texts = sections.texts(self.chance)

    def make(self) -> None:
        chance, branch = self.chance, self.branch
        self.initiative = initiative = Initiative(
            department=branch.department,
            title=sections.title(chance, branch.made.name),
            submission_id=id_from(chance),
        )
        branch.initiative = initiative
        self.store.remember(initiative, CREATED, at=moment_on(chance, self.day), by=branch.manager)
        self._write_sections()
        self._put_in_force()
        self._rewrite()
        self.store.put(initiative)

    def _save(self, slug: str, before: str, after: str, **values: object) -> dt.datetime:
        """The next version a few days later, with its line in the journal."""
        self.day += dt.timedelta(days=self.chance.randint(1, 5))
        at, initiative = moment_on(self.chance, self.day), self.initiative
        for name, value in values.items():
            setattr(initiative, name, value)
        self.store.remember(initiative, CHANGED, at=at, by=self.branch.manager)
        self.store.put(
            SectionChange(
                initiative=initiative,
                version=initiative.version,
                section=slug,
                before=before,
                after=after,
                saved_by=self.branch.manager,
                saved_at=at,
            )
        )
        return at

    def _write_sections(self) -> None:
        texts, chance = self.texts, self.chance
        initiative, store, by = self.initiative, self.store, self.branch.manager
        titled = {"title": initiative.title, "policy": self.policy}
        without = section_text(BY_SLUG["indsats"], titled | {"policy": None})
        after = section_text(BY_SLUG["indsats"], titled)
        self._save("indsats", without, after, policy=self.policy)
        chosen = some(chance, self.goals, 2, 3)
        self._save("maalsaetning", "", section_text(BY_SLUG["maalsaetning"], {"goals": chosen}))
        for goal in chosen:
            store.link(Initiative.goals.through, initiative_id=initiative.pk, policygoal_id=goal.pk)
        by_factor = sections.factor_texts(chance)
        values: dict[str, object] = {f"factor_{one.value}": by_factor[one] for one in Factor}
        values["introduction"] = texts["introduction"]
        after = section_text(BY_SLUG["beskrivelse"], values)
        at = self._save("beskrivelse", "", after, introduction=texts["introduction"])
        for factor, text in by_factor.items():
            store.keep(FactorText(initiative=initiative, factor=factor, text=text), at=at, by=by)
        for slug, name in PLAIN:
            self._save(slug, "", texts[name], **{name: texts[name]})
        values = {"starts_on": self.starts_on, "ends_on": None, "timeline": texts["timeline"]}
        self._save("tidsplan", "", section_text(BY_SLUG["tidsplan"], values), **values)
        self._write_lines()

    def _write_lines(self) -> None:
        """The sections that hold lines: costs, criteria, points that need attention."""
        texts, chance, by = self.texts, self.chance, self.branch.manager
        rows: list[dict[str, object]] = [
            {"what": what, "facility": None, "amount_dkk": amount}
            for what, amount in sections.costs(chance)
        ]
        values: dict[str, object] = {"economy": texts["economy"], "rows": rows}
        after = section_text(BY_SLUG["oekonomi"], values)
        at = self._save("oekonomi", "", after, economy=texts["economy"])
        for position, row in enumerate(rows, start=1):
            line = EconomyLine(
                initiative=self.initiative,
                position=position,
                what=row["what"],
                amount_dkk=row["amount_dkk"],
            )
            self.store.keep(line, at=at, by=by)
        self._write_criteria()
        rows = [
            {"text": text, "factor": factor, "follow_up_on": self._due(), "closed_on": None}
            for text, factor in sections.attention_points(chance)
        ]
        values = {"follow_up": texts["follow_up"], "rows": rows}
        after = section_text(BY_SLUG["opfoelgning"], values)
        at = self._save("opfoelgning", "", after, follow_up=texts["follow_up"])
        for position, row in enumerate(rows, start=1):
            point = AttentionPoint(initiative=self.initiative, position=position, **row)
            self.store.keep(point, at=at, by=by)

    def _due(self) -> dt.date | None:
        if self.chance.random() < 0.3:
            return None
        return self.country.order.today + dt.timedelta(days=self.chance.randint(-30, 120))

    def _write_criteria(self) -> None:
        note, by = self.texts["criteria_note"], self.branch.manager
        rows = [
            {
                "number": number,
                "title": made.title,
                "short_title": made.short_title,
                "factors": list(made.factors),
            }
            for number, made in enumerate(sections.CRITERIA, start=1)
        ]
        after = section_text(BY_SLUG["succeskriterier"], {"criteria_note": note, "rows": rows})
        at = self._save("succeskriterier", "", after, criteria_note=note)
        for number, made in enumerate(sections.CRITERIA, start=1):
            criterion = SuccessCriterion(
                initiative=self.initiative,
                number=number,
                title=made.title,
                short_title=made.short_title,
                factors=made.factors,
            )
            self.store.keep(criterion, at=at, by=by)
            indicators = [
                self._indicator(criterion, position, indicator, at)
                for position, indicator in enumerate(made.indicators, start=1)
            ]
            self.branch.criteria.append((criterion, indicators))

    def _indicator(
        self,
        criterion: SuccessCriterion,
        position: int,
        made: sections.MadeIndicator,
        at: dt.datetime,
    ) -> Indicator:
        least, most = made.bounds or (None, None)
        indicator = Indicator(
            criterion=criterion,
            position=position,
            name=made.name,
            kind=made.kind,
            direction=made.direction,
            unit=made.unit,
            frequency=made.frequency,
            log_measure=made.log_measure,
            log_factor=made.log_factor,
            minimum=least,
            maximum=most,
            source=made.source,
            starts_on=self.starts_on,
        )
        return self.store.keep(indicator, at=at, by=self.branch.manager)

    def _put_in_force(self) -> None:
        initiative = self.initiative
        places = [site.facility for site in self.branch.sites]
        after = journal.facilities_text(sorted(places, key=lambda one: sort_key(one.name)))
        self._save(journal.FACILITIES, "", after)
        for place in places:
            self.store.link(
                Initiative.facilities.through, initiative_id=initiative.pk, facility_id=place.pk
            )
        before = journal.status_text(initiative)
        initiative.status = InitiativeStatus.ACTIVE
        self._save(journal.STATUS, before, journal.status_text(initiative))

    def _rewrite(self) -> None:
        """What was written once is written better later, up to lately."""
        chance, today = self.chance, self.country.order.today
        for _time in range(chance.randint(3, 8)):
            days = (today - self.day).days
            self.day += dt.timedelta(days=max(1, days // 5))
            if (today - self.day).days < 6:
                break
            slug, name = chance.choice((*PLAIN, ("opfoelgning", "follow_up")))
            if slug == "opfoelgning":
                continue
            before = getattr(self.initiative, name)
            after = sections.texts(chance)[name]
            if after != before:
                self._save(slug, before, after, **{name: after})
