"""What SQLite cannot do is said, and nothing is tried."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [[], ["--convert"], ["--revert"], ["--check"]], ids=str)
def test_sqlite_cannot_divide_the_log(arguments):
    with pytest.raises(CommandError, match="Kun PostgreSQL"):
        call_command("partition_log", *arguments)
