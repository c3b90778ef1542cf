"""The tour of Today for somebody who is new: five steps, each about a place on the page. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class TourStep:
    """``anchor`` is the id of the place that it is about."""

    number: int
    title: str | Promise
    text: str | Promise
    anchor: str

    @property
    def before(self) -> int:
        """0 for the first."""
        return self.number - 1

    @property
    def after(self) -> int:
        """0 for the last."""
        return self.number + 1 if self.number < len(STEPS) else 0


_STEPS = (
    (
        _("What is planned today"),
        _("Here stands what your facility has planned for today and nobody has registered yet."),
        "h-plan",
    ),
    (
        _("Held: two taps"),
        _("Set how many took part with − and +, and choose Held. You can undo it at once."),
        "h-plan",
    ),
    (
        _("Cancelled: choose why"),
        _("Choose Cancelled and a reason. It helps the follow-up, and is nobody's fault."),
        "h-plan",
    ),
    (
        _("Something that was not planned"),
        _("Register it here with its type and how many took part. Counts only, never names."),
        "h-ny",
    ),
    (
        _("Does it hold?"),
        _("Each block is a planned time, filled when it was held. That is all; thank you."),
        "holds",
    ),
)
STEPS = tuple(TourStep(number, *step) for number, step in enumerate(_STEPS, start=1))


def step_of(number: int | None) -> TourStep | None:
    return STEPS[number - 1] if number and 1 <= number <= len(STEPS) else None
