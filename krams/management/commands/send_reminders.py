"""Post the reminders that are due: docs/digests.md."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...mail.reminders import post_due
from ...operation.actions import ended


class Command(BaseCommand):
    help = "Post the reminders of today; run it every morning. A second run posts nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = post_due(timezone.localdate())
        self.stdout.write(f"{done.posted} posted.")
        if done.failed:
            raise CommandError(
                f"Not asked to the end: {', '.join(done.failed)}. The next run tries again."
            )
        ended("send_reminders")
