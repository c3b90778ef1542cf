"""The Jinja2 environment in which all pages, fragments and e-mails of the portal are written.

Django's own language stays for the admin, which brings its own templates.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from allauth.socialaccount.templatetags.socialaccount import get_providers, provider_login_url
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import TemplateDoesNotExist, defaultfilters
from django.template.backends.jinja2 import Jinja2
from django.template.backends.jinja2 import Template as BackendTemplate
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.formats import localize
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.html import format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # Not in the stubs.
from jinja2 import (
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    pass_context,
    select_autoescape,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Call, EnvironmentAttribute, Expr
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from ..documents.pdf import can_write_pdf
from . import markup
from .compiling.compact import Compact
from .compiling.contexts import PortalTemplate
from .compiling.folding import FoldingEnvironment
from .compiling.words import Words
from .unsent_forms import CSRF, WHOSE


class Missing(StrictUndefined):
    """A variable that nobody gave: it may be asked for, never written out, filtered or passed on.

    A page that shows a form only when there is one may so ask ``{% if form %}``. It is equal to no
    value, holds nothing, and what is looked up in it is missing too.
    """

    # Jinja2 types all of these as one function that raises; this class is there to answer instead.
    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        return iter(())

    def __getattr__(self, name: str) -> "Missing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return isinstance(other, Missing)

    def __ne__(self, other: object) -> bool:  # type: ignore[override]
        return not self == other

    __getitem__ = __getattr__  # type: ignore[assignment]
    __hash__ = StrictUndefined.__hash__  # type: ignore[assignment]


WRITTEN_AS_IT_IS = (str, Missing)


def finalize(value: Any) -> Any:
    """Numbers and dates are written in the reader's language."""
    if isinstance(value, WRITTEN_AS_IT_IS):
        return value
    if callable(value):
        raise TypeError(f"{value!r} is written without being called.")
    # A text that is translated when it is written: its HTML may be safe.
    return str(value) if isinstance(value, Promise) else localize(template_localtime(value))


def written(value: Any) -> str:
    """What stands in the HTML for a value: its final form, escaped."""
    kind = type(value)
    if kind is str:
        # Underscored, but what ``escape`` makes a Markup of: nobody asks whether this is one.
        return _escape_inner(value)
    if kind is Markup or kind is SafeString:
        return value
    if kind is int:
        # As ``localize`` writes it: thousands are not set apart.
        return str(value)
    return escape(finalize(value))


def said(*pieces: Any) -> str:
    """A text of the portal's with values in it: its words (first, third …) are HTML already.

    What ``Markup % values`` would give, in a third of its time.
    """
    parts = list(pieces)
    parts[1::2] = [
        _escape_inner(value) if type(value) is str else escape(value) for value in pieces[1::2]
    ]
    return Markup("".join(parts))


class Generator(CodeGenerator):
    """Compiles ``{{ x }}`` to one call of :func:`written`, not to ``escape(finalize(x))``.

    A matrix writes fifteen thousand values, nearly all of them text: that makes it a fifth faster.
    """

    def visit_Call(self, node: Call, frame: Frame, forward_caller: bool = False) -> None:
        """``said`` is called at once, without what Jinja2 asks any other function before."""
        if not isinstance(node.node, EnvironmentAttribute):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if _is_html(frame):
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if _is_html(frame):
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)


def _is_html(frame: Frame) -> bool:
    return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile


class PortalEnvironment(FoldingEnvironment):
    code_generator_class, template_class = Generator, PortalTemplate
    written = staticmethod(written)
    said = staticmethod(said)


def time(value: Any, form: str | None = None) -> str:
    return defaultfilters.time(template_localtime(value), form)


class Group(NamedTuple):
    """Neighbours of a list that have one value in common."""

    grouper: Any
    list: list


def regroup(items: Iterable[Any], attribute: str) -> list[Group]:
    """Neighbours with the same value of an attribute, in the order of the list."""
    return [Group(value, list(group)) for value, group in groupby(items, attrgetter(attribute))]


