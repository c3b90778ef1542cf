"""All settings, read from the environment; README, "Configuration", lists the variables."""

import os
import sys
import tempfile
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .env import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- The installation ---------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", False)
TESTING = "pytest" in sys.modules
SECRET_KEY = env.secret(
    "SECRET_KEY", development="development-only-" + "x" * 50 if DEBUG or TESTING else None
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "localhost")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
ADMINS = [("", address) for address in env.words("ADMIN_EMAIL")]
MAINTENANCE = env.flag("MAINTENANCE", False)
# Named on the log-in page, the privacy page and the accessibility statement.
ORGANISATION = env.text("ORGANISATION")
ACCESSIBILITY_CONTACT = env.email("ACCESSIBILITY_CONTACT")
PRIVACY_CONTACT = env.email("PRIVACY_CONTACT")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})

# --- The code -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "krams",
    "initiatives",
    "clusters",
    "krams.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles: runserver then serves files as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "django_htmx",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "krams.web.health.HealthMiddleware",
    "krams.web.middleware.RequestLogMiddleware",
    "krams.web.middleware.UnreadBodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "krams.web.middleware.PolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "krams.web.compression.CompressionMiddleware",
    "krams.web.middleware.LanguageMiddleware",
    "krams.web.middleware.MaintenanceMiddleware",
    "krams.web.middleware.AllowedMethodsMiddleware",
    "krams.web.middleware.LongHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "krams.web.middleware.LoginRequiredMiddleware",
    "clusters.middleware.MovedClusterMiddleware",
    "krams.roles.middleware.EndedMeanwhileMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "krams.log_in.middleware.IdleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "krams.web.middleware.VaryOnHtmxMiddleware",
    "krams.web.middleware.ValidHtmlMiddleware",
    "krams.replica.middleware.ReplicaMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "krams.web.middleware.InvalidFormMiddleware",
    "krams.log_in.middleware.PasswordLoginMiddleware",
    "krams.log_in.middleware.SecondStepMiddleware",
    "krams.changes.middleware.ExportsMiddleware",
]
ROOT_URLCONF = "krams.urls"
WSGI_APPLICATION = "krams.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "krams.web.templating.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "krams.pages.context.portal",
            ],
            "environment": "krams.web.templating.environment",
            "helpers": {
                "coordinates": "clusters.access.may_coordinate",
                "may_create_clusters": "clusters.access.may_create",
            },
        },
    },
    # The admin, and what else brings templates in Django's own language.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# Fields, errors and choices in the portal's markup: templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database -----------------------------------------------------------------------------------
