"""Where the time of one page goes: its functions, and its statements."""

import cProfile
import io
import os
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .bench import chosen, collect_static, portal_environment
from .recording import Page

if TYPE_CHECKING:
    from .clerk import Desk

TOP = 35
WARM_UP = 3


def profile(database: str, key: str, count: int) -> int:
    """Answer the page ``count`` times in this process, and print what it took."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        environment = portal_environment(database, Path(folder)) | {"LOG_LEVEL": "WARNING"}
        collect_static(environment)
        os.environ.update(environment)
        import django

        django.setup()
        from django.core.wsgi import get_wsgi_application

        from .clerk import Desk

        desk = Desk("identity")
        try:
            [page] = chosen(desk.pages()[0], [key])
            answer = _answerer(get_wsgi_application(), desk, page)
            for _number in range(WARM_UP):
                answer(None)
            _print_functions(answer, count)
            _print_statements(desk, page)
        finally:
            desk.close()
    return 0


def _answerer(
    application: Any, desk: "Desk", page: Page
) -> Callable[[cProfile.Profile | None], float]:
    """Answers once, under the profile if there is one; milliseconds of CPU."""

    def answer(profile: cProfile.Profile | None) -> float:
        environ = _environ(*desk.request(page), page)
        statuses: list[str] = []
        began = time.process_time()
        if profile:
            profile.enable()
        response = application(environ, lambda status, headers, error=None: statuses.append(status))
        for _part in response:
            pass
        response.close()
        if profile:
            profile.disable()
        took = (time.process_time() - began) * 1000
        if not statuses[0].startswith(str(page.status)):
            raise RuntimeError(f"{page.path}: {statuses[0]}")
        if page.write:
            desk.take_back(page)
        return took

    return answer


def _environ(path: str, headers: dict[str, str], body: bytes, page: Page) -> dict[str, Any]:
    where = urlsplit(path)
    names = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()}
    return names | {
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "PATH_INFO": where.path,
        "QUERY_STRING": where.query,
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": page.method,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(body),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }


def _print_functions(answer: Callable[[cProfile.Profile | None], float], count: int) -> None:
    without = sorted(answer(None) for _number in range(count))[count // 2]
    profile = cProfile.Profile()
    for _number in range(count):
        answer(profile)
    print(f"{without:.2f} ms of CPU a request (median of {count}, without the profile).")
    for order in ("tottime", "cumulative"):
        text = io.StringIO()
        pstats.Stats(profile, stream=text).strip_dirs().sort_stats(order).print_stats(TOP)
        lines = text.getvalue().splitlines()
        print(f"\n{count} requests, by {order}:")
        print("\n".join(line for line in lines if line.strip() and "Ordered by" not in line))


def _print_statements(desk: "Desk", page: Page) -> None:
    exchange = desk.record(page)
    print(f"\n{exchange.queries} statements ({len(exchange.content)} bytes):")
    for one in exchange.statements:
        print(f"{one.milliseconds:7.2f} ms  {' '.join(one.sql.split())}")
