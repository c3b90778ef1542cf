"""The demo's own matrix goes out as Word, through LibreOffice, and comes in again."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clusters.intake.units import Kind
from clusters.models import EffortProposal, ImportDraft
from tests.demo import DemoTestCase

pytestmark = pytest.mark.office
SYD = "/klynger/syd/"


def through_libreoffice(data: bytes, *, edit=lambda file: None) -> bytes:
    """Opened, saved as .odt, opened again and saved as .docx, as somebody in an office would."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is not installed"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "skema.docx"
        file.write_bytes(data)
        document = docx.Document(str(file))
        edit(document)
        document.save(str(file))
        for kind in ("odt", "docx"):
            made = subprocess.run(
                [soffice, "--headless", f"-env:UserInstallation=file://{folder}/profile",
                 "--convert-to", kind, "--outdir", str(folder / kind), str(file)],
                capture_output=True, timeout=120, check=True,
            )  # fmt: skip
            file = folder / kind / f"skema.{kind}"
            assert file.exists(), made.stderr.decode()
        return file.read_bytes()


class OutAndIn(DemoTestCase):
    def take_in(self, data: bytes) -> tuple:
        client = self.client_of("koordinator")
        path = f"{SYD}indlaesning/"
        form = client.get(path).context["form"]
        sent = {
            "submission_id": str(form["submission_id"].value()),
            "file": SimpleUploadedFile("skema.docx", data),
            "table": "",
        }
        response = client.post(path, sent)
        assert response.status_code == 302, response.content.decode()
        draft = ImportDraft.objects.latest("pk")
        return client, draft, client.get(draft.get_absolute_url()).context["preview"]

    def test_what_went_out_comes_in_unchanged(self):
        data = self.client_of("koordinator").get(f"{SYD}matrix.docx").content
        for file in (data, through_libreoffice(data)):
            _client, _draft, preview = self.take_in(file)
            found = [unit.title for unit in preview.units if unit.kind is not Kind.SAME]
            assert found == []
            assert len(preview.units) > 20
            assert (preview.absent, preview.left) == ([], [])

    def test_what_was_written_in_it_is_taken_in(self):
        def edit(document):
            cell = document.tables[0].cell(2, 1)
            cell.paragraphs[1].runs[0].text = "Fast aftale om tre pladser"
            cell.add_paragraph("Ny indsats fra mødet", "List Bullet")

        data = self.client_of("koordinator").get(f"{SYD}matrix.docx").content
        client, draft, preview = self.take_in(through_libreoffice(data, edit=edit))
        [unit] = [unit for unit in preview.units if unit.kind is not Kind.SAME]
        assert unit.kind is Kind.CHANGED
        base = draft.get_absolute_url()
        client.post(f"{base}felt/{unit.key}/", {"choice": "accept", "seen": unit.seen})
        assert client.post(f"{base}indlaes/").status_code == 302
        places = EffortProposal.objects.standing().filter(
            proposal=unit.cells[0].proposal.pk, effort__authority=unit.column.authority.pk
        )
        texts = [place.effort.text for place in places.select_related("effort")]
        assert texts == ["Fast aftale om tre pladser", "Ny indsats fra mødet"]
        assert client.post(f"{base}fortryd/").status_code == 302
        assert "Ny indsats fra mødet" not in {
            place.effort.text for place in places.all().select_related("effort")
        }
