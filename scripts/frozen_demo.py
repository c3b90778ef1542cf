"""Serve the demo of the tree in the current folder, on a day and at an hour that never change.

Part of ``compare_pictures.py``, which runs it in the tree that it shoots. It therefore knows no
more of that tree than its settings, the command ``demo`` and ``tests/pages.py``. Prints one line
of JSON, its port, pages and log-ins, and answers until it is ended.
"""

import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import time_machine

# A Wednesday in autumn, noon in Denmark: most of what a week holds lies behind, some is to come.
LOADED = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
SEEN = LOADED + timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)


def set_up(folder: Path) -> None:
    """The settings of production, but plain HTTP, and all that is written lies in ``folder``."""
    sys.path.insert(0, str(Path.cwd()))
    # time_machine brings it along, and where it is, the settings are those of tests.
    sys.modules.pop("pytest", None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="krams.settings",
        DATABASE_URL=f"sqlite:///{folder / 'demo.sqlite3'}",
        SECRET_KEY="pictures-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
        DEBUG="0",
        HTTPS="0",
        LOG_LEVEL="ERROR",
    )
    from django.conf import settings

    settings.STATIC_ROOT = folder / "static"
    settings.SHOWS_COMPONENTS = True
    # Production has a mail server; without one, pages say so.
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    import django

    django.setup()


@contextmanager
def each_statement_later(clock):
    """What is written later has a later time, though no minute passes: lists keep their order."""
    from django.db import connection

    def run(execute, *arguments):
        clock.shift(MOMENT)
        return execute(*arguments)

    with connection.execute_wrapper(run):
        yield


def load(clock) -> None:
    from django.core.management import call_command
    from django.test import override_settings

    call_command("collectstatic", interactive=False, verbosity=0)
    # Demo people are refused where DEBUG is off.
    with override_settings(DEBUG=True), each_statement_later(clock):
        call_command("demo", no_serve=True, stdout=StringIO())


def log_in(user) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def facts() -> dict:
    from django.contrib.auth import get_user_model

    from tests.pages import PAGES

    people = get_user_model().objects.all()
    return {
        "sessions": {person.email.split("@")[0]: log_in(person) for person in people},
        "pages": [{"who": one.who, "path": one.path(), "name": str(one)} for one in PAGES],
    }


def serve() -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler, ipv6=False)
    server.set_app(get_wsgi_application())
    print(json.dumps({"port": server.server_port, **facts()}), flush=True)
    server.serve_forever()


def main() -> None:
    with time_machine.travel(LOADED, tick=False) as clock:
        set_up(Path(sys.argv[1]))
        load(clock)
        clock.move_to(SEEN)
        serve()


if __name__ == "__main__":
    main()
