"""Settings, all by environment (docs/configuration in README). Two modes: `demo` (default) and `production`."""

import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from servicecenter.bindings import (  # noqa: F401  # settings by being here
    CLOCK_JOBS,
    DEMO_PARTS,
    KEPT_NUMBERS,
    POLICY_TYPES,
    PORTS,
    SEARCH_LISTS,
)
from servicecenter.enum_names import ENUM_NAMES

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env("SERVICECENTER_MODE", default="demo")
if MODE not in {"demo", "production"}:
    raise ImproperlyConfigured("SERVICECENTER_MODE is 'demo' or 'production'.")
PRODUCTION = MODE == "production"
DEMO = not PRODUCTION
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG cannot be on in production.")

DEMO_SECRET = "demo-only-secret-never-in-production-0000000000000000000000"
DEMO_FIELD_KEY = "ZGVtby1vbmx5LWZpZWxkLWtleS1uZXZlci1pbi1wcm8="
SECRET_KEY = env("SECRET_KEY", default="" if PRODUCTION else DEMO_SECRET)
# Newest key first: it encrypts; the others still decrypt (rotation without down time).
FIELD_KEYS = env.list("FIELD_KEYS", default=[] if PRODUCTION else [DEMO_FIELD_KEY])
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY == DEMO_SECRET):
    raise ImproperlyConfigured("Production needs its own SECRET_KEY of at least 50 characters.")
if PRODUCTION and (not FIELD_KEYS or DEMO_FIELD_KEY in FIELD_KEYS):
    raise ImproperlyConfigured("Production needs its own FIELD_KEYS (Fernet keys, comma separated).")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Production needs ALLOWED_HOSTS.")

# Layer order, lowest last; import-linter and tests/test_architecture.py hold it.
LOCAL_APPS = [
    "reports",
    "inventory",
    "claims",
    "complaints",
    "customers",
    "conduct",
    "deadlines",
    "organization",
    "servicecenter",
]
INSTALLED_APPS = [
    *LOCAL_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    "servicecenter.middleware.room_for_frames",
    "servicecenter.middleware.RequestContextMiddleware",
    "servicecenter.middleware.DatabaseDownMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "servicecenter.middleware.ContentSecurityPolicyMiddleware",
    "servicecenter.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "servicecenter.middleware.UserContextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "servicecenter.middleware.FragmentCacheMiddleware",
    "servicecenter.middleware.RuleBrokenMiddleware",
]
ROOT_URLCONF = "servicecenter.urls"
WSGI_APPLICATION = "servicecenter.wsgi.application"
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
                "servicecenter.shell.context",
            ],
            "builtins": ["servicecenter.templatetags.wb"],
        },
    }
]
FORM_RENDERER = "servicecenter.rendering.Renderer"


def _database_url() -> str:
    """`DATABASE_URL`, or the embedded PostgreSQL that set-up starts (D2)."""
    if url := env("DATABASE_URL", default=""):
        return url
    if PRODUCTION:
        raise ImproperlyConfigured("Production needs DATABASE_URL.")
    from servicecenter.local import postgres

    return postgres.url("run")


def _redis_url() -> str:
    """`REDIS_URL`, or the embedded Redis; the web works without either."""
    if url := env("REDIS_URL", default=""):
        return url
    if PRODUCTION:
        raise ImproperlyConfigured("Production needs REDIS_URL.")
    from servicecenter.local import redis

    return redis.url("run")


DATABASES = {
    "default": {
        **environ.Env.db_url_config(_database_url()),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        # PgBouncer in transaction mode: no server-side cursors.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 4)
REDIS_URL = _redis_url()

AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = ["organization.backends.WorkNumberBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# Administrators see that a person has a second step, never its secret.
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=8 * 3600)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=16 * 3600)
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "servicecenter.errors.csrf_failure"

# Every request that changes nothing else may still be slow: caps that protect the service from one bad query.
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=30_000)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("CENTRE_TIME_ZONE", default="Asia/Shanghai")
CENTRE_NAME = env("CENTRE_NAME", default="远桥物流")
CENTRE_EMAIL = env("CENTRE_EMAIL", default="centre@example.invalid")

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "static"]
if not env.bool("NO_ASSETS", default=False):
    from servicecenter.local import assets

    STATICFILES_DIRS.append(("vendor", assets.assets_dir() / "static" / "vendor"))
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
MEDIA_ROOT = VAR_DIR / "files"
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Load balancers and containers ask by address, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
    )
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

EMAIL_CONFIG = env.email_url(
    "EMAIL_URL", default="dummymail://" if TESTING else f"filemail:///{VAR_DIR}/mail"
)
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
if "EMAIL_FILE_PATH" in EMAIL_CONFIG:
    EMAIL_FILE_PATH = EMAIL_CONFIG["EMAIL_FILE_PATH"]
for _name in (
    "EMAIL_HOST",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
):
    if EMAIL_CONFIG.get(_name) is not None:
        globals()[_name] = EMAIL_CONFIG[_name]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=CENTRE_EMAIL)

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# a stock document of 5 000 lines has seven cells in each
DATA_UPLOAD_MAX_NUMBER_FIELDS = 40_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Celery: wake-ups and heavy work only. FACTS: redelivery needs acks_late and reject_on_worker_lost together.
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 5,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "UTC"
# Documents leave memory in pieces: a pool process is replaced in time.
CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", default=2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = env.int("WORKER_MAX_TASKS", default=200)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MAX_MEMORY_MB", default=600) * 1024
# In production worker and beat log as everything else does, a JSON object a line.
CELERY_WORKER_HIJACK_ROOT_LOGGER = not PRODUCTION
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "deadlines.tasks.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "relay": {"task": "servicecenter.tasks.relay_outbox", "schedule": 30.0, "options": {"expires": 60}},
    "verify": {
        "task": "servicecenter.tasks.verify_nightly",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "servicecenter.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "servicecenter.api.KeysetPagination",
    "EXCEPTION_HANDLER": "servicecenter.api.exception_handler",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Service Centre API",
    "DESCRIPTION": "Contacts, complaints, clocks, customers and waybills of the customer service centre.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

# Seconds between two turns of the short ones.
CLOCK_SECONDS = env.float("CLOCK_SECONDS", default=2.0)
# The doctor is red when the last backup is older; 0: backups are no concern of this installation.
BACKUP_MAX_AGE_HOURS = env.float("BACKUP_MAX_AGE_HOURS", default=26.0 if PRODUCTION else 0.0)
# Where this installation is reached: links in e-mails. Webhooks go to these hosts alone, over https.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])

LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "servicecenter.logs.RequestFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(levelname)s %(name)s %(message)s %(request_id)s %(user_id)s",
            "timestamp": True,
            "json_ensure_ascii": False,
        },
        "line": {"format": "%(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env("LOG_FORMAT", default="json" if PRODUCTION else "line"),
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # whoever scans the network asks for other host names all day
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}
