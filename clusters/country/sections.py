"""What a made-up initiative says in its ten sections, and what it is measured by."""

from dataclasses import dataclass
from random import Random

from initiatives.enums import Direction, Factor, Frequency, IndicatorKind, LogMeasure

_INTRODUCTION = (
    "Afdelingens tilbud arbejder fælles med kost, rygning, alkohol, motion og søvn.",
    "Indsatsen samler det, som stederne gør hver for sig, i en fælles ugeplan.",
    "Sundhed skal være en del af hverdagen og ikke et projekt ved siden af.",
    "Medarbejderne går foran, og beboerne er med til at vælge.",
    "Små skridt, der holder, vejer tungere end store planer.",
    "Sundhedscentret bidrager med viden og med forløb, der passer til målgruppen.",
    "Der registreres kun antal, så ingen kan genkendes.",
)
_PURPOSE = (
    "Borgere med psykiske lidelser og misbrug dør for tidligt, og meget af det kan forebygges.",
    "Formålet er, at flere får en hverdag med bevægelse, god mad og rolige nætter.",
    "Vi vil gøre det lettere at vælge røgfrit samvær og alkoholfri fællesskaber.",
    "Indsatsen skal mindske uligheden i sundhed mellem afdelingens borgere og andre.",
    "Gode vaner skal kunne holde, også når medarbejdere skifter.",
)
_TARGET = (
    "Borgere i afdelingens botilbud og dem, der kommer i værestederne.",
    "Voksne med længerevarende psykiske lidelser, hjemløse og borgere med rusmiddelproblemer.",
    "Beboere, som i dag sjældent er fysisk aktive, eller som ryger dagligt.",
    "Også pårørende og frivillige inviteres til de åbne aktiviteter.",
)
_ACTORS = (
    "Medarbejdere og ledere på stederne, ernæringsassistenter og sygeplejersker.",
    "Kommunens sundhedscenter, misbrugscentret og den lokale idrætsforening.",
    "Beboerråd og frivillige er med i planlægningen.",
    "Praktiserende læger og socialsygeplejersker orienteres om tilbuddene.",
)
_TIMELINE = (
    "Ugeplanerne gennemgås hvert kvartal, og indsatsen som helhed én gang om året.",
    "De første måneder bruges til at afprøve, hvad der passer på det enkelte sted.",
    "Midtvejs samles erfaringerne fra alle steder.",
)
_ECONOMY = (
    "Indsatsen holdes inden for den daglige drift.",
    "Leje af svømmehal og fitnesscenter betales særskilt.",
    "Udstyr til køkkenhaver og styrketræning søges af puljer.",
)
_NOTE = (
    "Tallene opgøres af stederne selv og ses i sammenhæng med det, som beboerne fortæller.",
    "Grupper på færre end fem vises ikke.",
)
_FOLLOW_UP = (
    "Følges op på husmøder, brugerrådsmøder og afdelingens ledermøde.",
    "Aktiviteter, der falder, drøftes med beboerne, før de stoppes.",
    "Hvert år vælges to emner, som alle steder gør noget særligt ved.",
)
_FACTORS = {
    Factor.DIET: (
        "Der er grønt til alle måltider, og madlavningen foregår sammen med beboerne.",
        "Kostvejledning gives i små grupper af en diætist.",
        "Sukkerholdige drikke er skiftet ud med vand og frugt.",
        "Madplanen lægges, så pengene slår til hele måneden.",
    ),
    Factor.SMOKING: (
        "Rygestophold begynder to gange om året, og nikotinerstatning er gratis de første uger.",
        "Fællesrummene er røgfri, og rygeskuret er flyttet væk fra indgangen.",
        "Personalet tilbyder en rygestopsamtale til alle nye beboere.",
        "Gåture og håndarbejde er alternativer til cigaretten.",
    ),
    Factor.ALCOHOL: (
        "Misbrugscentret holder åben rådgivning på stedet hver anden uge.",
        "Der er alkoholfri alternativer til alle fester.",
        "Medarbejderne er klædt på til den korte samtale om alkohol.",
        "Skadesreduktion og støtte efter tilbagefald hører med.",
    ),
    Factor.EXERCISE: (
        "Hver dag er der en fælles gåtur, også når vejret er dårligt.",
        "Styrketræning og balancetræning er for alle, uanset form.",
        "Svømmehallen bruges en gang om ugen sammen med nabobotilbuddet.",
        "Naturen i nærheden bruges til vandreture og bærplukning.",
    ),
    Factor.SLEEP: (
        "Søvnhygiejne indgår i samtalerne, og nattevagten støtter en rolig aften.",
        "Kaffen skiftes ud efter klokken fjorten.",
        "Faste tider for at stå op giver en bedre døgnrytme.",
        "Mørklægning og mindre skærm om aftenen har hjulpet flere til at falde i søvn.",
    ),
}
_COSTS = (
    *("Leje af svømmehal", "Medlemskab af fitnesscenter", "Udstyr til styrketræning"),
    *("Nikotinerstatning til rygestophold", "Frø og jord til køkkenhaven", "Diætisttimer"),
    *("Leje af bus til naturture", "Undervisning i søvnhygiejne"),
)
_POINTS = (
    ("Aktiviteterne falder hen over sommeren, når faste medarbejdere holder ferie.", ""),
    ("Flere vælger det grønne fra, når pengene er små sidst på måneden.", "K"),
    ("Nikotinprodukter uden røg er blevet almindelige blandt de yngste.", "R"),
    ("Rygestop lykkes sjældent for dem, der flytter kort efter.", "R"),
    ("Blandingsmisbrug gør den korte samtale om alkohol vanskelig.", "A"),
    ("Svømmehallen er lukket i skolernes ferier.", "M"),
    ("Natarbejde på nabogrunden forstyrrer nattesøvnen.", "S"),
    ("De mest isolerede beboere nås ikke af fælles aktiviteter.", ""),
)
_REASONS = (
    "Det går den rigtige vej, men langsomt.",
    "Målet er nået på de fleste afdelinger.",
    "Der har manglet faste medarbejdere.",
    "Flere er kommet med end ventet.",
    "Tallene svinger, fordi mange er flyttet.",
    "Kræver et andet tidspunkt på dagen.",
    "",
)
GOALS = (
    "Det sunde valg skal være det lette valg for borgere i udsatte positioner.",
    "Flere skal leve uden røg og nikotin.",
    "Uligheden i sundhed skal blive mindre.",
    "Bevægelse skal være en naturlig del af hverdagen i alle aldre.",
    "Flere skal sove godt og have en rolig døgnrytme.",
    "Færre skal drikke, så det skader dem selv og andre.",
)
TITLES = (
    "Sund hverdag i {department}",
    "KRAMS i {department}",
    "Kost, røgfrihed og bevægelse i {department}",
    "Gode vaner, der holder: {department}",
    "Fælles om sundhed i {department}",
)


