"""The field of a file that somebody hands in."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ...danish.normal_form import tidy
from ...privacy.cpr import find_cpr
from ...uploads.limits import MEGABYTE, MOST_BYTES
from ...uploads.packages import Refused, refuse_other
from ...uploads.recognition import Kind

LONGEST_NAME = 120


@dataclass(frozen=True)
class Upload:
    """``name`` is what to show of it: its last part, and nothing where a number of a person is."""

    name: str
    data: bytes


class UploadField(forms.FileField):
    """A file of one ``kind``, told by its content. Gives an :class:`Upload`, or None."""

    def __init__(self, *, kind: Kind, **options: Any):
        super().__init__(**options)
        self.kind = kind
        ending = {Kind.WORD: ".docx", Kind.WORKBOOK: ".xlsx"}[kind]
        self.widget.attrs |= {"class": "in", "accept": ending}

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        if data.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(number)s MB. Leave out its pictures, or divide it."),
                code="large",
                params={"number": MOST_BYTES // MEGABYTE},
            )
        content = data.read()
        try:
            refuse_other(content, self.kind)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code="kind") from refused
        return Upload(shown_name(data.name), content)


def shown_name(name: str) -> str:
    """Paths of whatever system are left out."""
    last = tidy(name.replace("\\", "/").split("/")[-1])[:LONGEST_NAME]
    return "…" if find_cpr(last) else last
