"""What is pasted badly is told row by row, and stays where it was pasted."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from krams.enums import Role
from krams.models import Facility, Membership


def text(response) -> str:
    return unescape(response.content.decode())


def told(response) -> list[str]:
    """The rows of the table of what is wrong."""
    page = text(response)
    rows = re.findall(r'<tr>\s*<th scope="row">(.*?)</th>', page, re.DOTALL)
    return [row.strip() for row in rows]


def pasted(response) -> str:
    page = text(response)
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)[1]


@pytest.fixture
def paste(login, make_user, municipality, department):
    client = login(make_user(Role.ADMINISTRATOR, authority=municipality))

    def send(rows: str, what: str = "people", **more):
        path = reverse(f"initiatives:getting-started-{what}", args=[department.slug])
        return client.post(path, {"pasted": rows, **more})

    return send


def test_each_wrong_row_is_told_and_nothing_is_lost(paste, facility):
    rows = "\n".join(
        [
            "a@nordby.example\tVagt\tMedarbejder\t",
            "b@nordby.example\tVagt\tKonge\t",
            "a@nordby.example\tVagt\tMedarbejder\t",
            "ingen adresse\tVagt\tMedarbejder\t",
            "c@nordby.example\tVagt\tMedarbejder\tFindes ikke",
            "d@nordby.example\tVagt 010190-1234\tMedarbejder\t",
        ]
    )
    answer = paste(rows)
    assert answer.status_code == 422
    assert told(answer) == ["2", "3", "4", "5", "6"]
    assert pasted(answer).replace("\r\n", "\n") == rows
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_the_sign_between_cells_is_told_by_the_rows(paste, sign):
    rows = [["Engen", "Botilbud", "12"], ["Skovbo", "Værested", ""]]
    head = ["Botilbud", "Type", "Pladser"]
    for table in (rows, [head, *rows]):
        answer = paste("\r\n".join(sign.join(row) for row in table), "facilities")
        assert answer.status_code == 200, text(answer)
        assert told(answer)[-2:] == (["2", "3"] if table is not rows else ["1", "2"])


def test_letters_that_were_read_wrongly_are_pointed_out(paste):
    answer = paste("SkovhÃ¸j\tBotilbud\t12", "facilities")
    assert answer.status_code == 422
    assert "Ã¸" in text(answer)
    assert pasted(answer) == "SkovhÃ¸j\tBotilbud\t12"


def test_five_hundred_rows_are_each_told(paste):
    rows = [f"Hus {number}\tSlot\t" for number in range(500)]
    answer = paste("\n".join(rows), "facilities")
    assert answer.status_code == 422
    assert "500" in text(answer)
    assert pasted(answer).count("Slot") == 500
    good = paste("\n".join(row.replace("Slot", "Botilbud") for row in rows), "facilities")
    assert good.status_code == 200
    assert not Facility.objects.filter(name="Hus 1").exists(), "only shown so far"


def test_nothing_or_both_is_asked_about(paste):
    assert paste("  \n ", "facilities").status_code == 422
    file = SimpleUploadedFile("a.csv", "Botilbud;Type\nEngen;Botilbud\n".encode("cp1252"))
    both = paste("Engen\tBotilbud", "facilities", file=file)
    assert both.status_code == 422
    assert pasted(both) == "Engen\tBotilbud"