def url_for(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its name."""
    return _address(name, args, tuple(kwargs.items()))


@lru_cache(maxsize=8192)
def _address(name: str, args: tuple, kwargs: tuple) -> str:
    """A matrix has a thousand addresses, and each is the same every time it is shown.

    There is one URLconf, and the portal stands at the root of its host.
    """
    return reverse(name, None, args, dict(kwargs))


GLOBALS = {
    "can_write_pdf": can_write_pdf,
    "attributes": markup.attributes,
    "get_language": translation.get_language,
    "get_providers": pass_context(get_providers),
    "icon": markup.icon,
    "provider_login_url": pass_context(provider_login_url),
    "static": static,
    "status": markup.status,
    "tile": markup.tile,
    "url_for": url_for,
    "with_query": pass_context(markup.with_query),
}
FILTERS = {
    "capfirst": defaultfilters.capfirst,
    "danish": markup.danish,
    "day_month": markup.day_month,
    "first_day": markup.first_day,
    "hits": markup.hits,
    "holiday": markup.holiday,
    "json_script": defaultfilters.json_script,
    "last_day": markup.last_day,
    "linebreaks": defaultfilters.linebreaks_filter,
    "linebreaksbr": defaultfilters.linebreaksbr,
    "marked": markup.marked,
    "regroup": regroup,
    "time": time,
    "until": markup.until,
    "weekday": markup.weekday,
    "widget": markup.widget,
}


# What these give for what a template itself says is the same each time.
FOLDED: dict[str, Callable[..., Any]] = {"icon": markup.icon, "tile": markup.tile}
if not settings.DEBUG:
    # A developer sees a changed style at the next reload: it has another address.
    FOLDED["static"] = static


def environment(
    *, language: str = settings.LANGUAGE_CODE, helpers: dict[str, str] | None = None, **options: Any
) -> PortalEnvironment:
    """What ``TEMPLATES`` asks for: Jinja2 with the portal's components and Django's formats.

    ``helpers`` are filters of the halves: name -> dotted path. A page is drawn by the environment
    of the reader's ``language``.
    """
    environment = PortalEnvironment(
        **options
        | {
            "autoescape": select_autoescape(["html", "xml"]),
            "extensions": ["jinja2.ext.i18n", Compact],
            "finalize": finalize,
            "lstrip_blocks": True,
            "trim_blocks": True,
            "undefined": Missing,
        }
    )
    environment.language, environment.folded = language, FOLDED
    environment.policies["ext.i18n.trimmed"] = True
    # The extension i18n adds it.
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    words = Words(language)
    environment.globals |= {"gettext": words.gettext, "_": words.gettext}
    environment.globals |= {"ngettext": words.ngettext, **GLOBALS}
    environment.filters |= {**FILTERS, "date": words.date}
    environment.filters |= {name: import_string(path) for name, path in (helpers or {}).items()}
    add_components(environment)
    return environment


def add_components(environment: Environment) -> None:
    """Every macro of ``templates/components/`` may be used in every template, by its name.

    Components use each other: they look names up where all of them are in the end.
    """
    for name in environment.list_templates(filter_func=is_component):
        macros = vars(environment.get_template(name).make_module(environment.globals, shared=True))
        environment.globals |= {key: macros[key] for key in macros if not key.startswith("_")}


class Component(NamedTuple):
    """A macro of ``templates/components/``; ``purpose`` is the comment above it."""

    family: str
    name: str
    purpose: str


MACRO = re.compile(r"{#\s*((?:(?!#}).)+?)\s*#}\s*{%-?\s*macro (\w+)\(", re.DOTALL)


def components(environment: Environment) -> list[Component]:
    """All macros that pages are put together from."""
    found = []
    assert environment.loader is not None, "Django gives it one"
    for file in environment.list_templates(filter_func=is_component):
        source, _path, _is_current = environment.loader.get_source(environment, file)
        family = file.removeprefix("components/").removesuffix(".html")
        found += [
            Component(family, name, " ".join(purpose.split()))
            for purpose, name in MACRO.findall(source)
        ]
    return found


def is_component(name: str) -> bool:
    return name.startswith("components/")


HIDDEN_INPUT = '<input type="hidden" name="{}" value="{}">'


def token_of(request: HttpRequest) -> dict[str, Any]:
    """The token that every form posts, and its field; made once a page, if a form asks for it.
    Beside it stands for whom the form was drawn: ``krams.web.unsent_forms.is_of_another``.

    Django's backend for Jinja2 masks it anew for each form, which is slow and does not compress.
    """
    token = lru_cache(lambda: get_token(request))

    def field() -> SafeString:
        pairs = [(CSRF, token())]
        # An error may come before anybody has asked who it is.
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            pairs.append((WHOSE, str(user.pk)))
        return format_html_join("", HIDDEN_INPUT, pairs)

    return {
        "csrf_token": SimpleLazyObject(token),
        "csrf_input": SimpleLazyObject(field),
    }


class Page:
    """A template as Django's views use it: whole, or one block of its file."""

    def __init__(self, template: Template, block: str, backend: "Templates"):
        self.template, self.block, self.backend = template, block, backend
        self.name = template.name

    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> str:
        """The text; what the view gives goes before what the context processors give."""
        values = {}
        if request is not None:
            values = {
                "request": request,
                **token_of(request),
            }
            for processor in self.backend.template_context_processors:
                values.update(processor(request))
        values.update(context or {})
        if not self.block:
            return self.template.render(values)
        block = self.template.blocks[self.block]
        return "".join(block(self.template.new_context(values)))


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


class Templates(Jinja2):
    """Django's Jinja2 backend, where "page.html#name" is the block of that name alone.

    What htmx swaps so stands in the file of its page, and is written once.
    """

    def __init__(self, params: dict[str, Any]):
        super().__init__(params)
        self._params = params
        self._environments = {settings.LANGUAGE_CODE: self.env}

    def in_language(self, language: str) -> Environment:
        """The environment of a language, made when it is first asked for."""
        if language not in self._environments:
            options = {**self._params["OPTIONS"], "language": language}
            made = Jinja2({**self._params, "OPTIONS": options}).env
            self._environments[language] = made
        return self._environments[language]

    def from_string(self, template_code: str) -> Any:
        return BackendTemplate(self.in_language(_language()).from_string(template_code), self)

    # A page is drawn as Django draws a template, and may be one block.
    def get_template(self, template_name: str) -> Page:  # type: ignore[override]
        name, _, block = template_name.partition("#")
        try:
            template = self.in_language(_language()).get_template(name)
        except TemplateNotFound as missing:
            raise TemplateDoesNotExist(name, backend=self) from missing
        if block and block not in template.blocks:
            raise TemplateDoesNotExist(template_name, backend=self)
        return Page(template, block, self)
