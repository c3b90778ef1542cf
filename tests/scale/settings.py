"""The settings of production, with static files read from where they are written."""

import os

from krams.settings import *  # noqa: F403
from krams.settings import DATABASES

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# One person does there what a whole portal does.
RATE_LIMITS = False
# A drill asks what another setting would cost, and lose.
if _wanted := os.environ.get("DRILL_SYNCHRONOUS"):
    DATABASES["default"]["OPTIONS"]["init_command"] += f"PRAGMA synchronous={_wanted};"