def title(chance: Random, department: str) -> str:
    return chance.choice(TITLES).format(department=department)


def texts(chance: Random) -> dict[str, str]:
    """The sections that are plain text, by field."""
    parts = {
        "introduction": _INTRODUCTION,
        "purpose": _PURPOSE,
        "target_group": _TARGET,
        "actors": _ACTORS,
        "timeline": _TIMELINE,
        "economy": _ECONOMY,
        "criteria_note": _NOTE,
        "follow_up": _FOLLOW_UP,
    }
    return {name: _paragraph(chance, sentences) for name, sentences in parts.items()}


def factor_texts(chance: Random) -> dict[Factor, str]:
    return {factor: _paragraph(chance, _FACTORS[factor]) for factor in Factor}


def local_text(chance: Random, factor: Factor) -> str:
    return chance.choice(_FACTORS[factor])


def _paragraph(chance: Random, sentences: tuple[str, ...]) -> str:
    least = max(1, len(sentences) - 2)
    return " ".join(chance.sample(sentences, chance.randint(least, len(sentences))))


def costs(chance: Random) -> list[tuple[str, int]]:
    """What costs something, and how many kroner a year."""
    return [(what, 1000 * chance.randint(2, 60)) for what in chance.sample(_COSTS, 3)]


def attention_points(chance: Random) -> list[tuple[str, str]]:
    """A text and a factor ("" for all)."""
    return chance.sample(_POINTS, chance.randint(2, 4))


