"""Runs beside the tests, in the demo's database: logs people in and finds the pages' addresses."""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from krams.models import User  # noqa: E402
from tests.pages import PAGES  # noqa: E402


def log_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


json.dump(
    {
        "sessions": {user.email.split("@")[0]: log_in(user) for user in User.objects.all()},
        "paths": {str(page): page.path() for page in PAGES},
    },
    sys.stdout,
)
