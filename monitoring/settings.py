"""One settings file. Everything that differs between machines comes from the environment (.env.example)."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from monitoring.env import UNSET, env_bool, env_int, env_list, env_prefixed, env_str

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_str("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env_bool("DEBUG", False)


def _local_engines() -> dict[str, str]:
    """The embedded engines of this checkout, so that ``manage.py`` works beside a running ``make demo``."""
    path = VAR_DIR / "engines.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _local_secret(name: str) -> object:
    """A secret that ``make demo`` made for this checkout; without it the variable must be set."""
    path = VAR_DIR / "secrets.env"
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _sep, value = line.partition("=")
            if key.strip() == name:
                return value.strip()
    return UNSET


SECRET_KEY = env_str("SECRET_KEY", _local_secret("SECRET_KEY"))
# "k2:BASE64,k1:BASE64": the first key seals, the others still open what they sealed (rotation on line).
SEAL_KEYS = env_str("SEAL_KEYS", _local_secret("SEAL_KEYS"))
# Another key, outside the database, for the keyed hash by which a number is found again.
LOOKUP_KEY = env_str("LOOKUP_KEY", _local_secret("LOOKUP_KEY"))

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# The villagers' report page answers on this name, and no other page does (alerts.reports.host). Empty: none.
# "report.example.org", with a port where it is not the usual one.
PUBLIC_HOST = env_str("PUBLIC_HOST", "").strip().lower()
ALLOWED_HOSTS += [PUBLIC_HOST.partition(":")[0]] if PUBLIC_HOST else []
# What the page and the printed sheets name besides 12317 and 12345: "县农业农村局 0717-…".
PUBLIC_CONTACT = env_str("PUBLIC_CONTACT", "")

# The county that this installation serves.
COUNTY_CODE = env_str("COUNTY_CODE", "420527")
SITE_NAME = env_str("SITE_NAME", "秭归县防止返贫动态监测和帮扶系统")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "axes",
    "households",
    "alerts",
    "monitoring",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "monitoring.security.ContentSecurityPolicyMiddleware",
    "alerts.reports.host.PublicHostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "households.staff.middleware.SignInRequiredMiddleware",
    "households.staff.middleware.FirstPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "monitoring.urls"
WSGI_APPLICATION = "monitoring.wsgi.application"

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
                "monitoring.navigation.shell",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": env_int("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        # A worker killed in a statement lets go of its rows within a second, not when the statement ends.
        "OPTIONS": {"options": "-c client_connection_check_interval=1000 -c timezone=UTC"},
    }


DATABASES = {"default": _database(env_str("DATABASE_URL", _local_engines().get("database_url", "postgres:///")))}
REDIS_URL = env_str("REDIS_URL", _local_engines().get("redis_url", "redis://127.0.0.1:6379/0"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and sessions -----------------------------------------------------------------------------
AUTH_USER_MODEL = "households.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "monitoring.roles.PostingBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "households.staff.passwords.ThreeClassesValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "staff:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "staff:sign-in"

# Idle time-out: the session ends this long after the last request (等保 level 3 asks for 15-30 minutes).
SESSION_COOKIE_AGE = env_int("SESSION_IDLE_MINUTES", 30) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True

# Lock-out after five wrong passwords, by account and not by address: a whole township shares one address.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # asks for the address as well, see above
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "staff/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True
# Tries during the lock-out are refused unread; they do not make it longer, or anybody could keep others out.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False

# Transport. Behind TLS in production; make demo serves plain HTTP on the loopback address only.
SECURE_TLS = env_bool("SECURE_TLS", not DEBUG)
SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_TLS
SECURE_HSTS_PRELOAD = SECURE_TLS
SESSION_COOKIE_SECURE = SECURE_TLS
CSRF_COOKIE_SECURE = SECURE_TLS
CSRF_FAILURE_VIEW = "monitoring.tablet.answers.csrf_refused"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "monitoring" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["monitoring.formats"]

# Static files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
# Files are looked for when they are asked for: else each client of a test would read the whole tree.
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Uploads ------------------------------------------------------------------------------------------
IMPORT_MAX_BYTES = 50 * 1024 * 1024
IMPORT_MAX_UNPACKED = 500 * 1024 * 1024
IMPORT_MAX_ROWS = 300_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A little above the limit: a file that is too large is answered with a sentence, not a broken connection.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# REST ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["monitoring.feeds.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["monitoring.feeds.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "monitoring.feeds.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    # "format" is no parameter of ours, and an unknown one is an error.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "防止返贫动态监测和帮扶系统 API",
    "DESCRIPTION": "Alert feeds for other systems. 供其他系统拉取的预警接口。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    # Two fields with the same words: one name in the document.
    "ENUM_NAME_OVERRIDES": {
        "RiskEnum": "alerts.kinds.Risk.values",
        "StatusEnum": "alerts.models.AlertStatus.values",
    },
}

# Notices ------------------------------------------------------------------------------------------
# Where links in e-mails and gateway messages lead: https://monitoring.example.org
SITE_URL = env_str("SITE_URL", next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")
# smtp://, smtp+starttls:// or smtps://user:password@host:port; empty: nothing goes out by e-mail.
EMAIL_URL = env_str("EMAIL_URL", "")
_mail = urlsplit(EMAIL_URL)
_MAIL_PORTS = {"": 25, "smtp": 25, "smtp+starttls": 587, "smtps": 465}
if _mail.scheme not in _MAIL_PORTS:
    raise ImproperlyConfigured("EMAIL_URL begins with smtp://, smtp+starttls:// or smtps:// (see .env.example).")
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or _MAIL_PORTS[_mail.scheme]
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+starttls"
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str("EMAIL_FROM", UNSET if EMAIL_URL else "")
# Secrets of gateways by the name of their variable; other variables are out of reach of the page that names them.
GATEWAY_SECRETS = env_prefixed("GATEWAY_SECRET_")
# Gateways on this machine itself, for a trial only.
GATEWAY_ALLOW_LOCAL = env_bool("GATEWAY_ALLOW_LOCAL", False)

# Work in the background ---------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 30 * 60
# Above the longest task, or Redis hands a task that is still running to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 40 * 60,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "retry_on_timeout": False,
}
# A dead broker must not hold a request: one quick try, the sweep keeps the promise.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = env_str("CELERY_QUEUE", "monitoring")
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "judge-last-month": {
        "task": "monitoring.judgment.tasks.judge_last_month",
        "schedule": crontab(minute=0, hour=2, day_of_month=1),
    },
    "sweep-open-runs": {
        "task": "monitoring.judgment.tasks.sweep_open_runs",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "sweep-imports": {
        "task": "households.imports.tasks.sweep_imports",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    # Also at night: a leaver's alerts are somebody else's on the first day, and quiet hours hold the notices.
    "watch-deadlines": {
        "task": "alerts.travel.tasks.watch_deadlines",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "send-notices": {
        "task": "alerts.notices.tasks.send_notices",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # Answers to writes of API clients, a day after they were given.
    "sweep-answers": {
        "task": "monitoring.feeds.tasks.sweep_idempotent_answers",
        "schedule": crontab(minute=20, hour=3),
    },
    # Once a day and person; asked each hour, so that a worker that was down at eight tells it at nine.
    "forget-reports": {
        "task": "alerts.reports.tasks.forget_reports",
        "schedule": crontab(minute=40, hour=3),
    },
    "watch-answers": {
        "task": "alerts.reports.tasks.watch_answers",
        "schedule": crontab(minute=5, hour="8-19"),
    },
    "watch-visits": {
        "task": "monitoring.tablet.tasks.watch_visits",
        "schedule": crontab(minute=15, hour="8-19"),
    },
    "publish-ledger": {
        "task": "households.ledger.tasks.publish_ledger",
        "schedule": 1.0,
        "options": {"expires": 2},
    },
}

# Logs carry ids and counts, never names or numbers of people.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    # axes warns with user name and address; what happened stands in the audit trail.
    "loggers": {"axes": {"level": "ERROR"}, "celery.beat": {"level": "WARNING"}},
}
