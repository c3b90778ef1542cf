"""What free text may hold. Every number here is made up."""

import pytest
from django.core.exceptions import ValidationError

from krams.privacy.free_text import validate_free_text, validate_line

CPR_SHAPED = [
    "010203-1234",
    "0102031234",
    "010203 1234",
    "01 02 03 1234",
    "01 02 03-1234",
    "0102 03 1234",
    "01.02.03-1234",
    "01/02/03-1234",
    "010203\u20131234",
    "010203 \u2013 1234",
    "010203\u00a01234",
    "010203\u202f1234",
    "010203\u22121234",
    "010203\u200d1234",
    "\uff10\uff11\uff10\uff12\uff10\uff13-\uff11\uff12\uff13\uff14",
    "01 02 03 12 34",
    "610203-1234",
    "911203-1234",
    "290200-1234",
    "290204-1234",
]


class TestValidators:
    @pytest.mark.parametrize("validate", [validate_free_text, validate_line])
    @pytest.mark.parametrize("number", CPR_SHAPED)
    def test_cpr_is_refused_and_not_repeated(self, validate, number):
        with pytest.raises(ValidationError) as refusal:
            validate(f"Beboer {number}")
        assert refusal.value.code == "cpr"
        assert not any(character.isdigit() for character in str(refusal.value.message))

    @pytest.mark.parametrize("character", [*"\x00\x08\x0b\x0c\x1b\x7f\x85", "\ud800", "\uffff"])
    def test_control_characters_are_refused(self, character):
        with pytest.raises(ValidationError) as refusal:
            validate_free_text(f"Gå{character}tur")
        assert refusal.value.code == "control"

    @pytest.mark.parametrize(
        "text",
        [
            "Gåtur\r\n\tkl. 10",
            "👩‍🍳 madlavning",
            "\u200fשלום\u200e",
            '<b>O\'Brien</b> "&"',
            "",
            "❤️",
        ],
    )
    def test_ordinary_text_passes(self, text):
        validate_free_text(text)

    @pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
    def test_a_line_has_no_line_breaks(self, line_break):
        with pytest.raises(ValidationError) as refusal:
            validate_line(f"Gåtur{line_break}i skoven")
        assert refusal.value.code == "newline"

    def test_a_line_may_hold_emoji_and_right_to_left_marks(self):
        validate_line("👩‍🍳 \u200fשלום\u200e")
