"""Order in the database is Danish, and alike on SQLite and PostgreSQL."""

import pytest

from krams.enums import AuthorityKind
from krams.models import Authority

NAMES = [
    "Ærø",
    "Aarhus",
    "Ølgod",
    "Aalborg",
    "Aabenraa",
    "Åkirkeby",
    "Allerød",
    "Zürich",
    "Ebeltoft",
]


@pytest.mark.django_db
def test_names_come_in_danish_order():
    for number, name in enumerate(NAMES):
        Authority.objects.create(
            kind=AuthorityKind.MUNICIPALITY, name=name, official_name=name, slug=f"by-{number}"
        )
    found = list(Authority.objects.order_by("name").values_list("name", flat=True))
    assert found == [
        *("Allerød", "Ebeltoft", "Zürich", "Ærø", "Ølgod"),
        *("Aabenraa", "Åkirkeby", "Aalborg", "Aarhus"),
    ]
