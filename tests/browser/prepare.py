"""Runs beside the tests: loads the demo, logs people in and finds the pages' addresses."""

import json
import sys
from io import StringIO

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402

from krams.models import User  # noqa: E402
from tests.databases import copy_migrated  # noqa: E402
from tests.pages import PAGES  # noqa: E402


def load_demo() -> None:
    connection.settings_dict["TEST"]["NAME"] = connection.settings_dict["NAME"]
    copy_migrated()
    # Demo people are refused where DEBUG is off.
    with override_settings(DEBUG=True):
        call_command("demo", no_serve=True, stdout=StringIO())


def log_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


load_demo()
json.dump(
    {
        "sessions": {user.email.split("@")[0]: log_in(user) for user in User.objects.all()},
        "paths": {str(page): page.path() for page in PAGES},
    },
    sys.stdout,
)
