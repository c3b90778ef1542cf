"""Ticks the two documents off: every fact of theirs is in the database after loading.

They are a municipality's KRAMS form and a cluster's paper. The texts are our own, so the tests look
for what they must say, not for sentences.
"""

import datetime as dt
from collections import Counter
from io import StringIO

from django.core.management import call_command
from django.test import TestCase

from clusters.models import AuthorityNote, Effort, Position, Proposal, ProposalGroup
from initiatives.models import ActivityType, Initiative
from krams.enums import AuthorityKind, ClusterKind
from krams.models import Authority, Cluster, Department, RegionMembership
from krams.seeding.facts_files import FIXTURES
from tests.databases import filled_once

REBILD, MARIAGERFJORD, VESTHIMMERLAND, REGION = COLUMNS = (
    "Rebild",
    "Mariagerfjord",
    "Vesthimmerland",
    "Nordjylland",
)


def load() -> None:
    call_command("load_organisations", file=FIXTURES / "hjoerring.csv", stdout=StringIO())
    call_command("load_initiatives", stdout=StringIO())
    call_command("load_clusters", stdout=StringIO())


class Seeded(TestCase):
    """Loaded once for all classes: the tests here only read."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(filled_once(load, "the two documents"))
        super().setUpClass()


def says(text: str, *words: str) -> bool:
    missing = [word for word in words if word.lower() not in text.lower()]
    assert not missing, f"{missing} not in: {text}"
    return True


# --- Organisations --------------------------------------------------------------------------------


def columns(slug: str, day: dt.date) -> list[str]:
    memberships = Cluster.objects.get(slug=slug).memberships.valid_on(day)
    return [membership.authority.name for membership in memberships]


REGIONS_ON = [
    (
        dt.date(2026, 12, 31),
        {
            "Region Hovedstaden": 29,
            "Region Sjælland": 17,
            "Region Syddanmark": 22,
            "Region Midtjylland": 19,
            "Region Nordjylland": 11,
        },
    ),
    (
        dt.date(2027, 1, 1),
        {
            "Region Østdanmark": 46,
            "Region Syddanmark": 22,
            "Region Midtjylland": 19,
            "Region Nordjylland": 11,
        },
    ),
]


CLUSTERS = [
    ("syd", ["Rebild", "Mariagerfjord", "Vesthimmerland", "Nordjylland"]),
    ("midt", ["Jammerbugt", "Aalborg", "Nordjylland"]),
    ("nord", ["Brønderslev", "Frederikshavn", "Hjørring", "Læsø", "Nordjylland"]),
    ("vest", ["Morsø", "Thisted", "Nordjylland"]),
]


HEALTH_COUNCILS = [
    (
        "limfjorden",
        [
            *("Jammerbugt", "Mariagerfjord", "Morsø", "Rebild", "Thisted", "Vesthimmerland"),
            *("Aalborg", "Nordjylland"),
        ],
    ),
    ("vendsyssel", ["Brønderslev", "Frederikshavn", "Hjørring", "Læsø", "Nordjylland"]),
]


class TestOrganisations(Seeded):
    def test_all_municipalities_and_regions(self):
        kinds = Counter(Authority.objects.values_list("kind", flat=True))
        assert kinds == {AuthorityKind.MUNICIPALITY: 98, AuthorityKind.REGION: 6}
        hjoerring = Authority.objects.get(code="0860")
        assert (hjoerring.official_name, hjoerring.slug) == ("Hjørring Kommune", "hjoerring")

    def test_every_municipality_is_in_one_region_on_either_side_of_the_reform(self):
        for case in REGIONS_ON:
            day, regions = case
            with self.subTest(case=case):
                memberships = RegionMembership.objects.valid_on(day)
                assert (
                    Counter(memberships.values_list("region__official_name", flat=True)) == regions
                )
                assert memberships.values("municipality").distinct().count() == 98
                existing = Authority.objects.valid_on(day).filter(kind=AuthorityKind.REGION)
                assert {region.official_name for region in existing} == set(regions)

    def test_clusters_of_nordjylland_until_the_reform(self):
        for case in CLUSTERS:
            slug, members = case
            with self.subTest(case=case):
                assert columns(slug, dt.date(2026, 12, 31)) == members
                assert columns(slug, dt.date(2027, 1, 1)) == []
                cluster = Cluster.objects.get(slug=slug)
                assert (cluster.kind, cluster.valid_until) == (
                    ClusterKind.HEALTH_CLUSTER,
                    dt.date(2026, 12, 31),
                )

    def test_health_councils_of_nordjylland_are_planned(self):
        for case in HEALTH_COUNCILS:
            slug, members = case
            with self.subTest(case=case):
                assert columns(slug, dt.date(2026, 12, 31)) == []
                assert columns(slug, dt.date(2027, 1, 1)) == members
                cluster = Cluster.objects.get(slug=slug)
                assert (cluster.kind, cluster.valid_from) == (
                    ClusterKind.HEALTH_COUNCIL,
                    dt.date(2027, 1, 1),
                )

    def test_facilities_of_the_department(self):
        department = Department.objects.get()
        assert department.municipality.name == "Hjørring"
        assert department.name == "Socialpsykiatrien & Området for udsatte grupper"
        facilities = {facility.name: facility for facility in department.facilities.all()}
        assert set(facilities) == {
            *("Mosbjerghus", "Den gode modtagelse", "Misbrugscenter Hjørring"),
            *("Botilbud A", "Botilbud B"),
        }
        for name in ("Botilbud A", "Botilbud B"):
            assert facilities[name].remark.startswith("Demonavn")
            assert "flere end tre" in facilities[name].remark
        assert facilities["Mosbjerghus"].slug == "mosbjerghus"


# --- A. The KRAMS initiative ----------------------------------------------------------------------


class TestInitiative(Seeded):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.initiative = Initiative.objects.get()

    def test_policy_and_its_four_goals(self):
        policy = self.initiative.policy
        assert policy.title == "Sundhedspolitikken 2019-2022"
        assert (policy.valid_from, policy.valid_until) == (
            dt.date(2019, 1, 1),
            dt.date(2022, 12, 31),
        )
        knowledge, prevention, greatest_need, associations = [
            goal.text for goal in policy.goals.all()
        ]
        assert list(self.initiative.goals.all()) == list(policy.goals.all())
        assert says(knowledge, "viden", "handlemuligheder")
        assert says(prevention, "forebyggelse", "børn, unge og voksne", "psykisk sårbare")
        assert says(greatest_need, "størst behov", "den enkelte")
        assert says(associations, "foreninger", "fysisk og psykisk sårbare")

    def test_sections_of_the_form(self):
        assert (
            self.initiative.title
            == "KRAMS-indsats i Socialpsykiatrien & Området for udsatte grupper"
        )
        assert says(self.initiative.introduction, "særlige tilbud", "sociale fællesskaber", "vaner")
        assert says(
            self.initiative.purpose,
            "det er bevist",
            "kortere end gennemsnittet",
            "fysiske aktiviteter og mental træning",
        )
        assert says(
            self.initiative.purpose,
            "rengøring",
            "madlavning",
            "struktur",
            "gå ud og handle",
            "faste daglige gåture",
        )
        assert says(self.initiative.purpose, "trappen", "ryge mindre")
        assert says(self.initiative.target_group, "socialt udsatte")
        assert says(self.initiative.actors, "personalet", "beboere", "brugere", "eksterne")
        assert (self.initiative.starts_on, self.initiative.ends_on) == (dt.date(2019, 1, 1), None)
        assert says(self.initiative.timeline, "januar 2019", "løbende")
        assert says(self.initiative.economy, "daglige", "Sindal svømmehal", "fitnesscentre")
        assert says(self.initiative.follow_up, "løbende", "husmøder", "brugerrådsmøder")
        assert self.initiative.facilities.count() == 5

    def test_one_text_per_factor(self):
        texts = {
            text.factor: text.text for text in self.initiative.factor_texts.filter(facility=None)
        }
        assert set(texts) == set("KRAMS")
        assert says(
            texts["K"],
            "Den gode modtagelse",
            "for eksempel",
            "tre af botilbuddene",
            "aktivt",
            "ernæringsassistenter",
        )
        assert says(texts["K"], "grøntsager", "hovedretter", "livret")
        assert says(
            texts["R"], "stor udfordring", "målrettet", "mindske", "struktur", "alternativer"
        )
        assert says(
            texts["A"],
            "alkohol",
            "misbrug",
            "stor udfordring",
            "forebygge og behandle",
            "alle botilbud",
        )
        assert says(texts["M"], "Idræt for Sindet (IFS)", "fælles gåture", "gymnastik", "svømning")
        assert says(texts["M"], "styrketræning", "træningsrum", "mindfulness", "sanserum")
        assert says(texts["M"], "trivselsarrangementer", "naturen i Hjørring Kommune")
        assert says(texts["S"], "bl.a.", "dagsstruktur", "fysiske aktiviteter", "mindre kaffe")
        assert says(texts["S"], "Den gode modtagelse", "rehabiliterende forløb", "mentalt helbred")

    def test_economy_without_amounts(self):
        lines = [
            (line.what, str(line.facility or "")) for line in self.initiative.economy_lines.all()
        ]
        assert lines == [
            ("Leje af Sindal svømmehal", "Mosbjerghus"),
            ("Brug af fitnesscentre for botilbuddene", ""),
            ("Brug af fitnesscentre", "Misbrugscenter Hjørring"),
        ]
        assert not self.initiative.economy_lines.exclude(amount_dkk=None).exists()

    def test_five_criteria_of_which_two_are_compound(self):
        criteria = list(self.initiative.criteria.all())
        assert [(criterion.number, criterion.factors) for criterion in criteria] == [
            (1, "K"),
            (2, "M"),
            (3, "R"),
            (4, "KM"),
            (5, "MS"),
        ]
        diet, exercise, smoking, weight, mental = criteria
        assert says(diet.title, "sunde kostvaner", "sukker", "botilbuddene")
        assert says(exercise.title, "fysiske aktiviteter", "hverdagen")
        assert says(smoking.title, "rygevaner", "holder op")
        assert says(weight.title, "færre", "overvægt", "type 2-diabetes")
        assert says(mental.title, "mentale sundhed", "bedre", "mindre PN-medicin")
        indicators = [[one.name for one in criterion.indicators.all()] for criterion in criteria]
        assert [len(names) for names in indicators] == [1, 1, 1, 2, 2]
        assert says(indicators[3][0], "overvægt")
        assert says(indicators[3][1], "type 2-diabetes")
        assert says(indicators[4][0], "WHO-5")
        assert says(indicators[4][1], "PN-medicin")

    def test_attention_points(self):
        economy, sustaining = self.initiative.attention_points.all()
        assert says(economy.text, "sund mad", "kontanthjælp")
        assert economy.factor == "K"
        assert says(sustaining.text, "kan være", "over tid", "opfølgning", "tæt", "skal kunne nås")

    def test_activity_types_are_common_and_serve_every_factor(self):
        types = ActivityType.objects.all()
        assert not types.exclude(municipality=None).exists()
        assert len(types) >= 20
        assert set("KRAMS") == set("".join(one.factors for one in types))


# --- B. The matrix --------------------------------------------------------------------------------

EMPTY = None
# Proposal: what Rebild, Mariagerfjord, Vesthimmerland and the region answer.
STATES = {
    1: ("individual", "not_needed", "none", EMPTY),
    2: ("established", "established", "established", EMPTY),
    3: ("established", "established", "established", EMPTY),
    4: ("established", "established", EMPTY, EMPTY),
    5: ("unknown", EMPTY, EMPTY, EMPTY),
    6: ("established", "established", EMPTY, EMPTY),
    7: (EMPTY, EMPTY, EMPTY, "answered"),
    8: (EMPTY, EMPTY, EMPTY, "answered"),
    9: (EMPTY, EMPTY, EMPTY, "answered"),
}
EFFORTS = {
    1: (1, 3, 2, 0),
    2: (8, 4, 3, 0),
    3: (2, 10, 5, 0),
    4: (1, 1, 0, 0),
    5: (0, 0, 0, 0),
    6: (2, 3, 0, 0),
    7: (0, 0, 0, 9),
    8: (0, 0, 0, 9),
    9: (0, 0, 0, 9),
}


def cell(number: int, name: str) -> list[Effort]:
    efforts = Effort.objects.filter(proposals__number=number, authority__name=name)
    return list(efforts.order_by("places__position"))


# Authority and division: the headings in order.
NOTES = {
    (REBILD, ""): ["Sundhedscafe", "Rehabiliteringshold for sårbare i lokalområdet"],
    (MARIAGERFJORD, ""): ["Handicaprådet", "Socialtandpleje"],
    (VESTHIMMERLAND, ""): [*("Projekt SamSund", "Sundhedscentret ud lokalt", "Nedlagt udsatteråd")],
    (REGION, "somatic"): [
        "Brobyggersygeplejersker",
        "Kompetencecenter for udsatte patienter",
        "Socialmedicinsk enhed",
        "Sengeafsnit O2, Aalborg UH",
        "Socialrådgivere på hospitalet",
        "Budgetaftalen 2021",
    ],
    (REGION, "psychiatric"): [
        "Aftaler om indlæggelse og udskrivelse",
        "Psykiatriens screening for misbrugsproblematikker",
        "F-ACT i psykiatrien",
    ],
}


CELLS = [
    (1, REBILD, ["til den enkelte"]),
    (1, MARIAGERFJORD, ["de få gange", "private forsorgshjemspladser", "ældreområdet"]),
    (1, VESTHIMMERLAND, ["ældreområdet", "visitation"]),
    (
        2,
        REBILD,
        [
            *("Lær at tackle", "Røgfri psykiatri", "Rehabiliteringshold", "Misbrugsbehandling"),
            *("Sundhedscafe", "diabetes", "Rygestopmedarbejder", "socialsygepleje"),
        ],
    ),
    (
        2,
        MARIAGERFJORD,
        ["Sund i krop og sind", "Sygepleje", "Mariagerfjord Idrætsforening", "to væresteder"],
    ),
    (2, VESTHIMMERLAND, ["F-ACT", "SKP og socialsygepleje", "Sundhedscafe"]),
    (3, REBILD, ["opsøgende", "hjemmebesøg"]),
    (
        3,
        MARIAGERFJORD,
        [
            *("udstyr", "Substitutionsbehandling", "SKP", "rådgivning på væresteder"),
            *("kan tilbydes døgnet rundt", "også har åbent i weekender", "Madam Blå", "transport"),
            *("Lægebistand på misbrugscentret", "PSP"),
        ],
    ),
    (
        3,
        VESTHIMMERLAND,
        ["udstyr", "AKUT", "§ 82, 85 og 99", "Bevæg dig for livet", "Udsatteråd"],
    ),
    (4, REBILD, ["på tværs af forvaltninger"]),
    (4, MARIAGERFJORD, ["Klinikassistent"]),
    (6, REBILD, ["henvisning i forbindelse med Sundhedscafe", "Patientens team"]),
    (6, MARIAGERFJORD, ["lægelaug", "temamøder", "samarbejdsfora"]),
    (
        7,
        REGION,
        [
            *("Brobyggersygeplejersker", "Kompetencecenter", "Socialmedicinsk enhed"),
            *("Sengeafsnit O2", "Socialrådgivere", "Budgetaftalen 2021", "screening"),
            *("F-ACT", "Aktiv Patient"),
        ],
    ),
]


NOTE_WORDS = [
    ("Sundhedscafe", ["18 år", "isoleret", "corona", "blodtryk", "lungefunktion", "diabetes"]),
    ("Sundhedscafe", ["tuberkulose", "tandlæge", "specialtandpleje", "kendte borgere"]),
    ("Sundhedscafe", ["sund mad", "vejning", "balancen", "Infektionsmedicinsk", "KOL"]),
    ("Rehabiliteringshold for sårbare i lokalområdet", ["to hold", "diabetes", "blandet"]),
    ("Handicaprådet", ["ikke et udsatteråd"]),
    ("Socialtandpleje", ["opsporing", "visitering", "arbejdsmarkedsområdet"]),
    ("Projekt SamSund", ["tænderne", "hjemmesygeplejen", "misbrugsafdelingen", "lægehuse"]),
    ("Sundhedscentret ud lokalt", ["Kimbrerparken", "rygestop", "grupper", "gåture"]),
    ("Nedlagt udsatteråd", ["2013/14", "2016", "Frivilligrådet", "pårørende"]),
    ("Brobyggersygeplejersker", ["Fire", "Aalborg", "Hobro", "Thisted", "Klinik Medicin"]),
    ("Brobyggersygeplejersker", ["AMA/Skademodtagelsen", "Klynge Syd, Midt og Vest"]),
    ("Kompetencecenter for udsatte patienter", ["2021", "ny profil", "almen praksis"]),
    ("Socialmedicinsk enhed", ["beskæftigelsesområdet", "psykologiske undersøgelser"]),
    ("Sengeafsnit O2, Aalborg UH", ["hjemløs", "netværk", "Udskrivningsenheden Aalborg"]),
    ("Socialrådgivere på hospitalet", ["overalt på hospitalet", "gadesygeplejersker"]),
    ("Budgetaftalen 2021", ["1,5 mio. kr.", "ligheds-pulje", "politisk godkendelse"]),
    ("Aftaler om indlæggelse og udskrivelse", ["Sundhedsaftalen", "dobbeltdiagnose"]),
    ("F-ACT i psykiatrien", ["Flexible Assertive Community Treatment", "intensiv"]),
    ("F-ACT i psykiatrien", ["dobbeltdiagnose", "Ambulatorium for Rusmiddelpsykiatri"]),
]


class TestMatrix(Seeded):
    def test_nine_proposals_in_three_groups(self):
        groups = {
            group.name: [proposal.number for proposal in group.proposals.all()]
            for group in ProposalGroup.objects.all()
        }
        assert list(groups.items()) == [
            ("I kommunerne", [1, 2, 3, 4]),
            ("Hos egen læge", [5, 6]),
            ("På hospitalet", [7, 8, 9]),
        ]
        titles = list(Proposal.objects.order_by("number").values_list("title", flat=True))
        assert titles == [
            "Sengepladser til socialt udsatte",
            "Fremskudte sundhedsindsatser",
            "Forebyggelse af skader af et udsat liv",
            "Få alle med i socialtandplejen",
            "Udvidet konsultation for socialt udsatte hos egen læge",
            "Etablering af samarbejde mellem region, kommuner og udvalgte praktiserende læger",
            "Udbredelse af ordningen med socialsygeplejersker",
            "Socialoverlæger i somatikken",
            "Socialoverlæger og socialsygeplejersker i psykiatrien",
        ]

    def test_states_of_all_36_cells(self):
        """An empty cell has no row at all: empty is not "none"."""
        expected = {
            (number, name): state
            for number, states in STATES.items()
            for name, state in zip(COLUMNS, states, strict=True)
            if state is not EMPTY
        }
        stored = {
            (position.proposal.number, position.authority.name): position.state
            for position in Position.objects.select_related("proposal", "authority")
        }
        assert stored == expected
        assert len(stored) == 17

    def test_efforts_in_all_36_cells(self):
        counted = Counter(Effort.objects.values_list("proposals__number", "authority__name"))
        assert {
            number: tuple(counted[number, name] for name in COLUMNS) for number in EFFORTS
        } == EFFORTS
        assert Effort.objects.count() == 54

    def test_each_effort_stands_in_its_cell_in_order(self):
        for case in CELLS:
            number, authority, words = case
            with self.subTest(case=case):
                efforts = cell(number, authority)
                assert len(efforts) == len(words)
                for effort, word in zip(efforts, words, strict=True):
                    assert says(effort.text, word)

    def test_the_hospital_answer_spans_three_proposals(self):
        spans = {
            tuple(sorted(effort.proposals.values_list("number", flat=True)))
            for effort in Effort.objects.filter(authority__name=REGION)
        }
        assert spans == {(7, 8, 9)}
        others = Effort.objects.exclude(authority__name=REGION)
        assert all(effort.proposals.count() == 1 for effort in others)

    def test_what_has_gone_stale_says_so(self):
        today = dt.date(2026, 11, 21)
        by_state = {
            state: sorted(Effort.objects.filter(state=state).values_list("text", flat=True))
            for state in ("planned", "postponed", "discontinued")
        }
        assert by_state == {
            "planned": [
                "F-ACT-teamet er tænkt ind som én af de fremskudte muligheder i Kimbrerparken"
            ],
            "postponed": ["Særlige indsatser for sårbare: Sundhedscafe"],
            "discontinued": ["Udsatteråd"],
        }
        expired = {
            effort.text: effort.valid_until
            for effort in Effort.objects.all()
            if effort.has_expired(today)
        }
        assert expired == {
            "Sundhedscentret er fysisk i Kimbrerparken og holdt Sundhedscafe der": dt.date(
                2021, 5, 31
            )
        }
        assert "corona" in cell(2, REBILD)[4].explained_by.text
        assert "Covid-19" in cell(2, VESTHIMMERLAND)[0].note

    def test_nothing_is_confirmed_on_a_day_that_the_paper_does_not_give(self):
        assert not Position.objects.exclude(confirmed_on=None).exists()

    def test_notes_by_authority_and_division(self):
        stored: dict[tuple[str, str], list[str]] = {}
        for note in AuthorityNote.objects.select_related("authority"):
            stored.setdefault((note.authority.name, note.division), []).append(note.heading)
        assert stored == NOTES

    def test_notes_say_what_the_paper_says(self):
        for case in NOTE_WORDS:
            heading, words = case
            with self.subTest(case=case):
                note = AuthorityNote.objects.get(heading=heading)
                assert says(note.text, *words)

    def test_screening_has_its_seven_points_for_all_adult_inpatients(self):
        note = AuthorityNote.objects.get(
            heading="Psykiatriens screening for misbrugsproblematikker"
        )
        assert says(note.text, "Alle voksne", "hepatitis og HIV", "Patientens Team")
        numbered = [line for line in note.text.splitlines() if line[:2].rstrip(".").isdigit()]
        assert [line[0] for line in numbered] == list("1234567")

    def test_the_co_operation_agreement_is_linked(self):
        note = AuthorityNote.objects.get(heading="Sengeafsnit O2, Aalborg UH")
        assert note.link == "https://pri.rn.dk/Sider/32068.aspx"
        assert AuthorityNote.objects.exclude(link="").count() == 1

    def test_lines_point_to_the_notes_that_explain_them(self):
        explained = {
            note.heading: note.efforts.count()
            for note in AuthorityNote.objects.all()
            if note.efforts.exists()
        }
        # Handicaprådet and the agreements on admission stand below the table without a line in it.
        without = set(AuthorityNote.objects.values_list("heading", flat=True)) - set(explained)
        assert without == {"Handicaprådet", "Aftaler om indlæggelse og udskrivelse"}
        assert explained.pop("Sundhedscafe") == 2
        assert set(explained.values()) == {1}

    def test_divisions_of_the_region(self):
        divisions = [effort.division for effort in cell(7, REGION)]
        assert divisions == ["somatic"] * 6 + ["psychiatric"] * 2 + [""]

    def test_the_source_contradicts_itself_and_is_not_exhaustive(self):
        source = Cluster.objects.get(slug="syd").source_documents.get()
        assert says(source.remark, "Klynge Midt", "Klynge SYD")
        assert source.is_exhaustive is False
        assert Proposal.objects.filter(source=source).count() == 9

    def test_themes_cross_the_columns(self):
        who = Effort.objects.filter(themes__name="Lær at tackle")
        assert {effort.authority.name for effort in who} == {REBILD, MARIAGERFJORD}
        smoking = Effort.objects.filter(themes__name="Røgfrihed og rygestop")
        assert {effort.authority.name for effort in smoking} == set(COLUMNS) - {REGION}


# --- Neither more nor less certain than the documents ---------------------------------------------

# A file, words that must stand in it, and words that would say more or something else.
CERTAINTY = [
    (
        "hjoerring.toml",
        [
            *("ressourcer og behov", "Det er bevist", "social- og sundhedsfaglige"),
            *("kendskab til", "blive bevidst", "generelle og specifikke helbred"),
            *("kan fremme motivationen", "og så videre", "Der er fokus på at tilbyde"),
            *("har indrettet sanserum", "kan bruges", "bl.a.", "Sunde kostvaner"),
            *("Fra januar 2019", "eventuelt også eksterne aktører"),
        ],
        ["Kun to", "Mange i målgruppen", "rusmidler", "cigaretter", "Alle hovedretter"],
    ),
    (
        "klynge_syd.toml",
        [
            *("decideret behandling efter visitation", "hos misbrug", "bygge bro"),
            *("En væsentlig del", "svært ved at tage imod hjælp", "udstyr til misbrugere"),
            *("tænkt ind", "samme formål som i eksemplet", "Samarbejde om og henvisning"),
            *("fx Lær at tackle", "kan tilbydes døgnet rundt", "også har åbent i weekender"),
            *("Særlige indsatser for sårbare", "Uddannelse af personale", "og få støtte"),
            *("Etablering af samarbejde", "stort ansvar"),
        ],
        ["døgnbehandling", "stofbrugere", "misbrugscentret; fungerer", "2021-12-31", "når dem."],
    ),
]


class TestCertainty(TestCase):
    def test_can_stays_can_and_examples_stay_examples(self):
        for file, words, too_much in CERTAINTY:
            with self.subTest(file=file):
                text = (FIXTURES / file).read_text(encoding="utf-8").replace("\\\n", "")
                assert says(text, *words)
                assert not [word for word in too_much if word in text]

    def test_every_goal_of_the_policy_is_a_commitment(self):
        text = (FIXTURES / "hjoerring.toml").read_text(encoding="utf-8")
        goals = text.split("goals = [")[1].split("]")[0]
        assert all(line.strip().startswith('"Vi vil ') for line in goals.strip().splitlines())
