"""What is handed in and cannot be read: a sentence by the field, and nothing is kept."""

import pytest
from django.utils import translation

from clusters.models import ImportDraft
from tests.krams.uploads.test_files import BAD, WRONG

from .conftest import HEAD, address, paste, upload, word_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [*WRONG, *BAD])
def test_a_bad_file_is_told_by_the_field(client_in, cluster, rows, name):
    response = upload(client_in, cluster, (WRONG | BAD)[name])
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"file"}
    assert 'id="id_file_error"' in response.content.decode()
    assert not ImportDraft.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (word_file(), "ingen tabel"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_no_table_and_too_much_are_told(client_in, cluster, rows, data, said):
    response = upload(client_in, cluster, data)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_a_text_without_a_table_stays_in_the_field(client_in, cluster, rows):
    response = paste(client_in, cluster, "Vi har en café")
    assert response.status_code == 422
    assert "Vi har en café" in response.content.decode()
    assert upload(client_in, cluster, b"", table="").status_code == 422
    both = upload(client_in, cluster, word_file(HEAD, ["1", "a b", "", ""]), table="a\tb")
    assert both.status_code == 422


def test_a_number_of_a_person_is_neither_kept_nor_shown(client_in, taken_in):
    draft = taken_in(
        ["1", "- Bus\n- Ring til 010190-1234", ""],
        ["2 020290-5678", "- Bil", ""],
        title="Til 030390-1234",
        after=["Ring 040490-4321"],
    )
    page = client_in.get(address(draft)).content.decode()
    for number in ("010190", "1234", "020290", "030390", "040490"):
        assert number not in page
        assert number not in str(draft.reading)
    [unit] = [u for u in client_in.get(address(draft)).context["preview"].units if u.doubts]
    answer = client_in.post(
        address(draft, "decide", unit.key), {"choice": "accept", "seen": unit.shown}
    )
    assert answer.status_code == 403
    # Whoever has taken the number out may accept the rest.
    edited = {"seen": unit.shown, "state": "established", "lines": "Bus"}
    assert client_in.post(address(draft, "edit", unit.key), edited).status_code == 302
    wrong = client_in.post(address(draft, "edit", unit.key), edited | {"lines": "Ring 010190-1234"})
    assert wrong.status_code == 422


def test_a_name_with_a_path_is_shown_as_its_last_part(client_in, cluster, rows):
    data = word_file(HEAD, ["1", "- Bus", "", ""])
    upload(client_in, cluster, data, name="..\\..\\hemmeligt\\skema.docx")
    assert ImportDraft.objects.get().file_name == "skema.docx"


@pytest.mark.parametrize("query", ["?vis=x", "?side=0", "?side=2", "?side=x", "?side=²"])
def test_a_page_that_is_not_there_is_not_found(client_in, taken_in, query):
    draft = taken_in(["1", "- Bus", ""])
    assert client_in.get(address(draft) + query).status_code == 404


def test_forged_decisions_and_places_change_nothing(client_in, taken_in):
    draft = taken_in(["1", "- Bus", ""], ["Boliger", "- Hus", ""])
    assert client_in.post(address(draft, "decide", "c9-9"), {"choice": "accept"}).status_code == 403
    assert client_in.post(address(draft, "decide", "c0-0"), {"choice": "x"}).status_code == 422
    assert client_in.get(address(draft, "edit", "n0")).status_code == 404
    wrong = client_in.post(address(draft, "place"), {"r1": "999999"})
    assert wrong.status_code == 422
    with translation.override("da"):
        assert client_in.get(address(draft)).status_code == 200


def test_a_row_that_could_not_be_told_is_placed(client_in, taken_in, rows):
    draft = taken_in(["1", "- Bus", ""], ["Boliger til alle", "- Hus", ""])
    assert "Boliger til alle" in client_in.get(address(draft)).content.decode()
    placed = client_in.post(address(draft, "place"), {"r1": str(rows[3].pk)})
    assert placed.status_code == 302
    titles = [unit.title for unit in client_in.get(address(draft)).context["preview"].units]
    assert titles == ["1 Forslag nr. 1", "4 Forslag nr. 4"]
