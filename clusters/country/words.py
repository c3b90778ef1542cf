"""What people write in the log and at meetings: short Danish texts, put together from parts.

Nobody is named in them. The words bend and join as they do in Danish ("rygestop", "gåturene",
"søvnhygiejnen"), so that a search has something to find.
"""

from random import Random

_AFTER = (
    "Snakken gik bagefter om {subject}.",
    "Flere spurgte til {subject}.",
    "Vi tager {subject} op igen næste gang.",
    "Der var god stemning, og et par stykker blev længere.",
    "To nye var med for første gang.",
    "Vi gik en kortere rute end sidst.",
    "Næste gang begynder vi et kvarter senere.",
    "En frivillig hjalp til.",
    "Husk at bestille bussen i god tid.",
    "Vi prøvede noget nyt med {subject}.",
)
SUBJECTS = (
    *("rygestop", "nikotinplastre", "rygning på altanen", "den røgfri terrasse", "snus"),
    *("søvnhygiejne", "natteroen", "døgnrytmen", "mørklægningsgardiner", "sovemedicin"),
    *("alkoholfri øl", "alkohol i weekenden", "rusmidler", "cannabis", "tilbagefald"),
    *("gåture", "skridttællere", "balancetræning", "svømmehallen", "cykler", "muskelstyrke"),
    *("grøntsager", "sukker", "madbudgettet", "morgenmaden", "sodavand", "fuldkorn", "fisk"),
    *("blodtryk", "diabetes", "tandpleje", "vægttab", "bivirkninger", "ensomhed", "KOL"),
)
_BEFORE = (
    "Vi var færre end planlagt.",
    "Alle pladser var taget.",
    "Det regnede, men vi gik alligevel.",
    "Gruppen valgte selv ruten.",
    "Beboerne stod for det meste selv.",
    "Køkkenet havde lavet ekstra grønt.",
    "Vi delte os i to hold.",
    "En gæst fra kommunens sundhedscenter var med.",
)
_WHY_NOT = (
    "Bussen kom ikke",
    "Strømmen var gået",
    "Vi var til fælles undervisning",
    "Brandøvelse",
    "Elevatoren var ude af drift",
    "Der var besøg af tilsynet",
    "Lokalet blev brugt til husmøde",
    "Vand i kælderen",
    "Hele huset var på udflugt",
)


def remark(chance: Random) -> str:
    """A remark on something that was held."""
    subject = chance.choice(SUBJECTS)
    after = chance.choice(_AFTER).format(subject=subject)
    return f"{chance.choice(_BEFORE)} {after}" if chance.random() < 0.5 else after


def why_not(chance: Random) -> str:
    """Why something was cancelled for another reason than those that can be chosen."""
    return chance.choice(_WHY_NOT)


# --- Meetings ------------------------------------------------------------------------------------

_WISHES = (
    "Flere gåture i weekenden",
    "Svømning om formiddagen",
    "En tur til vandet, når vejret er til det",
    "Mere fisk og færre sovse",
    "Rygeskuret flyttet væk fra døren",
    "Et rygestophold, der begynder efter sommerferien",
    "Roligere aftener i fællesstuen",
    "Bedre gardiner på værelserne",
    "Alkoholfri drikkevarer til festerne",
    "Hjælp til at komme i fitnesscentret",
    "En køkkenhave i plantekasser",
    "Besøg af en diætist",
    "Et kursus i søvnvaner",
    "Faste spisetider",
    "Samtaler med en fra misbrugscentret",
)
_MINUTES = (
    "{count} var med på mødet.",
    "Ugeplanen blev gennemgået; {activity} fortsætter som hidtil.",
    "Der var ønsker om {subject}, som tages med i planlægningen.",
    "{activity} har ligget stille, og vi prøver et andet tidspunkt.",
    "Køkkenet fortalte om {subject}.",
    "Vi talte om {subject} og om, hvad der skal til for at holde fast.",
    "Ledelsen orienterede om personalesituationen.",
    "Reglerne for rygning indendørs og udendørs blev slået fast.",
    "Flere oplever, at de sover bedre, når dagen har en fast rytme.",
    "Beboerrådet ser på {subject} inden næste møde.",
)
_ACTIVITIES = (
    *("gåturene", "morgenmaden", "madholdet", "svømningen", "rygestopholdet", "søvnskolen"),
    *("gymnastikken", "aftenroen", "den åbne rådgivning", "styrketræningen", "naturturene"),
)
_DECISIONS = (
    "{activity} flyttes til et andet tidspunkt",
    "Der indkøbes udstyr til {thing}",
    "Vi laver et opslag om {activity}",
    "Kontakt til sundhedscentret om {subject}",
    "{activity} prøves af i en måned",
    "En afløser findes, så {activity} kan holdes i ferien",
    "Ansøgning om midler til {thing}",
    "{subject} tages op på personalemødet",
    "Beboerne spørges om {subject}",
    "Aftale med misbrugscentret om {subject}",
)
_THINGS = (
    *("styrketræning", "køkkenhaven", "gåhold", "sanserummet", "boldspil", "badeture"),
    *("madlavning", "cykelture", "rygestopforløb", "søvngrupper"),
)
_WHAT_CAME = (
    "Gjort som aftalt",
    "Udstyret er købt og taget i brug",
    "Det nye tidspunkt passer bedre",
    "Der var ikke midler til det i år",
    "Flere er kommet til siden",
    "Sundhedscentret kommer hver anden måned",
)
_ITEMS = (
    "Regler for rygning på terrassen",
    "Sommerens ture",
    "Madplan og budget",
    "Forslag til aftenaktiviteter",
    "Nattero og støj på gangen",
    "Alkohol i fællesrummene",
    "Hvem vil være med i rygestopholdet?",
    "Opfølgning på søvnvaner",
    "Nye hjælpemidler til træning",
)
ROLES = (
    *("Kontaktperson", "Medarbejder på dagvagt", "Leder", "Sygeplejerske", "Ernæringsassistent"),
    *("Idrætsvejleder", "Nattevagt", "Beboerrådet"),
)


def wishes(chance: Random) -> str:
    return "\n".join(chance.sample(_WISHES, chance.randint(1, 4)))


def minutes(chance: Random) -> str:
    sentences = chance.sample(_MINUTES, chance.randint(3, 6))
    return " ".join(_filled(chance, one) for one in sentences)


def decision(chance: Random) -> str:
    return _filled(chance, chance.choice(_DECISIONS))


def what_came(chance: Random) -> str:
    return chance.choice(_WHAT_CAME)


def agenda_item(chance: Random) -> str:
    return chance.choice(_ITEMS)


def _filled(chance: Random, template: str) -> str:
    text = template.format(
        activity=chance.choice(_ACTIVITIES),
        subject=chance.choice(SUBJECTS),
        thing=chance.choice(_THINGS),
        count=chance.choice(("Seks", "Otte", "Ni", "Elleve", "Fjorten")),
    )
    return text[0].upper() + text[1:]
