"""Forms and fields that all pages share.

A template writes ``{{ error_summary(form) }}`` above the form and for each field
``{{ form.name.as_field_group() }}``: label, hint, error and control, tied for screen readers.
"""

from .base import FilterForm, PortalForm, SeveralField, SubmissionField, VersionForm
from .dates import DanishDateField, DateInput, TimeOfDayField, TodayField
from .numbers import CountField, ModelCountField
from .text import EmailField, FreeTextField, LineField, LinkField, SlugField
from .uploads import Upload, UploadField

__all__ = [
    "CountField",
    "DanishDateField",
    "DateInput",
    "EmailField",
    "FilterForm",
    "FreeTextField",
    "LineField",
    "LinkField",
    "ModelCountField",
    "PortalForm",
    "SeveralField",
    "SlugField",
    "SubmissionField",
    "TimeOfDayField",
    "TodayField",
    "Upload",
    "UploadField",
    "VersionForm",
]
