"""Passwords that are guessed in a few tries are refused on every form that takes one."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from krams.models import User

GUESSED = [
    "123456789012",
    "aaaaaaaaaaaa",
    "qwertyuiop12",
    "Password1234",
    "Adgangskode1234",
    "Velkommen2026",
    "kommune12345",
    "010190123456",
    "bakkehuset.leder",
    "x" * 5000,
]


@pytest.mark.parametrize("password", GUESSED)
def test_what_is_easy_to_guess_is_refused(password):
    user = User(email="bakkehuset@proeve.example", name="Leder, Bakkehuset")
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password",
    [
        "fire gode ord i træk",
        "en-god-adgangskode-2026",
        "Hestebatteri-klammer",
        "æ" * 3 + "0Kq!vZ7pLm",
    ],
)
def test_words_in_a_row_are_good(password):
    validate_password(password, User(email="a@proeve.example", name="Leder"))


def test_the_form_of_ones_account_says_why(client, make_user):
    client.force_login(make_user())
    old = "en-god-adgangskode-2026"
    data = {"oldpassword": old, "password1": "123456789012", "password2": "123456789012"}
    page = client.post("/konto/password/change/", data)
    assert page.status_code == 422
    assert "let at gætte" in page.content.decode()
    assert "123456789012" not in page.content.decode()
