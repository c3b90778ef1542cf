"""A form that creates something carries the id of its submission, or what it made is known again.

``tests/test_sent_twice.py`` tries those that carry one. Here stand all others, so that a new form
without one is noticed: it changes what has a version, is a row of a form that has one, only
asks or filters, or what it creates is recognised when it comes again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import transaction

from clusters.models import Proposal, ProposalGroup
from clusters.setup.forms import people, proposals
from initiatives.models import PlannedActivity
from initiatives.plans.forms import copies
from krams.enums import Role
from krams.models import Authority, Cluster, Facility, Membership, User
from krams.roles.forms import roles
from krams.roles.places import Place
from krams.roles.rules import Kind
from krams.web.forms import FilterForm, PortalForm, SubmissionField
from tests import pages
from tests.demo import DemoTestCase
from tests.pages import Page
from tests.test_sent_twice import TODAY, forms_below, mosbjerghus

# What the person saw: sent again it is outdated (409), or changes nothing.
SEEN = {"version", "seen", "base", "v"}


@dataclass(frozen=True)
class Case:
    """``again`` is the answer to the same form sent once more."""

    form: type
    page: Callable[[], Page]
    data: Callable[[], dict]
    again: int = 302


CASES = [
    Case(
        proposals.GroupForm,
        lambda: Page("koordinator", "clusters:group-add", pages.CLUSTER),
        lambda: {"gruppe-name": "Bolig og netværk"},
        # It says that the group is there.
        again=422,
    ),
    Case(
        proposals.CopyForm,
        lambda: Page("koordinator", "clusters:proposals-copy", pages.CLUSTER),
        lambda: {"kopi-origin": cluster_with_another_proposal().pk},
    ),
    Case(
        copies.CopyForm,
        lambda: Page(
            "leder", "initiatives:plan-copy", pages.FACILITY, query="?fra=den-gode-modtagelse"
        ),
        lambda: {"plans": [plan_elsewhere()], "starts_on": TODAY},
    ),
    Case(
        people.AppointForm,
        lambda: Page("koordinator", "clusters:setup-people", pages.CLUSTER),
        lambda: {
            "email": "redaktion@kommune.example",
            "name": "Redaktør, Rebild",
            "authority": Authority.objects.get(slug="rebild").pk,
        },
    ),
    Case(
        roles.GiveForm,
        lambda: Page("leder", "role-give", {"place": str(Place(Kind.FACILITY, mosbjerghus()))}),
        lambda: {"email": "vagt@kommune.example", "name": "Nattevagt", "role": "staff"},
    ),
]


# Why the others make nothing twice.
MAKE_NOTHING_TWICE = {
    "a row or a part of a form that carries one of the two": {
        "clusters.asking.forms.column.LineForm",
        "clusters.intake.forms.PlaceForm",
        "clusters.matrix.forms.cell.ChoiceForm",
        "clusters.matrix.forms.effort.EffortForm",
        "initiatives.criteria.forms.criteria.PlaceForm",
        "initiatives.criteria.forms.measurement_sheet.MeasurementRowForm",
        "initiatives.documents.forms.policies.GoalForm",
        "initiatives.documents.forms.sections.AttentionForm",
        "initiatives.documents.forms.sections.CriterionForm",
        "initiatives.documents.forms.sections.EconomyForm",
        "initiatives.documents.forms.word_import.ChoiceForm",
        "initiatives.log.forms.log_sheet.ActivityRowForm",
        "initiatives.plans.forms.activity_types.PlaceForm",
        "initiatives.plans.forms.type_sheet.TypeRowForm",
        "krams.organisations.forms.facility_sheet.FacilityRowForm",
        "krams.organisations.forms.people_sheet.PersonRowForm",
    },
    "asks, shows or reads a file; what is kept of it comes with another form": {
        "clusters.comparison.forms.OneAuthorityForm",
        "clusters.comparison.forms.OneThemeForm",
        "clusters.comparison.forms.SideBySideForm",
        "initiatives.criteria.forms.indicators.KindForm",
        "initiatives.criteria.forms.measurement_sheet.WhichForm",
        "initiatives.documents.forms.versions.CompareForm",
        "initiatives.documents.forms.word_import.PaperForm",
        "initiatives.followup.forms.QuarterFilter",
        "initiatives.getting_started.forms.MunicipalityForm",
        "krams.pages.views.components.ExampleForm",
        "krams.pages.views.components.ExampleLine",
        "krams.search.forms.SearchForm",
        "krams.sheets.forms.FileForm",
    },
    "sets what stands to what it says, or takes it away": {
        "clusters.editions.forms.WithdrawForm",
        "initiatives.getting_started.forms.SkipForm",
        "initiatives.meetings.forms.HandledForm",
        "krams.changes.forms.RedactForm",
        "krams.data_protection.forms.LeavingForm",
        "krams.mail.forms.DigestForm",
        "krams.roles.forms.accepting.PasswordForm",
    },
}


def plan_elsewhere() -> int:
    there = Facility.objects.get(slug="den-gode-modtagelse")
    return PlannedActivity.objects.filter(facility=there, ends_on=None).earliest("pk").pk


def cluster_with_another_proposal() -> Cluster:
    """Coordinated by the same person, who copies from it."""
    region = Cluster.objects.get(**pages.CLUSTER).region
    other = Cluster.objects.create(name="Klynge Prøve", slug="proeve", region=region)
    coordinator = User.objects.get(email="koordinator@demo.example")
    Membership.objects.create(user=coordinator, role=Role.COORDINATOR, cluster=other)
    group = ProposalGroup.objects.create(cluster=other, name="Fritid", position=0)
    Proposal.objects.create(cluster=other, group=group, number=91, title="Et værested om søndagen")
    return other


def unnoticed() -> set[str]:
    """Forms that carry neither an id of a submission nor what the person saw, by their names."""
    # All forms that have an address are there.
    import_module(settings.ROOT_URLCONF)
    return {
        f"{form.__module__}.{form.__name__}"
        for form in forms_below(PortalForm)
        if form.__module__.split(".")[0] in ("krams", "initiatives", "clusters")
        and not issubclass(form, FilterForm)
        and not SEEN & form.base_fields.keys()
        and not any(isinstance(one, SubmissionField) for one in form.base_fields.values())
        # What others stand on is never shown itself.
        and not form.__subclasses__()
    } - {f"{case.form.__module__}.{case.form.__name__}" for case in CASES}


def rows() -> dict[str, int]:
    """Of all that is kept; a log-in and what is told of the sending are no part of it."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.label not in {"sessions.Session", "krams.AuditEntry"}
    }


class SentAgain(DemoTestCase):
    def test_every_form_has_an_id_or_says_why_not(self):
        said = set().union(*MAKE_NOTHING_TWICE.values())
        assert sum(map(len, MAKE_NOTHING_TWICE.values())) == len(said)
        assert unnoticed() == said

    def test_what_a_form_without_an_id_made_is_known_again(self):
        for case in CASES:
            before = transaction.savepoint()
            with self.subTest(form=case.form.__name__):
                self.send_twice(case)
            transaction.savepoint_rollback(before)

    def send_twice(self, case: Case) -> None:
        page = case.page()
        client, path, data = self.client_of(page.who), page.path(), case.data()
        none = rows()
        first = client.post(path, data)
        assert first.status_code == 302, first.content.decode()
        one = rows()
        assert one != none
        again = client.post(path, data)
        assert again.status_code == case.again, again.content.decode()
        assert rows() == one
