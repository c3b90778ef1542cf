"""The settings of production, with static files collected outside the checkout.

It is the same afternoon whenever the tests run: at night nothing of the day has begun and the page
asks before it registers, and what the demo holds differs from day to day. Empty is the real time,
for what another server looks at.
"""

import os
from pathlib import Path

from krams.settings import *  # noqa: F403

# After the settings of production: it brings pytest along, which makes them those of tests.
import time_machine  # isort: skip

if now := os.environ["BROWSER_TESTS_NOW"]:
    time_machine.travel(now, tick=True).start()

STATIC_ROOT = Path(os.environ["BROWSER_TESTS_STATIC"])
# Production has a mail server; without one, nobody counts as asked.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SHOWS_COMPONENTS = True
