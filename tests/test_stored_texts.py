"""No text that somebody wrote is more than a text: on no page, in no file, feed and letter.

Each column that holds one is written over with what would be an element, the end of an attribute
or a formula (``tests/marked.py``); then everything is asked for.
"""

import re
from io import BytesIO
from unittest.mock import patch
from uuid import uuid4
from zipfile import ZipFile

from django.core import mail
from django.test import override_settings
from django.urls import reverse
from django.utils.html import escape

from clusters.editions.actions import freeze_edition
from krams.audit.actions import record
from krams.documents import papers, pdf
from krams.enums import AuditKind
from tests.access.paths import admin_paths, cases
from tests.access.world import World
from tests.demo import DemoTestCase
from tests.krams.mail import test_every_mail as every_mail
from tests.marked import MARK, faults, in_html, mark_everything
from tests.pages import PAGES

MADE = "text/html"
FILE_NAME = re.compile(r'attachment; filename="[a-z0-9-]+\.(csv|xlsx|docx|pdf)"')


class StoredTexts(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.world = World()
        # Of each page the first, and who opens it; found while words still mean what they say.
        pages = {page.name: page for page in reversed(PAGES) if page.status == 200}
        cls.pages = [(page.who, page.path()) for page in pages.values()]
        cls.files = [case for case in cases(cls.world) if case.kind]
        cls.marked = mark_everything()
        # What nobody can change, written anew.
        record(AuditKind.EXPORT, actor=cls.world.admin, about=MARK, file=MARK)
        frozen = freeze_edition(
            cluster=cls.world.syd,
            title=MARK,
            meeting=MARK,
            meeting_on=cls.world.tomorrow,
            submission_id=uuid4(),
            by=cls.world.coordinator,
        )
        cls.pages.append(("koordinator", frozen.get_absolute_url()))
        cls.more_files = [
            ("koordinator", reverse("clusters:edition-file", args=["syd", frozen.number, "docx"])),
            ("", f"/kalender/{cls.world.feed}.ics"),
        ]

    def asked(self, paths: list[tuple[str, str]]) -> tuple[dict, int]:
        """What is wrong by path, and how many answers have such a text at all."""
        clients = {who: self.client_of(who) for who, _path in paths}
        wrong, told = {}, 0
        for who, path in paths:
            answer = clients[who].get(path)
            body = answer.getvalue()
            found = faults(answer.headers["Content-Type"], body)
            name = answer.headers.get("Content-Disposition", "")
            if found or answer.status_code >= 500 or (name and not FILE_NAME.fullmatch(name)):
                wrong[path] = answer.status_code, name, found[:3]
            told += b"zq~" in body
        return wrong, told

    def test_pages(self):
        assert len(self.marked) > 90
        wrong, told = self.asked(self.pages)
        assert wrong == {}
        assert told > 120

    def test_pages_of_the_administration(self):
        lists = [("admin", path) for path in admin_paths(self.world) if path.count("/") == 4]
        wrong, told = self.asked(lists)
        assert wrong == {}
        assert told > 5

    def test_files_and_the_calendar(self):
        """Of a table its CSV, of a paper Word, and the page that its PDF is made of."""
        chosen = [
            ("admin", case.path)
            for case in self.files
            if case.kind == case.first or (case.kind == "pdf" and case.first == "docx")
        ]
        html = {"pdf": (lambda document: pdf.as_html(document).encode(), MADE)}
        with patch.dict(papers.WRITERS, html):
            wrong, told = self.asked([*chosen, *self.more_files])
        assert wrong == {}
        # Those that are no archive.
        assert told > 20

    def test_letters(self):
        with override_settings(**every_mail.OUTBOX):
            mail.outbox = []
            made = every_mail.EveryMail
            sent = [*made.digests(), *made.asks(), *made.conversation()]
            found = [every_mail.letter_of("", message) for message in sent]
        wrong = {letter.subject: in_html(letter.html) for letter in found}
        assert {subject: what for subject, what in wrong.items() if what} == {}
        assert [letter.subject for letter in found if len(letter.subject.splitlines()) != 1] == []
        assert sum("zq" in letter.html for letter in found) > 5


def packed(name: str, xml: str) -> bytes:
    with ZipFile(held := BytesIO(), "w") as package:
        package.writestr(name, xml)
    return held.getvalue()


def test_what_is_more_than_a_text_is_seen():
    """A check of the check, with answers that the portal never gives."""
    escaped = escape(MARK)
    office = "application/vnd.openxmlformats"
    for kind, body in (
        ("text/html", f"<p title='{escaped}'>{escaped}<a href='https://zq.example/'>".encode()),
        ("text/html", b'<script type="application/json">["=\\u003Czq\\u003Ezq~\'"]</script>'),
        ("text/csv", b'\xef\xbb\xbf"\'=zq";2'),
        ("text/calendar", b"SUMMARY:=zq\\nzq\r\n zq\r\n"),
        (office, packed("word/document.xml", f"<t>{escaped}</t>")),
    ):
        assert faults(kind, body) == [], (kind, body)
    for kind, body in (
        ("text/html", MARK.encode()),
        ("text/html", MARK.replace("<", "&lt;").replace('"', "&#34;").encode()),
        ("text/html", f'<p title="{MARK.replace("<", "&lt;").replace(chr(39), "")}">'.encode()),
        ("text/html", f"<p onclick='{escaped}'>".encode()),
        ("text/html", b"<a href='javascript:zq~1'>"),
        ("text/html", b'<script type="application/json">["<zq>"]</script>'),
        ("text/csv", b"1;=zq"),
        ("text/calendar", b"SUMMARY:=zq\r\nzq\r\n"),
        (office, packed("xl/worksheets/sheet1.xml", "<c><f>1+1</f></c>")),
        (office, packed("word/document.xml", "<t><zq>a</zq></t>")),
        (office, packed("a.rels", '<a TargetMode="External" Target="javascript:1"/>')),
    ):
        assert faults(kind, body), (kind, body)
