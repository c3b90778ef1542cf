"""Which columns of the portal say who did something, and hold the name beside it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from ..models import User

APPS = ("krams", "initiatives", "clusters")


def author_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that leads to an account as the author of something; also those of histories.

    What is an account's own (its roles, letters, invitations) is none: it goes with the account.
    """
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for field in model._meta.local_concrete_fields:
            # What may not be null goes with the account.
            if isinstance(field, models.ForeignKey) and field.related_model is User and field.null:
                yield model, field.name


def name_columns() -> Iterator[tuple[type[models.Model], str, str]]:
    """Of those the ones with the name beside it, as it was then: ``written_by_name``."""
    for model, column in author_columns():
        if any(field.name == f"{column}_name" for field in model._meta.local_concrete_fields):
            yield model, column, f"{column}_name"


def lone_name_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Columns with the name of an author that nothing beside leads to: a history tells who."""
    known = {(model, name) for model, _column, name in name_columns()}
    for model in apps.get_models():
        if model._meta.app_label in APPS:
            for field in model._meta.local_concrete_fields:
                if field.name.endswith("_by_name") and (model, field.name) not in known:
                    yield model, field.name


def has_left_traces(person: User) -> bool:
    """Whether anything says that the person did it."""
    return any(
        _rows(model).filter(**{column: person.pk}).exists() for model, column in author_columns()
    )


def _rows(model: type[models.Model]) -> "models.QuerySet[Any]":
    return model._base_manager.all()
