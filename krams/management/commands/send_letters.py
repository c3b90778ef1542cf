"""Send the letters that wait: what a process that ended, or a mail server that was away, left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...letters.actions import send_letters
from ...operation.actions import ended


class Command(BaseCommand):
    help = "Send the letters that wait; run it every few minutes. None is sent twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_letters()
        self.stdout.write(f"{len(done.sent)} sent, {len(done.pointless)} no longer needed.")
        if done.postponed:
            self.stdout.write(f"{len(done.postponed)} wanted later by the server.")
        if done.uncertain:
            self.stderr.write(
                f"{len(done.uncertain)} broken off and not tried again by themselves"
                f" (letters {_numbers(done.uncertain)})."
            )
        if done.is_unreachable:
            raise CommandError("The mail server cannot be reached. The next run tries again.")
        if done.failed:
            raise CommandError(f"{len(done.failed)} failed (letters {_numbers(done.failed)}).")
        ended("send_letters")


def _numbers(keys: list[int]) -> str:
    return ", ".join(map(str, keys))
