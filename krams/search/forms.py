"""What may be searched for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..web.forms import LineField, PortalForm

LONGEST_QUERY = 100


class SearchForm(PortalForm):
    q = LineField(
        label=_("Search for"),
        max_length=LONGEST_QUERY,
        min_length=2,
        error_messages={"required": _("Write what you are looking for.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["q"].widget.attrs["autocomplete"] = "off"
