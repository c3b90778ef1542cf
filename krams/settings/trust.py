"""What browsers are told, what a request may bring, and how long data is kept."""

from pathlib import Path

from csp.constants import NONE, SELF

from . import saml as _saml
from .installation import BASE_DIR, DEBUG, TESTING, env

HTTPS = env.flag("HTTPS", not DEBUG and not TESTING)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Browsers take a cookie of this name from the portal's own host alone, over https: whoever runs
# another host of the same domain can plant none.
_own = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_own}sessionid", f"{_own}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_own}django_language"
# What programs ask for, and nobody by hand, is never sent on from plain http: they would go on
# telling their secret to the whole net. The calendar refuses it, the other two tell no secret.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^kalender/[^/]+\.ics$"]
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Whether a whole domain enters the browsers' preload list is for its owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "krams.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # The log-in button posts to the portal, which sends on to the organisation's log-in.
        "form-action": [SELF, *env.openid_connect_origins(), *_saml.origins(env)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
# What no page asks the browser for, no script may: also none that somebody smuggled in. Each is a
# name that Chromium knows, since it complains about others. Passkeys are the log-in's.
PERMISSIONS_POLICY = {
    **dict.fromkeys(
        [
            *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
            *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid"),
            *("identity-credentials-get", "idle-detection", "local-fonts", "magnetometer"),
            *("microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock"),
            *("serial", "storage-access", "usb", "window-management", "xr-spatial-tracking"),
        ],
        "()",
    ),
    "publickey-credentials-create": "(self)",
    "publickey-credentials-get": "(self)",
}
# A week grid has 40 activities x 7 days with a few fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "krams.uploads.limits.StopAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# How often one person may ask for what costs much: krams/limits/table.py.
RATE_LIMITS = env.flag("RATE_LIMITS", True)
# In days; 0 keeps. ``manage.py retention`` deletes by them.
RETENTION_DAYS = {
    "RETENTION_SESSIONS": env.days("RETENTION_SESSIONS", 1),
    "RETENTION_AUDIT": env.days("RETENTION_AUDIT", 730, least=90),
    "RETENTION_LETTERS": env.days("RETENTION_LETTERS", 90),
    "RETENTION_DIGESTS": env.days("RETENTION_DIGESTS", 365),
    "RETENTION_REMINDERS": env.days("RETENTION_REMINDERS", 365),
    "RETENTION_INVITATIONS": env.days("RETENTION_INVITATIONS", 365),
    "RETENTION_REFUSED_SAVES": env.days("RETENTION_REFUSED_SAVES", 90),
    "RETENTION_IMPORTS": env.days("RETENTION_IMPORTS", 365),
    "RETENTION_READ_LINKS": env.days("RETENTION_READ_LINKS", 365),
    "RETENTION_REMOVED": env.days("RETENTION_REMOVED", 0),
    "RETENTION_REGISTRATIONS": env.days("RETENTION_REGISTRATIONS", 0),
    "RETENTION_MEETINGS": env.days("RETENTION_MEETINGS", 0),
    "RETENTION_HISTORY": env.days("RETENTION_HISTORY", 0),
}
# ``manage.py backup`` writes there, for whoever has the secret key to one of these (age).
BACKUP_FOLDER = Path(env.text("BACKUP_FOLDER") or BASE_DIR / "data" / "backups")
BACKUP_RECIPIENTS = env.age_recipients("BACKUP_RECIPIENTS")
BACKUP_KEEP = env.number("BACKUP_KEEP", 30, most=3660)
# Fewer people than this are never shown, whatever a municipality chooses: more it may.
MINIMUM_COUNT_FLOOR = env.number("MINIMUM_COUNT_FLOOR", 5, least=3, most=50)
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
