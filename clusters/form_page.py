"""What the page of a form answers that was refused (422) or overtaken (409)."""

from typing import Any, cast

from django.db.models import Model
from django.forms import Form
from django.utils.functional import Promise

from krams.models import Versioned


def status_of(form: Form) -> int:
    return 422 if form.errors else 200


def renew(
    form: Form, current: Versioned, part: Model | None = None
) -> list[tuple[str | Promise | None, object]]:
    """Let the next save go through, and say what ``part`` (``current``) holds where it differs."""
    renew_version(form, current)
    now = part or current
    return [
        (form.fields[name].label, _shown(now, name))
        for name, value in form.cleaned_data.items()
        if name != "version" and getattr(now, name) != value
    ]


def renew_version(form: Form, current: Versioned) -> None:
    """Let the next save go through, where there is nothing of others to compare it with."""
    # A QueryDict, or the plain one that a view made of it.
    data = cast("dict[str, Any]", form.data).copy()
    data["version"] = current.version
    form.data = data


def _shown(instance: Model, name: str) -> object:
    """A choice by its label."""
    label = getattr(instance, f"get_{name}_display", None)
    return label() if label else getattr(instance, name)
