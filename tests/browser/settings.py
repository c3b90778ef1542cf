"""The settings of production, with static files collected outside the checkout."""

import os
from pathlib import Path

from krams.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BROWSER_TESTS_STATIC"])
# Production has a mail server; without one, nobody counts as asked.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SHOWS_COMPONENTS = True
