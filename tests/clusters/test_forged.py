"""Whatever a request claims about a cell: answer and efforts agree, and nothing breaks."""

import random

import pytest

from clusters.enums import PositionState
from clusters.models import Effort, Position

from .conftest import cell_path, disagreeing

pytestmark = pytest.mark.django_db
WEIRD = ("", "0", "-1", "1", "2", "99", "9" * 30, "x", "\u0661", "on", "not_filled", "\x00")


@pytest.mark.parametrize("seed", range(6))
def test_no_forged_request_leaves_an_answer_without_sense(
    login, editor, rows, municipality, other_municipality, answer, seed
):
    dice = random.Random(seed)
    own = [
        *answer([rows[0], rows[1]], "Fælles", "Også"),
        *answer(rows[2], "Alene", state=PositionState.ANSWERED),
    ]
    [foreign] = answer(rows[3], "Fremmed", authority=other_municipality)
    keys = [str(one.pk) for one in (*own, foreign)] + ["", "77777"]
    proposals = [str(row.pk) for row in rows] + ["88888"]
    states = [*PositionState.values, "hvad"]
    client = login(editor)
    foreign_before = Effort.objects.filter(pk=foreign.pk).values().get()
    for _ in range(15):
        row = dice.choice(rows)
        now = Position.objects.filter(proposal=row, authority=municipality).first()
        version = now.version if now else 0
        data = {
            "version": dice.choice([version, version, version, *WEIRD]),
            "state": dice.choice(states),
            "state_from": dice.choice(["", "", "01.01.2027", "31.02.2027"]),
            "same_for": dice.sample(proposals, dice.randrange(3)),
            "drop": dice.sample(keys, dice.randrange(2)),
        }
        for number in range(dice.randrange(4)):
            data |= {
                f"l{number}-effort": dice.choice(keys),
                f"l{number}-text": dice.choice(["", "Kursus", "Alene", "x"]),
                f"l{number}-state": dice.choice(["running", "discontinued", "hvad"]),
                f"l{number}-order": dice.choice(WEIRD),
                f"l{number}-valid_until": dice.choice(["", "", "", "01.01.2020"]),
                f"l{number}-proposals": dice.sample(proposals, dice.randrange(4)),
            }
            if dice.random() < 0.3:
                data[f"l{number}-remove"] = "on"
        data["choice"] = dice.choice(["theirs", "mine", "mine", "x"])
        what = dice.choice(["edit"] * 12 + ["choose", "choose", "add-line", "merge"])
        sent = client.post(cell_path(row, municipality, what), data)
        assert sent.status_code in (200, 302, 409, 422), data
        assert not disagreeing(), data
        path = cell_path(row, municipality, dice.choice(["removed", "undo", "confirm"]))
        data = {
            "effort": dice.choice(keys),
            "version": dice.choice([*WEIRD, "1", "2", "3"]),
            "v": f"{row.pk}:{dice.choice([version, version + 1, *WEIRD])}",
        }
        assert client.post(path, data).status_code in (302, 404, 409, 422), data
        assert not disagreeing(), data
    assert Effort.objects.filter(pk=foreign.pk).values().get() == foreign_before
