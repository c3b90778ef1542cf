"""What the comparing pages are asked for; all of it stands in the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.web.forms import PortalForm

from ..matrix.layout import Matrix
from ..matrix.rows import ThemeRow

FEWEST, MOST = 2, 4


def _authorities(matrix: Matrix) -> list[tuple[str, str]]:
    return [(column.authority.slug, column.authority.official_name) for column in matrix.columns]


class SideBySideForm(PortalForm):
    """Two to four authorities (``m``), all proposals or only those that differ (``kun``)."""

    m = forms.MultipleChoiceField(
        label=_("Authorities"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose two to four authorities.")},
    )
    kun = forms.BooleanField(label=_("Only differences and gaps"), required=False)

    def __init__(self, data: QueryDict | None, matrix: Matrix, **options: Any):
        super().__init__(data, **options)
        self.field("m", forms.ChoiceField).choices = _authorities(matrix)

    def clean_m(self) -> list[str]:
        chosen = list(dict.fromkeys(self.cleaned_data["m"]))
        if not FEWEST <= len(chosen) <= MOST:
            raise forms.ValidationError(_("Choose two to four authorities."))
        return chosen


class OneAuthorityForm(PortalForm):
    myndighed = forms.ChoiceField(label=_("Authority"), required=False)

    def __init__(self, data: QueryDict | None, matrix: Matrix):
        super().__init__(data)
        self.field("myndighed", forms.ChoiceField).choices = [
            ("", _("All authorities")),
            *_authorities(matrix),
        ]
        self.fields["myndighed"].widget.attrs["class"] = "in"


class OneThemeForm(PortalForm):
    tema = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, data: QueryDict | None, themes: Iterable[ThemeRow]):
        super().__init__(data)
        self.field("tema", forms.ChoiceField).choices = [("", _("All themes"))] + [
            (theme.slug, theme.name) for theme in themes
        ]
        self.fields["tema"].widget.attrs["class"] = "in"
