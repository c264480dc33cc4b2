"""Settings, all of them from the environment. `docs/guides/operator.md` lists the variables.

Nothing here has a default that is unsafe on the internet: without ACCORD_DEMO=1 the secret, the address and
the keys must be given.
"""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from accord.config.environment import DatabaseUrl, demo_or, flag, parameters, sealing_keys, secret

BASE = Path(os.environ.get("ACCORD_VAR", "var")).absolute()  # databases, keys, mail: never in the repository
DEMO = flag("ACCORD_DEMO")
DEBUG = False
# The demo and the journeys may put the clock to another day: seconds to add to the machine's clock.
CLOCK_OFFSET = int(os.environ.get("ACCORD_CLOCK_OFFSET", "0")) if DEMO else 0

SECRET_KEY = secret("ACCORD_SECRET_FILE", BASE / "keys" / "secret.key", demo=DEMO)
SEALING_KEYS = sealing_keys(Path(os.environ.get("ACCORD_KEYS", BASE / "keys")), demo=DEMO)
ALLOWED_HOSTS = demo_or("ACCORD_HOSTS", demo=DEMO, default="localhost,127.0.0.1,testserver").split(",")
PUBLIC_URL = demo_or("ACCORD_URL", demo=DEMO, default=f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
# What estimates are made with, and what flags are held against; checked here, once.
ALLIANCE_PARAMS, FLAG_LIMITS = parameters("ACCORD_PARAMS")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE = PUBLIC_URL.startswith("https://")

ROOT_URLCONF = "accord.config.urls"
ASGI_APPLICATION = "accord.config.asgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "accord.config",
    "accord.records.accounts",
    "accord.records.practices",
    "accord.records.audit",
    "accord.records.pairs",
    "accord.records.sessions",
    "accord.records.profiles",
    "accord.records.waiting",
    "accord.records.agreements",
    "accord.records.checkins",
    "accord.records.alliance",
    "accord.records.ruptures",
    "accord.records.intake",
    "accord.records.matching",
    "accord.records.desk",
    "accord.surfaces.shared",
    "accord.surfaces.portal",
    "accord.surfaces.workspace",
    "accord.surfaces.dashboard",
]

CSRF_FAILURE_VIEW = "accord.surfaces.shared.pages.form_too_old"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accord.config.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accord.config.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accord.config.gate.Gate",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["accord.surfaces.shared.templatetags.reading"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accord.surfaces.shared.context.standing",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": DatabaseUrl(os.environ.get("DATABASE_URL", f"sqlite:///{BASE / 'accord.sqlite3'}")).settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrftoken"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer, browsers send forms with "Origin: null" and none is accepted
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("ACCORD_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = BASE / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True  # one process serves its own files; nothing to collect
WHITENOISE_AUTOREFRESH = False

DEFAULT_FROM_EMAIL = os.environ.get("ACCORD_MAIL_FROM", "hello@localhost")
EMAIL_HOST = os.environ.get("ACCORD_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("ACCORD_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("ACCORD_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ACCORD_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("ACCORD_SMTP_TLS")
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = BASE / "mail"

ACCOUNT_ADAPTER = "accord.config.signing_in.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Accord"
MFA_ADAPTER = "accord.config.signing_in.SecondFactors"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff are invited by name; there is no sign-up to hold back
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.5  # hours
AXES_USERNAME_CALLABLE = "accord.config.signing_in.name_for_limits"
AXES_LOCKOUT_TEMPLATE = "429.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
