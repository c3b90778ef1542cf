"""A real SMTP server on this machine, for tests of what is sent; its fixture is ``inbox``."""

import email
import socket
from contextlib import contextmanager
from email import policy

from aiosmtpd.controller import Controller
from django.core import mail

from krams.letters.actions import send_letters


class Inbox:
    """Keeps letters by address, refuses the addresses in ``refused``, and hangs up after taking
    those to ``hangs_up``."""

    def __init__(self):
        self.letters, self.refused, self.hangs_up = {}, set(), set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        [to] = envelope.rcpt_tos
        letter = email.message_from_bytes(envelope.content, policy=policy.default)
        self.letters.setdefault(to, []).append(letter)
        if to in self.hangs_up:
            server.transport.close()
        return "250 taken"


def parts_of(letter) -> tuple[str, str]:
    """What a letter says as text and as HTML."""
    return tuple(letter.get_body((kind,)).get_content() for kind in ("plain", "html"))


@contextmanager
def serving(handler: Inbox):
    """The port on which the server listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def post_letters() -> list:
    """Send the letters that wait; what came into ``django.core.mail.outbox`` by it."""
    before = len(mail.outbox)
    send_letters()
    return mail.outbox[before:]
