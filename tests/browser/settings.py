"""The settings of production, with static files collected outside the checkout.

It is afternoon, whenever the tests run: at night nothing of the day has begun, and the page asks
before it registers.
"""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from krams.settings import *  # noqa: F403

# After the settings of production: it brings pytest along, which makes them those of tests.
import time_machine  # isort: skip

_now = dt.datetime.now(ZoneInfo("Europe/Copenhagen"))
_hour = int(os.environ["BROWSER_TESTS_HOUR"])
time_machine.travel(_now.replace(hour=_hour, minute=0, second=0), tick=True).start()

STATIC_ROOT = Path(os.environ["BROWSER_TESTS_STATIC"])
# Production has a mail server; without one, nobody counts as asked.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SHOWS_COMPONENTS = True