_database = env.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'data' / 'portal.sqlite3'}")
if _database["ENGINE"].endswith("sqlite3"):
    # A fresh clone has no data directory yet.
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, where SQLite
    # waits its turn, instead of at the first write, where it fails at once.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    if TESTING:
        # A file as in production: the tests meet WAL and the write lock, not shared memory.
        _test_file = f"portal-test-{os.getpid()}.sqlite3"
        _database["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / _test_file)}
        _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    # Whoever asks while the database is away is told so within two seconds, and is served as soon
    # as it is back: a connection that died is noticed before it is used, one that cannot be made is
    # not waited for, and the next attempt does not come later and later.
    _database["OPTIONS"] = {
        "connect_timeout": 2,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        **_database.get("OPTIONS", {}),
        "pool": not TESTING
        and {
            "min_size": 1,
            "max_size": env.number("DATABASE_POOL", 4, least=1),
            "timeout": 1.5,
            "reconnect_timeout": 1,
        },
    }
    _database["CONN_HEALTH_CHECKS"] = True
    if TESTING:
        # Test databases need not outlive a power cut.
        _given = _database["OPTIONS"].get("options", "")
        _database["OPTIONS"]["options"] = f"{_given} -c synchronous_commit=off".strip()
_database["CONN_MAX_AGE"] = 0
DATABASES = {"default": _database}
# A copy that follows it; krams/replica says who reads there, docs/scaling.md how to set one up.
REPLICA_LAG_SECONDS = env.number("REPLICA_LAG_SECONDS", 10, least=1, most=3600)
if env.text("REPLICA_URL") and not TESTING:
    DATABASES["replica"] = env.replica("REPLICA_URL", of=_database)
    DATABASE_ROUTERS = ["krams.replica.router.ReplicaRouter"]
if env.flag("PGBOUNCER", False):
    for _one in DATABASES.values():
        env.behind_pgbouncer("PGBOUNCER", _one)
# Log-in lockout must be shared by all worker processes, so the cache is a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Each log-in leaves a few rows for some minutes. With 300, Django's own limit, a busy
        # morning in a large portal would throw away who is locked out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- Language, time -----------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["krams.danish.formats"]

# --- Static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Tests look at pages and load nothing; those that do have the storage of production.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else f"krams.web.static_files.{'FilesOfDevelopment' if DEBUG else 'CollectedFiles'}"
    },
}
# The page of all components is for developers; tests look at it as at any other.
SHOWS_COMPONENTS = DEBUG or TESTING
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- Log-in -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "krams.User"
AUTHENTICATION_BACKENDS = ["krams.people.log_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "krams.log_in.passwords.GuessedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "krams.log_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # Accounts are made by an administrator; nobody signs up.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # No e-mail to addresses that somebody typed.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # For SESSION_HOURS; a shared computer forgets (middleware).
# Wrong passwords are counted by krams.log_in.attempts. "login" spares the processor: hashing is
# slow on purpose, and a town hall has one address. "login_failed" is of codes, by account.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "5/300s/key"}
ACCOUNT_FORMS = {
    "login": "krams.log_in.forms.LoginForm",
    "reset_password": "krams.log_in.forms.ResetPasswordForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Off: the organisation's log-in is the only way in. krams.log_in.middleware closes the others.
PASSWORD_LOGIN = env.password_login()
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_FORMS = {
    "add_webauthn": "krams.log_in.forms.AddPasskeyForm",
    "edit_webauthn": "krams.log_in.forms.EditPasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # The administrator knows whose address it is.
# Of managers, coordinators, administrators and superusers; OIDC_SECOND_STEP says that the
# organisation's own log-in has asked for it.
REQUIRE_SECOND_STEP = env.flag("REQUIRE_SECOND_STEP", False)
OIDC_SECOND_STEP = env.flag("OIDC_SECOND_STEP", False)
MFA_TOTP_ISSUER = "KRAMS & Klynge"
SOCIALACCOUNT_ADAPTER = "krams.log_in.adapters.SocialAccountAdapter"
# Who has come once is known by the subject from then on. allauth reads this here alone.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = env.openid_connect()
SESSION_ENGINE = "krams.people.sessions"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 10, least=1, most=720) * 3600
SESSION_COOKIE_HTTPONLY = True
SHARED_COMPUTER_MINUTES = env.number("SHARED_COMPUTER_MINUTES", 15, least=1, most=600)
IDLE_MINUTES = env.number("IDLE_MINUTES", 0, most=1440)
# Not in a cookie of their own: there are three, of the session, the language and the forms.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Trust --------------------------------------------------------------------------------------
HTTPS = env.flag("HTTPS", not DEBUG and not TESTING)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Browsers take a cookie of this name from the portal's own host alone, over https: whoever runs
# another host of the same domain can plant none.
_own = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_own}sessionid", f"{_own}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_own}django_language"
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Whether a whole domain enters the browsers' preload list is for its owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.flag("BEHIND_PROXY", False):
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
        "form-action": [SELF, *env.openid_connect_origins()],
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

# --- E-mail -------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
# Links in e-mails lead here. Without it they lead to where the portal was asked; a command has no
# request that tells the address.
PORTAL_URL = env.origin("PORTAL_URL")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
elif DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    EMAIL_BACKEND = "krams.letters.delivery.NoMailServer"
# A thread of each process sends what is posted; tests send it themselves, when they look.
LETTERS_IN_BACKGROUND = True
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "krams@localhost")

# --- Logs: one JSON object a line, never what a form held ---------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "krams.web.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "mail": {"class": "krams.web.logs.ErrorMail", "formatter": "json", "level": "ERROR"},
    },
    "root": {"handlers": ["stderr", "mail"], "level": "WARNING"},
    "loggers": {
        "krams": {"level": LOG_LEVEL},
        "django": {"handlers": ["stderr", "mail"], "level": LOG_LEVEL, "propagate": False},
        # At DEBUG it would write every statement with its values, whatever LOG_LEVEL says.
        "django.db.backends": {"level": "INFO"},
        # RequestLogMiddleware writes one line a request; runserver's own would double it, with the
        # whole address.
        "django.server": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
    },
}
