"""Who gets in, how, and for how long. docs/log-in.md explains it to an IT department."""

from . import saml as _saml
from .installation import env

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
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "5/300s/key",
    # Tokens by which the organisation's log-in logs people out: each has it asked for its keys.
    "back_channel": "300/m/ip",
}
ACCOUNT_FORMS = {
    "login": "krams.log_in.forms.LoginForm",
    "reset_password": "krams.log_in.forms.ResetPasswordForm",
}
MFA_ADAPTER = "krams.log_in.adapters.MFAAdapter"
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
# Of managers, coordinators, administrators and superusers; OIDC_SECOND_STEP and SAML_SECOND_STEP
# say that the organisation's own log-in has asked for it.
REQUIRE_SECOND_STEP = env.flag("REQUIRE_SECOND_STEP", False)
OIDC_SECOND_STEP, OIDC_ACR = env.oidc_second_step()
SAML_SECOND_STEP = env.flag("SAML_SECOND_STEP", False)
# Logging out here logs out there, and the other way round.
OIDC_LOGOUT = env.flag("OIDC_LOGOUT", False)
MFA_TOTP_ISSUER = "KRAMS & Klynge"
# To connect one more log-in to the account, or to take one away, as for a second step.
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_ADAPTER = "krams.log_in.adapters.SocialAccountAdapter"
# Who has come once is known by the subject from then on. allauth reads this here alone.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = env.openid_connect() | _saml.provider(env)
# Which roles what the organisation's log-in says of a person gives: krams.roles.actions.claims.
LOGIN_ROLES = env.claim_roles("LOGIN_ROLES")
LOGIN_ROLES_CLAIM = env.text("LOGIN_ROLES_CLAIM", "groups")
LOGIN_CREATES_ACCOUNTS = env.flag("LOGIN_CREATES_ACCOUNTS", False)
# How an ID token may be signed: by key pairs alone. With a secret, "none" or whoever knows the
# public key could sign. OpenID Connect has every client take RS256; who can, leaves it out.
OIDC_ALGORITHMS = env.some_of(
    "OIDC_ALGORITHMS", [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
)
SESSION_ENGINE = "krams.people.sessions"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 10, least=1, most=720) * 3600
SESSION_COOKIE_HTTPONLY = True
SHARED_COMPUTER_MINUTES = env.number("SHARED_COMPUTER_MINUTES", 15, least=1, most=600)
IDLE_MINUTES = env.number("IDLE_MINUTES", 0, most=1440)
# Not in a cookie of their own: there are three, of the session, the language and the forms.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
