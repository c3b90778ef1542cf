"""What happens around every request."""

import logging
import re
import time
from collections.abc import Callable
from typing import IO, Any, TypeAlias

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from ..database.guarded import CprRefused
from . import errors, unsent_forms
from .addresses import leads_to_a_page, page_before
from .htmx import HtmxRequest, is_partial
from .logs import begin_request, safe_path

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("krams.requests")

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
# Of an address without its host. A filter of a page has some hundred; the longest that a browser
# sends by itself is that of a search for what somebody pasted.
MOST_OF_ADDRESS = 4_000
# Of all cookies together: ours have some hundred. Others of the same domain may come along.
MOST_OF_COOKIES = 8_000
# As much as the proxy lets through (deploy/Caddyfile); of more the connection is closed.
MOST_DROPPED, BYTES_AT_ONCE = 64_000_000, 64 * 1024
# Control characters but for tab and line ends; in UTF-8 those up to U+009F too.
NOT_HTML = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")
# The same in two parts, each of which is found in a tenth of the time.
_ONE_BYTE = bytes({*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F})
_TWO_BYTES = re.compile(rb"\xc2[\x80-\x9f]")


class RequestLogMiddleware:
    """One line a request: path without query (a search may hold a name), status, time, account.

    Without secrets either: an address that resets a password is one. The id of the request stands
    in every line that is written meanwhile, and goes back with the answer. A proxy may give it, in
    the header that others could send too: it counts behind a proxy alone.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get("X-Request-ID") if settings.BEHIND_PROXY else None
        request_id = begin_request(given)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        # Who it was, if anybody asked: finding out here could itself fail with the database.
        user = getattr(request, "_cached_user", None)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": safe_path(request),
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - started) * 1000),
                "user_id": user.pk if user is not None and user.is_authenticated else None,
            },
        )
        return response


class UnreadBodyMiddleware:
    """Whatever is answered, the rest of what is being sent is taken in first, and dropped.

    A browser that is still sending when the connection closes shows its own error, not our page;
    a proxy takes the portal for one that is down, and for a while asks nothing of it for anybody.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # It counts what is read of the body, and ends where the body does. Who has read all of it
        # puts another in its place.
        sent = request._stream
        response = self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length) <= MOST_DROPPED:
            self._drop(sent)
        elif has_no_length(request):
            self._drop_parts(request.META["wsgi.input"])
        return response

    @staticmethod
    def _drop(sent: IO[bytes]) -> None:
        left = MOST_DROPPED
        try:
            while left > 0 and (part := sent.read(BYTES_AT_ONCE)):
                left -= len(part)
        except OSError:
            # Whoever sent it is gone: nobody reads the answer.
            logger.info("the body did not come to its end")

    def _drop_parts(self, sent: IO[bytes]) -> None:
        """What comes in parts (chunks) gunicorn alone takes, and has an error of its own for it."""
        from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

        try:
            self._drop(sent)
        except ParseException:
            logger.info("the body was not in parts, as it said")


def has_no_length(request: HttpRequest) -> bool:
    """Whether there is a body of which nobody knows how long it is.

    The server then says where it ends; one that does not leaves what comes unread.
    """
    meta = request.META
    return "HTTP_TRANSFER_ENCODING" in meta and bool(meta.get("wsgi.input_terminated"))


class PolicyMiddleware:
    """What Django sends no header for: who may load an answer, and what a page may ask for."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        allowed = settings.PERMISSIONS_POLICY.items()
        self.permissions = ", ".join(f"{feature}={whom}" for feature, whom in allowed)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = self.permissions
        return response


class MaintenanceMiddleware:
    """503 for everything but the files of the page that says so."""

    def __init__(self, get_response: GetResponse):
        if not settings.MAINTENANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        return errors.unavailable(request)


class AllowedMethodsMiddleware:
    """405 for TRACE and whatever else no page answers; a page for the 405 of a view, too."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return errors.method_not_allowed(request, METHODS)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.method_not_allowed(request, [response.headers["Allow"]])
        return response


class StrangeRequestMiddleware:
    """What no browser sends to a page of ours.

    414 for an address and 431 for cookies that are longer than any of ours; 411 for a body that
    does not say how long it is, which Django would take for an empty form: the server in front of
    Django takes all three, so that it is a page that says so. 404 for an address with a NUL, which
    PostgreSQL cannot be asked for.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if len(request.path_info) + len(asked) > MOST_OF_ADDRESS:
            return errors.strange(414)
        if len(request.META.get("HTTP_COOKIE", "")) > MOST_OF_COOKIES:
            return errors.strange(431)
        if has_no_length(request):
            return errors.strange(411)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if "\x00" in request.path_info:
            raise Http404


class LanguageMiddleware:
    """Danish for everybody, whatever the browser asks for; English for who switched to it."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Every page asks for a log-in unless it says otherwise.

    A request from within a page gets 401, not the log-in page in place of a cell: ``ui.js`` keeps
    what was typed and offers the log-in beside it. A form that the browser sends itself is kept
    until the same person has logged in. A form of somebody else is sent in nobody's name.
    """

    # Django's knows no htmx, here and below, and sends to the log-in whoever asks.
    def process_view(  # type: ignore[override]
        self,
        request: HtmxRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.method in ("POST", "OPTIONS") and request.user.is_authenticated:
            if unsent_forms.is_of_another(request, request.user.pk):
                # To the page of the person before, the log-in is over.
                partial = is_partial(request)
                return HttpResponse(status=401) if partial else errors.csrf_failure(request)
            unsent_forms.arrived(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HtmxRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if is_partial(request):
            return HttpResponse(status=401)
        if request.method != "POST":
            path = request.get_full_path()
            return redirect_to_login(
                path if leads_to_a_page(path) else "/", self.get_login_url(view_func)
            )
        if unsent_forms.keep(request):
            messages.info(
                request, _("You had been logged out. Log in, and what you wrote is still here.")
            )
            return redirect_to_login(reverse("kept"), self.get_login_url(view_func))
        messages.warning(
            request,
            _(
                "You had been logged out, and nothing was saved. Go back in the browser to find"
                " what you wrote, and copy it before you log in."
            ),
        )
        return redirect_to_login(page_before(request), self.get_login_url(view_func))


class InvalidFormMiddleware:
    """A form that comes back with errors is 422, also from allauth's views, which say 200.

    So is a CPR number that reached a column: ``krams.database.guarded``.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request) if isinstance(exception, CprRefused) else None

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if (
            request.method == "POST"
            and response.status_code == 200
            and getattr(form, "errors", None)
        ):
            response.status_code = 422
        return response


class VaryOnHtmxMiddleware:
    """The same address gives a page or a part of it: caches must tell them apart."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request", "Cookie"))
        return response


class ValidHtmlMiddleware:
    """A control character that somebody typed comes back as U+FFFD: in HTML there is none."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if is_html and not response.streaming and _is_not_html(response.content):
            response.content = NOT_HTML.sub("\ufffd".encode(), response.content)
        return response


def _is_not_html(content: bytes) -> bool:
    without = content.translate(None, _ONE_BYTE)
    return len(without) < len(content) or _TWO_BYTES.search(content) is not None
