"""The portal's settings, with what a benchmark needs beside them.

``BENCHMARK_STATIC`` is where static files are collected; ``BENCHMARK_BARE`` leaves of the
middleware only what a logged-in page of Django needs.
"""

import os
from pathlib import Path

from krams.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
# One person does there what a whole portal does.
RATE_LIMITS = False
STATIC_ROOT = Path(os.environ["BENCHMARK_STATIC"])
if os.environ.get("BENCHMARK_BARE"):
    ROOT_URLCONF = "benchmarks.bare_urls"
    # allauth insists on a middleware of its own, and the administration pages on allauth.
    WITHOUT = ("allauth", "krams.apps.PortalAdminConfig")
    INSTALLED_APPS = [one for one in INSTALLED_APPS if not one.startswith(WITHOUT)]  # noqa: F405
    MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
