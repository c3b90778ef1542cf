"""All settings, read from the environment; README, "Configuration", lists the variables."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from .checks import is_here
from .installation import *  # noqa: F403
from .installation import BASE_DIR, DEBUG, LOG_LEVEL, TESTING, env
from .log_in import *  # noqa: F403
from .trust import *  # noqa: F403

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
    # Its packages are an extra: README, "SAML".
    *(["allauth.socialaccount.providers.saml"] if find_spec("onelogin") else []),
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "krams.web.middleware.UnreadBodyMiddleware",
    "krams.web.health.HealthMiddleware",
    "krams.operation.middleware.MetricsMiddleware",
    "krams.web.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "krams.web.middleware.PolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "krams.web.compression.CompressionMiddleware",
    "krams.web.middleware.LanguageMiddleware",
    "krams.web.middleware.MaintenanceMiddleware",
    "krams.web.middleware.AllowedMethodsMiddleware",
    "krams.web.middleware.StrangeRequestMiddleware",
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
    "krams.limits.middleware.LimitsMiddleware",
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
    # waits its turn, instead of at the first write, where it fails at once. FULL: what somebody was
    # told is saved is on the disk, also where the power goes (docs/decisions/13).
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
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
# It names the letters of text/… by itself, and a drawing is text too.
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- E-mail -------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
# STARTTLS, and the server's certificate must be the one of its name. Not to one's own machine.
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", bool(EMAIL_HOST) and not is_here(EMAIL_HOST))
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
