"""Production settings for the measurement: no debugging, static files without a manifest."""

from config.settings import *  # noqa: F403

DEBUG = False
STATIC_ROOT = None  # type: ignore[assignment]
ROOT_URLCONF = "benchmarks.urls"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING_CONFIG = None
