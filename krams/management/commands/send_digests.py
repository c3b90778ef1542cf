"""Send everybody the e-mail about what needs them: docs/digests.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...mail.actions import send_due
from ...operation.actions import ended


class Command(BaseCommand):
    help = "Send the digests that are due; run it every morning. A second run sends nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_URL:
            raise CommandError("PORTAL_URL is missing: the links in the e-mails need it.")
        report = send_due(timezone.localdate())
        self.stdout.write(f"{report.sent} sent, {report.nothing} with nothing to say.")
        if report.uncertain:
            self.stderr.write(
                f"{len(report.uncertain)} broken off by the mail server and not tried again "
                f"this period (accounts {_numbers(report.uncertain)})."
            )
        if report.is_unreachable:
            raise CommandError("The mail server cannot be reached. The next run tries again.")
        if report.failed:
            raise CommandError(
                f"{len(report.failed)} failed (accounts {_numbers(report.failed)}). "
                "The next run tries again."
            )
        ended("send_digests")


def _numbers(keys: list[int]) -> str:
    return ", ".join(map(str, keys))
