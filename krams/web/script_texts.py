"""What the portal's script says, in every language that it is said in."""

import json

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

TEXTS = {
    "error": _("Error:"),
    "busy": _("Saving …"),
    "failed": _("The portal did not answer. What you have written is still here."),
    "waits": _("It is sent by itself when the portal is back."),
    "refused": _("This was not saved: the page has changed, or you may not do this."),
    "many": _("You have asked very often in a short while. Wait half a minute and try again."),
    "again": _("Try again"),
    "out": _("You have been logged out. What you have written is still here."),
    "in": _("Log in (opens a new tab)"),
    "unsaved": _("What you have written is not saved. Go on without it?"),
}


def script() -> str:
    """The texts as a constant of the script, by the language of a page."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = {key: str(text) for key, text in TEXTS.items()}
    return f"const TEXTS = {json.dumps(said, ensure_ascii=False, separators=(',', ':'))};"
