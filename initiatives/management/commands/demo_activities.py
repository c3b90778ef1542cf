"""``manage.py demo_activities``: half a year of weekly plans and registrations, made up."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from krams.seeding.facts_files import FactsError

from ...demo.actions.activities import make_demo_activities
from ...demo.actions.figures import make_demo_figures


class Command(BaseCommand):
    help = (
        "Makes weekly plans, registrations, measurements and meetings for the demo, up to today. "
        "Run again on another day it goes on from there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plans, activities = make_demo_activities()
            figures = make_demo_figures()
        except FactsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Weekly plans: %(done)s") % {"done": plans.summary()})
        self.stdout.write(_("Registrations up to today: %(count)s new") % {"count": activities})
        self.stdout.write(_("Measurements and meetings: %(done)s") % {"done": figures.summary()})
