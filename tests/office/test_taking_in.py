"""Files of the portal that LibreOffice has saved are taken in again, and change nothing."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from initiatives.models import Initiative
from tests import pages
from tests.demo import DemoTestCase
from tests.spreadsheets import problems, states

pytestmark = pytest.mark.office


class TakingIn(DemoTestCase):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def saved_by_libreoffice(self, content: bytes, kind: str) -> bytes:
        """The file, opened and saved once more."""
        before, after = self.folder / f"fil.{kind}", self.folder / "gemt"
        before.write_bytes(content)
        profile = f"-env:UserInstallation=file://{self.folder}/profil"
        subprocess.run(
            ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", after, before],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return (after / before.name).read_bytes()

    def upload(self, client, path: str, content: bytes, name: str):
        return client.post(path, {"file": SimpleUploadedFile(name, content)})

    def test_the_initiative_of_the_demo(self):
        client, found = self.client_of("leder"), Initiative.objects.order_by("pk").first()
        file = client.get(reverse("initiatives:initiative-file", args=[found.pk, "docx"]))
        content = self.saved_by_libreoffice(file.getvalue(), "docx")
        path = reverse("initiatives:initiative-word", args=[found.pk])
        shown = self.upload(client, path, content, "indsats.docx")
        assert shown.status_code == 200
        preview = shown.context["preview"]
        assert {one.slug: one.state.value for one in preview.sections} == dict.fromkeys(
            pages.SECTIONS, "same"
        )
        assert preview.texts == []
        assert preview.unplaced == []

    def test_the_log_of_the_demo(self):
        client, slug = self.client_of("leder"), pages.FACILITY["slug"]
        file = client.get(reverse("initiatives:log-export", args=[slug, "xlsx"]))
        content = self.saved_by_libreoffice(file.getvalue(), "xlsx")
        path = reverse("initiatives:log-sheet", args=[slug])
        shown = self.upload(client, path, content, "log.xlsx")
        assert problems(shown) == []
        assert set(states(shown)) == {"same"}
