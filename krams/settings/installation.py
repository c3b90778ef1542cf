"""What the others rest on: where the code is, and whether this is development or a test."""

import sys
from pathlib import Path

from krams.env import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = env.flag("DEBUG", False)
TESTING = "pytest" in sys.modules
SECRET_KEY = env.secret(
    "SECRET_KEY", development="development-only-" + "x" * 50 if DEBUG or TESTING else None
)
# Keys from before: what they signed or encrypted still counts.
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "localhost")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
ADMINS = [("", address) for address in env.words("ADMIN_EMAIL")]
MAINTENANCE = env.flag("MAINTENANCE", False)
# Named on the log-in page, the privacy page and the accessibility statement.
ORGANISATION = env.text("ORGANISATION")
ACCESSIBILITY_CONTACT = env.email("ACCESSIBILITY_CONTACT")
PRIVACY_CONTACT = env.email("PRIVACY_CONTACT")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
