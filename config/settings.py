"""Settings, all from the environment (see .env.example); refuses unsafe values unless DEBUG is on."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what running the site writes, unless the environment says otherwise
with suppress(OSError):  # where nothing may be written here, the environment names other places
    VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Who and where we are

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="debug-only" if DEBUG else "")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS if DEBUG else [SITE_HOST])
SITE_NAME = env.str("SITE_NAME", default="") or _("Solidarity Day of World Azerbaijanis")
SITE_OPERATOR = env.str("SITE_OPERATOR", default="")
SITE_CONTACT = env.str("SITE_CONTACT", default="")

# Application

INSTALLED_APPS = [
    "config.desk.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # lets templates/django/forms/field.html draw every field
    "django_countries",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "post_office",
    "csp",
    "events",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "config.sessions.SessionsWhereAsked",
    "config.languages.LanguageOfPage",
    "config.encoding.demand_utf8",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "events.views.site.site",
            ],
        },
    }
]

# Where things are kept

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/site.sqlite3")}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {
        # Measured: so eight writers and four readers had no lock error in 11,000 submissions.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # 16 MB of pages kept by each connection, not 2: what waits among 10,000 events lies in more than those.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
        # A file, because a database in memory behaves differently when two people write at once.
        "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# With DEBUG on nothing is stored, so that an edited template shows at once.
CACHES = {"default": env.cache_url("CACHE_URL", default="dummycache://" if DEBUG else "locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("LocMemCache"):
    # Pieces have 1 to 90 kB, most of them few; 300 entries, as Django has it, are three pages of the listing.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 5_000}

MEDIA_ROOT = env.path("MEDIA_ROOT", default=VAR_DIR / "media")
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Letters: queued in the database with the step that causes them, sent by `manage.py sendletters`

EMAIL = env.email_url("EMAIL_URL", default=f"filemail://{VAR_DIR}/letters" if DEBUG else "smtp://localhost:25")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = f"/{EMAIL['EMAIL_FILE_PATH'].lstrip('/')}"  # the third slash of file:///dir begins the path
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_TLS", False), EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
LETTERS_FOLDER = EMAIL_FILE_PATH if EMAIL_BACKEND.endswith("filebased.EmailBackend") else ""  # where none is sent
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="directory@localhost" if DEBUG else "")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING_CONFIG = "config.logs.configure"  # no record ever holds a link that lets somebody in
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"public": {"()": "django.utils.log.RequireDebugFalse"}},
    # With DEBUG on Django writes them itself.
    "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR", "filters": ["public"]}},
    "root": {"handlers": ["errors"]},
}

# Languages and time

LANGUAGES = [("az", "Azərbaycanca"), ("en", "English"), ("ru", "Русский"), ("tr", "Türkçe")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
# The desk alone has a cookie for its language: everywhere else the address tells it.
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_PATH = "desk_language", "/admin/"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "UTC"

# Safety

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
OVER_HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = OVER_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = OVER_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = OVER_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
SECOND_FACTOR_REQUIRED = not DEBUG  # of staff; docs/decisions/0015-staff-login.md
OTP_TOTP_ISSUER = SITE_HOST  # what an authenticator app calls us
OTP_TOTP_THROTTLE_FACTOR = 0  # events/limits.py counts instead: doubling waits would shut the owner out for days
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies of ours stand in front
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The submission form's texts fit many times over; pictures are streamed to files and capped on their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5


def unsafe_values() -> Iterator[str]:
    """One sentence for each value with which the site must not be opened to the public."""
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure"):
        yield "SECRET_KEY must be at least 50 random characters"
    if not SITE_HOST:
        yield "SITE_URL must be the site's address, such as https://example.org"
    elif urlsplit(SITE_URL)._replace(scheme="", netloc="").geturl() or "@" in SITE_URL:
        yield "SITE_URL must be scheme and host alone, without a path or a user"
    elif not OVER_HTTPS and SITE_HOST not in {"127.0.0.1", "localhost", "::1"}:
        yield "SITE_URL must begin with https:// unless it is this machine's own address"
    if "*" in ALLOWED_HOSTS or SITE_HOST not in [host.strip("[]") for host in ALLOWED_HOSTS]:
        yield "ALLOWED_HOSTS must name the hosts of the site, that of SITE_URL among them, without *"
    if EMAIL_BACKEND.rsplit(".", 2)[-2] in {"dummy", "locmem", "console"}:
        yield "EMAIL_URL must lead to a mail server, or to files: this one loses every letter"
    if TRUSTED_PROXIES < 0:
        yield "TRUSTED_PROXIES must be 0 or more"
    if not all(DEFAULT_FROM_EMAIL.partition("@")):
        yield "DEFAULT_FROM_EMAIL must be the address from which letters are sent"


if not DEBUG and (found := list(unsafe_values())):
    raise ImproperlyConfigured("Unsafe settings (or set DEBUG=on to try the site out): " + "; ".join(found) + ".")
