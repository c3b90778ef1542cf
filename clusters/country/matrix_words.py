"""What the matrices of a made-up country say: proposals, efforts, notes and themes."""

from random import Random

# So many as a matrix has rows; the same proposals are put to every cluster.
PROPOSALS = {
    "I kommunerne": (
        "Akutte senge til borgere uden bolig",
        "Sygepleje, der kommer ud på gaden og i herbergerne",
        "Sundhedsrum med sårpleje og hvile",
        "Tandpleje til dem, der ikke bruger de almindelige klinikker",
        "Rygestop på steder, hvor borgerne i forvejen kommer",
        "Åben rusmiddelrådgivning uden visitation",
        "Kost og måltider i botilbud og væresteder",
        "Bevægelsesfællesskaber for borgere med psykiske lidelser",
        "Forebyggelse af overdosis og skader efter stofbrug",
        "Søvn og døgnrytme i botilbud",
    ),
    "I almen praksis": (
        "Længere konsultationer til borgere i udsatte positioner",
        "Faste læger på botilbud og herberger",
        "Årlige sundhedstjek ved svær psykisk lidelse",
        "Samarbejde mellem læger og kommunens sygeplejersker",
        "Hjælp til at vælge og beholde en læge",
        "Fælles medicingennemgang",
    ),
    "På hospitalet": (
        "Socialsygeplejersker på alle akuthospitaler",
        "Overlæger med ansvar for socialt udsatte",
        "Udskrivelse til et sted at være",
        "Abstinensbehandling under indlæggelse",
        "Følgeskab til undersøgelser og ambulante besøg",
        "Screening for leverbetændelse, tuberkulose og hiv",
        "Hjælp til at gennemføre kræftforløb",
        "Smertebehandling ved rusmiddelproblemer",
    ),
    "I psykiatrien": (
        "Integreret behandling af dobbeltdiagnoser",
        "Opsøgende psykiatriske team",
        "Kropslig sundhed under indlæggelse i psykiatrien",
        "Faste aftaler ved overgang til kommunen",
        "Rygestoptilbud på de psykiatriske afdelinger",
        "Mennesker med egne erfaringer som medarbejdere",
        "Akut psykiatrisk hjælp i aftentimerne",
        "Behandling af søvnproblemer uden medicin",
    ),
    "På tværs": (
        "En fast koordinator for de mest komplekse forløb",
        "Deling af oplysninger mellem region og kommune",
        "Fælles undervisning af medarbejdere",
        "Inddragelse af brugerorganisationer i klyngens arbejde",
        "Transport til behandling",
        "Samlet overblik over tilbud i klyngen",
        "Særlige indsatser for kvinder i udsatte positioner",
        "Overgangen fra ung til voksen",
    ),
}
_WHAT = (
    *("Rygestopforløb", "Åben rådgivning om rusmidler", "Fremskudt sygeplejerske"),
    *("Opsøgende team", "Mobil tandklinik", "Kostvejledning", "Undervisning i søvnhygiejne"),
    *("Gåfællesskab", "Sundhedscafe", "Støtte- og kontaktpersoner", "Overgangsaftaler"),
    *("Akutpladser på herberget", "Sundhedsrum med sårpleje", "Fast tilknyttet læge"),
    *("Vaccination og screening", "Ambulant alkoholbehandling", "Recoveryskole", "Peerstøtte"),
    *("Fælles koordinator", "Følgeskab til undersøgelser", "Hjælp til medicin", "Motionshold"),
    *("Natcafe", "Varmestue", "Misbrugscentrets ambulatorium", "Rusmiddelgrupper"),
    *("Tandplejeordning", "Socialsygeplejerske", "Udkørende psykiatrisk team", "Naloxonsæt"),
    *("Substitutionsbehandling", "Livsstilshold", "Sundhedstjek", "Bostøtte med sundhedsplan"),
    *("Madfællesskab", "Døgnrytmeforløb", "Lærings- og mestringskurser", "Socialt frikort"),
    *("Gadeplansmedarbejdere", "Rusmiddelscreening", "Hjemmebesøg efter udskrivelse"),
)
_WHOM = (
    *("for hjemløse", "for borgere med dobbeltdiagnose", "for unge med misbrug"),
    *("for beboere i botilbud", "for kvinder i udsatte positioner", "for borgere uden egen læge"),
    *("for ældre med et forbrug af alkohol", "i gadeplan", "for borgere med svær psykisk lidelse"),
    *("for brugere af værestederne", "for grønlændere i udsatte positioner", "for pårørende"),
    *("", "", ""),
)
_HOW = (
    *("i samarbejde med misbrugscentret", "to formiddage om ugen", "hver anden torsdag"),
    *("sammen med regionen", "uden visitation", "som fast tilbud", "som forsøg i to år"),
    *("med egen sygeplejerske", "i sundhedscentret", "på værestedet", "på herberget"),
    *("med støtte fra puljemidler", "på aftaler fra gang til gang", "i tre områder"),
    *("", "", ""),
)
_MORE = (
    "Tilbuddet bruges mest af mænd mellem fyrre og tres.",
    "Henvendelse sker direkte, og ingen bliver afvist ved døren.",
    "Bygger på erfaringer fra et forsøg, der er afsluttet.",
    "Sygeplejersken følger med til lægen, når borgeren ønsker det.",
    "Der er ventetid i perioder, især om vinteren.",
    "Medarbejderne er uddannet i den motiverende samtale.",
    "Evalueres sammen med nabokommunerne.",
    "Borgerne er med i styregruppen.",
)
_HEADINGS = (
    *("Sundhedsteamet", "Rådgivningen for rusmidler", "Herberget", "Værestederne"),
    *("Socialtandplejen", "Samarbejdet med psykiatrien", "Socialsygeplejerskerne"),
    *("Botilbuddenes sundhedsarbejde", "Rygestoptilbuddene", "Gadesygeplejen"),
    *("Overgange ved udskrivelse", "Recovery og peerstøtte"),
)
THEMES = (
    *("Rygestop", "Rusmidler", "Tandpleje", "Kost", "Bevægelse", "Søvn", "Hjemløshed"),
    *("Dobbeltdiagnose", "Overgange", "Socialsygepleje", "Peerstøtte", "Lærings- og mestring"),
)


def effort(chance: Random) -> str:
    parts = (chance.choice(_WHAT), chance.choice(_WHOM), chance.choice(_HOW))
    return " ".join(part for part in parts if part)


def more_about_it(chance: Random) -> str:
    return " ".join(chance.sample(_MORE, chance.randint(1, 3)))


def headings(chance: Random, count: int) -> list[str]:
    return chance.sample(_HEADINGS, count)


def note(chance: Random) -> str:
    """Two or three paragraphs."""
    paragraphs = (
        f"{effort(chance)}. {more_about_it(chance)}" for _number in range(chance.randint(2, 3))
    )
    return "\n\n".join(paragraphs)


MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september"),
    *("oktober", "november", "december"),
)
