"""Which facilities a country has: so many in each municipality, in departments, each with a name.

Names are made of parts that places have in Denmark; nobody's name is among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from krams.danish.slugs import danish_slug
from krams.enums import FacilityKind

from .draws import stream

# Thousands of inhabitants by municipality code, roughly: only what they are to each other matters.
INHABITANTS = {
    **{"0101": 660, "0147": 105, "0151": 52, "0153": 40, "0155": 15, "0157": 75, "0159": 70},
    **{"0161": 24, "0163": 30, "0165": 28, "0167": 54, "0169": 58, "0173": 58, "0175": 44},
    **{"0183": 24, "0185": 43, "0187": 17, "0190": 42, "0201": 27, "0210": 42, "0217": 64},
    **{"0219": 55, "0223": 26, "0230": 58, "0240": 45, "0250": 47, "0253": 54, "0259": 63},
    **{"0260": 32, "0265": 92, "0269": 25, "0270": 42, "0306": 33, "0316": 74, "0320": 38},
    **{"0326": 49, "0329": 36, "0330": 80, "0336": 24, "0340": 31, "0350": 29, "0360": 40},
    **{"0370": 84, "0376": 60, "0390": 46, "0400": 39, "0410": 40, "0420": 41, "0430": 53},
    **{"0440": 25, "0450": 33, "0461": 209, "0479": 60, "0480": 30, "0482": 12, "0492": 6},
    **{"0510": 56, "0530": 27, "0540": 74, "0550": 36, "0561": 116, "0563": 4, "0573": 50},
    **{"0575": 43, "0580": 59, "0607": 52, "0615": 97, "0621": 95, "0630": 121, "0657": 90},
    **{"0661": 59, "0665": 19, "0671": 21, "0706": 45, "0707": 38, "0710": 50, "0727": 24},
    **{"0730": 100, "0740": 101, "0741": 4, "0746": 66, "0751": 367, "0756": 43, "0760": 56},
    **{"0766": 48, "0773": 20, "0779": 45, "0787": 43, "0791": 98, "0810": 37, "0813": 59},
    **{"0820": 37, "0825": 2, "0840": 31, "0846": 42, "0849": 39, "0851": 224, "0860": 64},
}
# A comparison of facilities shows at most so many; a larger municipality has several departments.
MOST_IN_A_DEPARTMENT = 30
DEPARTMENTS = (
    "Socialpsykiatrien",
    "Udsatte og rusmidler",
    "Botilbud og støtte",
    "Hjemløse og herberger",
    "Rehabilitering og recovery",
    "Socialt udsatte voksne",
    "Støttecentrene",
    "Psykosociale tilbud",
)
_FIRST = (
    *("Bakke", "Eng", "Skov", "Kilde", "Mose", "Strand", "Fjord", "Lund", "Birke", "Ege", "Linde"),
    *("Pile", "Rønne", "Hassel", "Lærke", "Svale", "Ugle", "Mølle", "Kær", "Sø", "Dam", "Høj"),
    *("Klit", "Lyng", "Solsikke", "Vibe", "Stær", "Hede", "Krat", "Å", "Sten", "Tjørne", "Æble"),
    *("Havre", "Kløver", "Storke", "Gran", "Elme", "Hyben", "Slåen"),
)
_LAST = (
    *("huset", "gården", "parken", "bo", "hjemmet", "vænget", "toften", "lunden", "centret"),
    *("kollegiet", "gruppen", "haven", "bakken", "gaarden"),
)
_IN_FRONT = {
    FacilityKind.RESIDENTIAL: ("", "", "", "Bostedet ", "Botilbuddet ", "Bofællesskabet "),
    FacilityKind.RECEPTION: ("Modtagelsen ", "Rehabiliteringen ", "Herberget "),
    FacilityKind.TREATMENT: ("Misbrugscenter ", "Rusmiddelcenter ", "Behandlingscenter "),
    FacilityKind.DROP_IN: ("Værestedet ", "Cafeen ", "Aktivitetshuset "),
}
_KINDS = (
    *(FacilityKind.RESIDENTIAL,) * 13,
    *(FacilityKind.RECEPTION,) * 2,
    *(FacilityKind.TREATMENT,) * 3,
    *(FacilityKind.DROP_IN,) * 2,
)


@dataclass(frozen=True, slots=True)
class MadeFacility:
    """``number`` counts through the country, from 1."""

    number: int
    name: str
    slug: str
    kind: FacilityKind
    place_count: int | None


@dataclass(frozen=True, slots=True)
class MadeDepartment:
    number: int
    name: str
    slug: str
    facilities: tuple[MadeFacility, ...]


class Map:
    """Hands out numbers, names and addresses, from one end of the country to the other."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.departments = self.facilities = 0
        self.slugs: set[str] = set()

    def departments_of(self, municipality_slug: str, facilities: int) -> Iterator[MadeDepartment]:
        """The departments of the next municipality; none where it has no facilities."""
        names = self._names(municipality_slug)
        for place in range((facilities + MOST_IN_A_DEPARTMENT - 1) // MOST_IN_A_DEPARTMENT):
            self.departments += 1
            rest = facilities - place * MOST_IN_A_DEPARTMENT
            name = DEPARTMENTS[place % len(DEPARTMENTS)]
            if place >= len(DEPARTMENTS):
                name = f"{name} {place // len(DEPARTMENTS) + 1}"
            yield MadeDepartment(
                self.departments,
                name,
                f"{danish_slug(name)}-{municipality_slug}",
                tuple(
                    self._facility(name, municipality_slug)
                    for name in islice(names, min(rest, MOST_IN_A_DEPARTMENT))
                ),
            )

    def _names(self, municipality_slug: str) -> Iterator[str]:
        """All that there can be, so that no two of a municipality are the same."""
        names = [first + last for first, last in product(_FIRST, _LAST)]
        stream(self.seed, "names", municipality_slug).shuffle(names)
        return iter(names)

    def _facility(self, plain_name: str, municipality_slug: str) -> MadeFacility:
        self.facilities += 1
        chance = stream(self.seed, "facility", self.facilities)
        # The first is a plain botilbud: it is where people are shown round.
        kind = chance.choice(_KINDS) if self.facilities > 1 else FacilityKind.RESIDENTIAL
        name = chance.choice(_IN_FRONT[kind]) + plain_name
        has_places = kind in (FacilityKind.RESIDENTIAL, FacilityKind.RECEPTION)
        return MadeFacility(
            self.facilities,
            name,
            self._free_slug(name, municipality_slug),
            kind,
            chance.randint(8, 34) if has_places else None,
        )

    def _free_slug(self, name: str, municipality_slug: str) -> str:
        """Gården and Gaarden are two names, but one address."""
        plain = danish_slug(name)
        tries = (plain, f"{plain}-{municipality_slug}", f"{plain}-{municipality_slug}-2")
        slug = next(one for one in tries if one not in self.slugs)
        self.slugs.add(slug)
        return slug
