"""What facilities put into their weekly plans, and how each of it usually goes."""

import datetime as dt
from dataclasses import dataclass

from initiatives.enums import CancellationReason

STAFFING, NO_INTEREST, WEATHER, ILLNESS, CLOSED, OTHER = (
    CancellationReason.STAFFING.value,
    CancellationReason.NO_INTEREST.value,
    CancellationReason.WEATHER.value,
    CancellationReason.ILLNESS.value,
    CancellationReason.CLOSED.value,
    CancellationReason.OTHER.value,
)
INSIDE = (STAFFING, NO_INTEREST, ILLNESS, STAFFING, OTHER)
OUTSIDE = (WEATHER, STAFFING, WEATHER, NO_INTEREST, ILLNESS)
ELSEWHERE = (STAFFING, CLOSED, ILLNESS, NO_INTEREST)


@dataclass(frozen=True, slots=True)
class PlanKind:
    """``type`` is one of the common activity types; without ``titles`` it goes by that name.

    ``people`` are the least and the most who come.
    """

    type: str
    titles: tuple[str, ...]
    hour: int
    minutes: int
    role: str
    people: tuple[int, int]
    reasons: tuple[str, ...]

    @property
    def time(self) -> dt.time:
        return dt.time(self.hour)


DAY, EVENING, MORNING = (
    "Medarbejder på dagvagt",
    "Medarbejder på aftenvagt",
    "Medarbejder på morgenvagt",
)
COOK, NURSE, TRAINER, CONTACT = (
    "Ernæringsassistent",
    "Sygeplejerske",
    "Idrætsvejleder",
    "Kontaktperson",
)
KINDS = (
    PlanKind("Fælles måltid", ("Fælles morgenmad", "Morgenbord"), 8, 45, MORNING, (5, 14), INSIDE),
    PlanKind(
        "Fælles måltid",
        ("Fællesspisning", "Aftensmad i fællesstuen", "Søndagsfrokost"),
        17,
        60,
        EVENING,
        (4, 16),
        INSIDE,
    ),
    PlanKind("Madlavning", ("Madlavning i små hold", "Madhold"), 15, 90, COOK, (2, 7), INSIDE),
    PlanKind("Madlavning", ("Grøn mandag", "Bagedag", "Suppedag"), 14, 90, COOK, (2, 6), INSIDE),
    PlanKind("Indkøbstur", ("Indkøb og madplan",), 13, 75, DAY, (1, 5), INSIDE),
    PlanKind("Smag på grønt", ("Grøntsagssmagning", "Frugtpause"), 14, 30, COOK, (3, 12), INSIDE),
    PlanKind("Køkkenhave", ("Højbede og drivhus", ""), 13, 60, DAY, (1, 6), OUTSIDE),
    PlanKind("Kostsnak", ("Kostvejledning", ""), 11, 45, COOK, (1, 4), INSIDE),
    PlanKind(
        "Rygestopsamtale", ("Rygestophold", "Rygestoprådgivning"), 13, 45, NURSE, (1, 5), INSIDE
    ),
    PlanKind("Røgfri pause", ("", "Røgfri formiddagspause"), 10, 20, DAY, (2, 8), INSIDE),
    PlanKind("Røgfri time", ("Røgfri aftentime", ""), 19, 60, EVENING, (2, 9), INSIDE),
    PlanKind("Gåtur i stedet for rygning", ("", "Røgfri gåtur"), 15, 30, DAY, (1, 6), OUTSIDE),
    PlanKind("Temaaften om rusmidler", ("Rusmiddelcafe", ""), 18, 90, CONTACT, (3, 11), INSIDE),
    PlanKind("Åben rådgivning", ("Åben rusmiddelrådgivning", ""), 12, 90, NURSE, (1, 6), INSIDE),
    PlanKind("Samtale om alkohol", ("Alkoholsamtaler", ""), 13, 60, CONTACT, (1, 4), INSIDE),
    PlanKind(
        "Rusmiddelfrit samvær",
        ("Alkoholfri fredag", "Spilleaften"),
        19,
        120,
        EVENING,
        (3, 12),
        INSIDE,
    ),
    PlanKind("Gåtur", ("Fælles gåtur", "Morgengåtur", "Gåhold"), 10, 40, DAY, (2, 10), OUTSIDE),
    PlanKind("Gåtur", ("Aftengåtur", "Gåtur med hunden"), 18, 45, EVENING, (1, 7), OUTSIDE),
    PlanKind("Gymnastik", ("Stolegymnastik", "Morgengymnastik"), 9, 30, TRAINER, (3, 11), INSIDE),
    PlanKind("Svømning", ("Svømmehal", "Vandgymnastik"), 13, 120, TRAINER, (2, 6), ELSEWHERE),
    PlanKind(
        "Styrketræning", ("Træning i kælderen", "Styrkehold"), 15, 60, TRAINER, (1, 6), INSIDE
    ),
    PlanKind("Naturtur", ("Skovtur", "Tur til stranden"), 12, 150, DAY, (2, 8), OUTSIDE),
    PlanKind(
        "Boldspil",
        ("Fodbold på banen", "Badminton", "Bordtennis"),
        16,
        60,
        TRAINER,
        (3, 10),
        ELSEWHERE,
    ),
    PlanKind("Fitness", ("Fitnesscenter", ""), 14, 75, TRAINER, (1, 5), ELSEWHERE),
    PlanKind("Mindfulness", ("", "Ro på"), 16, 30, CONTACT, (2, 7), INSIDE),
    PlanKind("Sanserum", ("", "Tid i sanserummet"), 15, 45, CONTACT, (1, 3), INSIDE),
    PlanKind(
        "Trivselsarrangement",
        ("Musikaften", "Banko", "Filmaften"),
        19,
        120,
        EVENING,
        (5, 18),
        INSIDE,
    ),
    PlanKind("Aftenro", ("", "Te og aftenro"), 21, 30, EVENING, (2, 9), INSIDE),
    PlanKind("Søvnsnak", ("Søvnskole", "Søvnhygiejne"), 14, 45, NURSE, (1, 5), INSIDE),
    PlanKind(
        "Kaffefri eftermiddag", ("", "Urtete i stedet for kaffe"), 15, 45, DAY, (2, 9), INSIDE
    ),
    PlanKind("Fast dagsrytme", ("Dagens plan", ""), 9, 20, MORNING, (3, 12), INSIDE),
    PlanKind("Snak om sund livsstil", ("Sundhedscafe", ""), 14, 60, NURSE, (3, 10), INSIDE),
)
# What is held without having been planned: the type, and names of its own that some of it has.
UNPLANNED = (
    ("Naturtur", ("Kold dukkert", "Tur i dyrehaven", "Bærplukning")),
    ("Gåtur", ("Luftetur efter aftensmaden", "Byvandring")),
    ("Trivselsarrangement", ("Fødselsdag i fællesstuen", "Grillaften", "Koncert i parken")),
    ("Indkøbstur", ("Tur på genbrugsmarkedet", "Grøntsager hos gårdbutikken")),
    ("Snak om sund livsstil", ("Blodtryksmåling", "Besøg af sundhedsbussen")),
    ("Madlavning", ("Syltning", "Pandekager til alle")),
    ("Søvnsnak", ("Snak om dyner og mørke gardiner",)),
    ("Samtale om alkohol", ("Snak efter weekenden",)),
)
