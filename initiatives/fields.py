"""How a set of KRAMS factors is stored, read and named."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from .enums import FACTOR_SETS, Factor


# Its stub is generic, the class itself is not.
class FactorSetField(models.CharField):  # type: ignore[type-arg]
    """One or more KRAMS factors, kept as their letters in the order of the word ("KM").

    A set of five fits a short text that filters (``factors__contains="M"``), sorts and enters the
    history without a join. Reads as a string; ``factors_of(value)`` gives the members.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", len(Factor))
        super().__init__(*args, **kwargs)


@cache
def factors_of(letters: str) -> tuple[Factor, ...]:
    return tuple(Factor(letter) for letter in letters)


def factor_names(letters: str) -> str:
    """ "KM" as "Diet, Exercise", in the language of the request."""
    return ", ".join(str(factor.label) for factor in factors_of(letters))


def factor_set(factors: Iterable[str]) -> str:
    """The letters of ``factors``, once each, in the order of the word KRAMS."""
    chosen = set(factors)
    return "".join(letter for letter in Factor.values if letter in chosen)


def is_factor_set(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": FACTOR_SETS}), name=name)