def reason_of_assessment(chance: Random) -> str:
    return chance.choice(_REASONS)


# --- What it is measured by ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MadeIndicator:
    """``start`` and ``target`` lie where a facility's first figure and its target lie about."""

    name: str
    kind: IndicatorKind
    direction: Direction
    unit: str
    frequency: Frequency
    start: float = 0
    target: float = 0
    log_measure: str = ""
    log_factor: str = ""
    bounds: tuple[int, int] | None = None
    source: str = "Optælling ved personalet, kun som antal"


@dataclass(frozen=True, slots=True)
class MadeCriterion:
    title: str
    short_title: str
    factors: str
    indicators: tuple[MadeIndicator, ...]


def _share(name: str, start: int, target: int) -> MadeIndicator:
    kind, every = IndicatorKind.SHARE, Frequency.QUARTERLY
    return MadeIndicator(name, kind, Direction.MORE, "%", every, start, target)


def _log(name: str, factor: Factor) -> MadeIndicator:
    return MadeIndicator(
        name,
        IndicatorKind.LOG,
        Direction.MORE,
        "gange om ugen",
        Frequency.WEEKLY,
        3,
        5,
        LogMeasure.SESSIONS.value,
        factor.value,
        source="Portalens registreringer",
    )


CRITERIA = (
    MadeCriterion(
        "Flere beboere spiser grønt til de fleste måltider",
        "Grønt til måltiderne",
        "K",
        (_share("Beboere, der får grønt til hovedretten de fleste dage", 42, 70),),
    ),
    MadeCriterion(
        "Flere bliver røgfri eller ryger mindre",
        "Rygestop",
        "R",
        (
            _share("Rygere, der har været gennem en rygestopsamtale", 20, 60),
            MadeIndicator(
                "Cigaretter om dagen, gennemsnit blandt rygere",
                IndicatorKind.VALUE,
                Direction.LESS,
                "cigaretter",
                Frequency.HALF_YEARLY,
                18,
                12,
                bounds=(0, 100),
                source="Samtale med beboerne",
            ),
        ),
    ),
    MadeCriterion(
        "Færre drikker mere end anbefalet",
        "Mindre alkohol",
        "A",
        (_share("Beboere, der drikker højst ti genstande om ugen", 48, 65),),
    ),
    MadeCriterion(
        "Beboerne bevæger sig hver dag",
        "Bevægelse hver dag",
        "M",
        (
            _log("Fysiske aktiviteter, der er gennemført om ugen", Factor.EXERCISE),
            _share("Beboere, der er med i to fysiske aktiviteter om ugen", 30, 55),
        ),
    ),
    MadeCriterion(
        "Flere sover godt og har en fast døgnrytme",
        "Bedre søvn",
        "S",
        (_share("Beboere, der de fleste nætter sover mindst syv timer", 38, 60),),
    ),
    MadeCriterion(
        "Trivslen stiger",
        "Trivsel",
        "KRAMS",
        (
            MadeIndicator(
                "Trivsel målt med WHO-5, gennemsnit",
                IndicatorKind.VALUE,
                Direction.MORE,
                "point",
                Frequency.QUARTERLY,
                44,
                55,
                bounds=(0, 100),
                source="WHO-5 Trivselsindeks, 0-100 point",
            ),
        ),
    ),
    MadeCriterion(
        "Beboerne er med til at bestemme, hvad der sættes i gang",
        "Medbestemmelse",
        "KRAMS",
        (
            MadeIndicator(
                "Beboernes egen vurdering på husmødet",
                IndicatorKind.DIALOGUE,
                Direction.MORE,
                "",
                Frequency.HALF_YEARLY,
                source="Dialog på husmøder",
            ),
        ),
    ),
)
