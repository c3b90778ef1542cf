"""What the page of a form answers that was refused (422) or overtaken (409)."""


def status_of(form) -> int:
    return 422 if form.errors else 200


def renew(form, current, part=None) -> list[tuple[str, object]]:
    """Let the next save go through, and say what ``part`` (``current``) holds where it differs."""
    renew_version(form, current)
    now = part or current
    return [
        (form.fields[name].label, _shown(now, name))
        for name, value in form.cleaned_data.items()
        if name != "version" and getattr(now, name) != value
    ]


def renew_version(form, current) -> None:
    """Let the next save go through, where there is nothing of others to compare it with."""
    form.data = form.data.copy()
    form.data["version"] = current.version


def _shown(instance, name: str):
    """A choice by its label."""
    label = getattr(instance, f"get_{name}_display", None)
    return label() if label else getattr(instance, name)
