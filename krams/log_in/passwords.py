"""Passwords that are guessed in a few tries are refused, however long they are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from zxcvbn import zxcvbn

# Of 0 to 4; 3 takes more than 10^8 guesses.
LEAST_SCORE = 3
# zxcvbn takes no more, and these are already too many to guess.
MOST_CHARACTERS = 72
# What Danes and this portal's people begin with, and zxcvbn's English lists lack.
DANISH_WORDS = [
    *("adgangskode", "kodeord", "hemmelig", "hemmeligt", "velkommen", "danmark", "skattepige"),
    *("forår", "foraar", "sommer", "efterår", "efteraar", "vinter", "mandag", "tirsdag"),
    *("onsdag", "torsdag", "fredag", "lørdag", "loerdag", "søndag", "soendag", "januar"),
    *("februar", "marts", "april", "juni", "juli", "august", "september", "oktober", "november"),
    *("december", "kommune", "kommunen", "region", "botilbud", "sundhed", "krams", "klynge"),
    *("medarbejder", "leder", "administrator", "koordinator", "redaktør", "kost", "rygning"),
    *("alkohol", "motion", "søvn", "soevn"),
]


class GuessedPasswordValidator:
    """By how many guesses it takes (zxcvbn), the person's own name and address first."""

    def validate(self, password: str, user: Any = None) -> None:
        own = [
            word
            for text in (getattr(user, "email", ""), getattr(user, "name", ""))
            for word in (text, *text.replace("@", " ").replace(".", " ").split())
        ]
        found = zxcvbn(password[:MOST_CHARACTERS], user_inputs=[*DANISH_WORDS, *filter(None, own)])
        if found["score"] < LEAST_SCORE:
            raise ValidationError(
                _("This password is easy to guess. Three or four words in a row are better."),
                code="password_guessed",
            )

    def get_help_text(self) -> str:
        return gettext("A password that is easy to guess is refused.")
