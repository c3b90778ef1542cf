"""Template variables that nobody gave: Django prints nothing for them, the tests fail on them."""

from contextlib import contextmanager
from unittest.mock import patch

from django.template import engines
from django.template.base import FilterExpression

# Filters that say what stands where there is nothing.
DEFAULTS = {"default", "default_if_none"}


class UndefinedVariable(LookupError):
    """A template wrote out, filtered or passed on a variable that its context does not have."""


class _Strict:
    """Stands for ``string_if_invalid``, which Django fills with the variable's name."""

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable) -> str:
        raise UndefinedVariable(str(variable))


@contextmanager
def strict_templates():
    """Within it, an undefined variable is an error in every template.

    Only what asks may ask in vain: ``{% if %}``, ``{% for %}`` and the filter ``default``.
    """
    plain, engine = FilterExpression.resolve, engines["django"].engine

    def resolve(self, context, ignore_failures=False):
        has_default = any(function.__name__ in DEFAULTS for function, _arguments in self.filters)
        return plain(self, context, ignore_failures or has_default)

    with (
        patch.object(engine, "string_if_invalid", _Strict()),
        patch.object(FilterExpression, "resolve", resolve),
    ):
        yield
