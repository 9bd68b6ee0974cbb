"""Settings of an installation, all from environment variables (see docs/how-to/configure.md)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from analysis.plugins import plugin_modules
from faceapp import env, logs
from faceapp.core.gate.threads import OTHER_THREADS

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.text("FACELINE_HOME", str(BASE_DIR / "var"))).absolute()  # all that the program writes lies here

PRODUCTION = env.flag("FACELINE_PRODUCTION", False)  # behind a proxy that speaks HTTPS; see docs/how-to/configure.md
DEBUG = env.flag("FACELINE_DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("FACELINE_DEBUG must not be on in production: it shows settings to visitors.")
SECRET_KEY_FILE = HOME / "secret-key"
SECRET_KEY = env.secret("FACELINE_SECRET_KEY", SECRET_KEY_FILE)
ALLOWED_HOSTS = env.words("FACELINE_HOSTS", "localhost,127.0.0.1,[::1]")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "faceapp.core.apps.OurStaticFilesConfig",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "faceapp.core.apps.CoreConfig",
    "faceapp.accounts",
    "faceapp.library",
    "faceapp.runs",
    "faceapp.segments",
    "faceapp.results",
    "faceapp.audience",
    "faceapp.reports",
    "faceapp.comparisons",
    "faceapp.operations.apps.OperationsConfig",
    "faceapp.api",
    "faceapp.worker",
    *(plugin.__name__ for plugin in plugin_modules()),  # their models, migrations and kinds of work
]

MIDDLEWARE = [
    "faceapp.operations.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "faceapp.core.middleware.BrowserRightsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "faceapp.accounts.middleware.TokenMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "faceapp.core.middleware.SignInMiddleware",
    "faceapp.operations.middleware.RequestUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "faceapp.urls"

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
            ]
        },
    }
]

# --- where things lie ---

WEB_THREADS = env.whole("FACELINE_WEB_THREADS", 16, least=2)  # of pages, in each process of the web
DATABASES = {
    "default": env.database("FACELINE_DATABASE_URL", HOME / "faceline.sqlite3", n_threads=WEB_THREADS + OTHER_THREADS)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = HOME / "media"
UPLOAD_DIR = HOME / "uploads"  # files on their way in; on the disk of the media, so that they are moved, not copied
FILE_UPLOAD_TEMP_DIR = UPLOAD_DIR
FILE_UPLOAD_HANDLERS = ["faceapp.library.receiving.NoFiles"]  # the API's form alone takes some, after the sign-in
FILE_UPLOAD_PERMISSIONS = 0o640
METRICS_DIR = HOME / "metrics"
BACKUP_EVERY_H = env.whole("FACELINE_BACKUP_EVERY_H", 0)  # 0: only when asked for
BACKUP_KEEP = env.whole("FACELINE_BACKUP_KEEP", 7, least=1)
BACKUP_DIR = Path(env.text("FACELINE_BACKUP_DIR", str(HOME / "backups"))).absolute()
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "faceapp.core.storage.StaticStorage"},
}
if PRODUCTION:
    STORAGES["staticfiles"]["BACKEND"] = "faceapp.core.storage.CompressedStaticStorage"
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = DEBUG
# the prefix of an internal location of nginx over MEDIA_ROOT, such as /protected/; empty: this program sends the bytes
ACCEL_REDIRECT_PREFIX = env.text("FACELINE_ACCEL_REDIRECT", "")

# --- limits of uploads ---

ENGINE_MAX_BYTES = 4 << 30  # analysis.video.source.MAX_FILE_BYTES, which the web must not import; a test compares
MAX_UPLOAD_BYTES = env.size_bytes("FACELINE_MAX_UPLOAD", 4 * 10**9, most=ENGINE_MAX_BYTES)
TEAM_QUOTA_BYTES = env.size_bytes("FACELINE_TEAM_QUOTA", 0)  # 0: none
KEEP_FREE_BYTES = env.size_bytes("FACELINE_KEEP_FREE", 10**9)  # of the disk, for results and the database
PROBE_TIMEOUT_S = env.whole("FACELINE_PROBE_TIMEOUT_S", 60, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # of forms; uploads are streamed

# --- who is who ---

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

SIGN_IN_TRIES = env.whole("FACELINE_SIGN_IN_TRIES", 10, least=1)  # of an account; ten times as many from an address
SIGN_IN_LOCK = timedelta(minutes=env.whole("FACELINE_SIGN_IN_LOCK_MINUTES", 15, least=1))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "faceapp.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],  # counted by each process of the web
    "DEFAULT_THROTTLE_RATES": {"user": f"{env.whole('FACELINE_API_RATE', 600, least=1)}/minute"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Faceline",
    "DESCRIPTION": "Who people are on screen, second by second.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "faceapp.api.schema.add_common_answers",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- what a browser may do with our pages ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],  # pages with charts: @allows_chart_styles of faceapp.core.security
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "faceapp.core.views.csrf_failed"
CSRF_TRUSTED_ORIGINS = env.words("FACELINE_ORIGINS", ",".join(env.origins_of(ALLOWED_HOSTS)) if PRODUCTION else "")
TRUSTS_PROXY = env.flag("FACELINE_TRUST_PROXY", PRODUCTION)  # reads X-Forwarded-For and -Proto of the proxy before us
if TRUSTS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^ready/"]  # monitors beside the web ask without the proxy
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # other names of the owner's domain are none of our business
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.flag("FACELINE_HSTS_SUBDOMAINS", False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # `check --deploy` asks for both

# --- runs: who works on what, and for how long without a sign of life ---

RUNS_LEASE_S = env.whole("FACELINE_LEASE_S", 30, least=2)
RUNS_RENEW_S = min(10.0, RUNS_LEASE_S / 3)
RUNS_REAP_S = env.whole("FACELINE_REAP_S", 10, least=1)
RUNS_DEVICE = env.choice("FACELINE_DEVICE", "auto", ("auto", "cpu", "cuda"))  # of this worker
# where work on runs waits: for workers on processors or on graphics cards, so that no run is done by both kinds, whose
# results differ in the last digits; copies for browsers are always made by workers of "cpu"
RUNS_QUEUE = env.choice("FACELINE_RUN_QUEUE", "cpu", ("cpu", "gpu"))
RUNS_SILENCE_S = env.whole("FACELINE_SILENCE_S", 180, least=5)  # without progress, until the engine's process is ended
RUNS_CHILD_TRIES = 2  # of a piece of work whose process died
RUNS_WORKER_TRIES = 3  # of one whose worker died
RUNS_NOTIFICATION_EXPIRES_S = 60  # of a message that nobody received; the reaper sends another

# --- tasks: messages only notify, rows are the truth (docs/architecture.md) ---

BROKER_URL_FILE = HOME / "broker" / "url"  # written by `manage.py up` for the broker of its own


def _broker_url() -> str:
    own = BROKER_URL_FILE.read_text().strip() if BROKER_URL_FILE.exists() else "redis://127.0.0.1:6379/0"
    return env.address("FACELINE_BROKER_URL", own, ("redis", "rediss", "redis+socket", "memory"))


CELERY_BROKER_URL = _broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_ACKS_LATE = False  # the lease of a row recovers work, not the broker
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for the broker for ever
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 10, "socket_keepalive": True}
CELERY_TASK_PUBLISH_RETRY = False  # a page does not wait for a broker that is down; the reaper notifies again
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "cpu"
UPKEEP = (
    "worker.reap",
    "library.sweep",
    "accounts.tidy",
    "operations.look",
    "operations.truncate_log",
    "operations.tidy",
    "operations.back_up",
)  # short; not behind work on videos
CELERY_TASK_ROUTES = {name: {"queue": "upkeep"} for name in UPKEEP}
CELERY_BEAT_SCHEDULE = {
    "worker.reap": {"task": "worker.reap", "schedule": float(RUNS_REAP_S), "options": {"expires": RUNS_REAP_S}},
    "operations.look": {"task": "operations.look", "schedule": 10.0, "options": {"expires": 10}},
    "operations.truncate_log": {"task": "operations.truncate_log", "schedule": 3600.0, "options": {"expires": 3600}},
    "operations.tidy": {"task": "operations.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
    "operations.back_up": {"task": "operations.back_up", "schedule": 300.0, "options": {"expires": 300}},
    "library.sweep": {"task": "library.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "accounts.tidy": {"task": "accounts.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
}
CELERY_BEAT_SCHEDULER = "faceapp.core.beat:SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat-schedule")

# --- the rest ---

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
LOGGING_CONFIG = None
logs.set_up(
    level=env.choice("FACELINE_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    form=env.choice("FACELINE_LOG_FORMAT", "json" if PRODUCTION else "console", ("console", "json")),
)
CACHE_DIR = Path(env.text("FACELINE_CACHE", str(HOME / "cache")))  # compiled networks
os.environ.setdefault("FACELINE_CACHE", str(CACHE_DIR))  # the engine's processes, which know no Django, read it
