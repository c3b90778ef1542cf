"""Ask for every kind of page of the portal in the current folder, and send its forms.

Part of ``upgrade_drill.py``, which runs it in the tree that it tries, on the database that
``DATABASE_URL`` names. It knows no more of that tree than its settings and the people of its demo.

    python walk_portal.py                     pages and forms, once
    python walk_portal.py --read              pages alone
    python walk_portal.py --read --until F    again and again until there is a file F

Prints one line of JSON: how many kinds of addresses answered, how many forms were saved, and what
was answered by 500 or more.
"""

import argparse
import importlib.util
import json
import os
import sys
import time
import traceback
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# So many addresses of a kind are asked for, by whoever comes to them first, and so many forms sent.
EACH = 2
# What ends the walk for whoever walks, or gives the password of the demo away.
LEFT_OUT = ("konto/logout", "konto/password", "konto/2fa", "konto/login", "konto/log-ud", "sprog")
DOMAIN = "@demo.example"
FORMS = Path(__file__).resolve().parent.parent / "tests" / "forms_on_pages.py"


def set_up() -> None:
    sys.path.insert(0, str(Path.cwd()))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "krams.settings", "ALLOWED_HOSTS": "testserver"}
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.LETTERS_IN_BACKGROUND = False
    settings.LOGGING["root"]["level"] = "CRITICAL"
    for one in settings.LOGGING["loggers"].values():
        one["level"] = "CRITICAL"
    import django

    django.setup()


def reader() -> Any:
    """``read_page`` of our own tests; those of the tree may be others."""
    spec = importlib.util.spec_from_file_location("forms_on_pages", FORMS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.read_page


class Walk:
    """What one round through the portal came to."""

    def __init__(self, *, writes: bool) -> None:
        self.writes, self.read_page = writes, reader()
        self.asked: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.saved: Counter[str] = Counter()
        self.failed: dict[str, str] = {}
        self.error = ""

    def go(self) -> None:
        from django.contrib.auth import get_user_model
        from django.core.signals import got_request_exception

        got_request_exception.connect(self.remember)
        for person in get_user_model().objects.filter(email__endswith=DOMAIN).order_by("pk"):
            self.as_person(person)

    def remember(self, **_signal: Any) -> None:
        lines = traceback.format_exc().strip().splitlines()
        self.error = " | ".join(line.strip() for line in lines[-3:])

    def as_person(self, person: Any) -> None:
        from django.test import Client

        client = Client(raise_request_exception=False)
        client.force_login(person)
        done: set[str] = set()
        waiting = ["/"]
        while waiting:
            path = waiting.pop(0)
            route = self.route(path)
            # Everybody begins with the first page, and goes on to what nobody has seen.
            if route is None or path in done or (route and self.seen[route] >= EACH):
                continue
            done.add(path)
            self.seen[route] += 1
            page = self.ask(route, "GET", client.get, path)
            if page is None:
                continue
            forms, links = self.read_page(page, urlsplit(path).path)
            waiting += links
            for form in forms if self.writes else ():
                route = self.route(form.path)
                if form.method == "post" and route is not None and self.sent[route] < EACH:
                    self.sent[route] += 1
                    self.send(client, route, form)

    @staticmethod
    def route(path: str) -> str | None:
        """The kind of address; None for what is not ours, or is left alone."""
        from django.urls import Resolver404, resolve

        parts = urlsplit(path)
        if parts.netloc or parts.scheme or parts.path.strip("/").startswith(LEFT_OUT):
            return None
        try:
            return str(resolve(parts.path).route)
        except Resolver404:
            return None

    def send(self, client: Any, route: str, form: Any) -> None:
        filled = {"text": "Prøve", "textarea": "Prøve", "number": "1"}
        filled |= {"date": date.today().isoformat(), "search": "Prøve"}
        data = dict(form.data)
        for name, kind in form.kinds.items():
            if not any(data[name]) and kind in filled:
                data[name] = [filled[kind]]
            elif not data[name] and name in form.offers:
                data[name] = form.offers[name]
        path = form.path
        if form.buttons:
            name, value, path = form.buttons[0]
            if name:
                data[name] = [value]
        self.ask(route, "POST", client.post, path, data)

    def ask(self, route: str, method: str, ask: Any, *arguments: Any) -> str | None:
        """The page, where there is one."""
        self.error = ""
        answer = ask(*arguments)
        about = f"{method} {route}"
        self.asked[about] += 1
        if method == "POST" and answer.status_code in (200, 204, 302, 303):
            self.saved[route] += 1
        if answer.status_code >= 500:
            self.failed[about] = f"{arguments[0]}: {answer.status_code} {self.error}"
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.streaming:
            # What a file takes from the database it takes only now.
            b"".join(answer.streaming_content)
        return answer.content.decode() if is_page and not answer.streaming else None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--read", action="store_true", help="send no form")
    parser.add_argument("--until", type=Path, help="go on until this file is there")
    options = parser.parse_args(arguments)
    set_up()
    began = time.monotonic()
    walk = Walk(writes=not options.read)
    walk.go()
    while options.until and not options.until.exists():
        walk.seen.clear()
        walk.go()
    told = {
        "kinds": len(walk.asked),
        "requests": sum(walk.asked.values()),
        "saved": len(walk.saved),
        "seconds": round(time.monotonic() - began),
        "failed": walk.failed,
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
