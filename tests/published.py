"""The published review in a test's database: worked out once in a process, put in again quickly.

What ``load_review`` does is shown in test_load_review; the other tests want what it leaves behind.
"""

from __future__ import annotations

from copy import copy

from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model

OURS = ("accounts", "indicators", "stakeholders", "reports")
EVERYTHING = {"Agency", "Goal", "Indicator", "Observation", "Section", "Publication"}
_kept: dict[type[Model], list[Model]] = {}


def load_published_review() -> None:
    """Fill a database with the published review; where some of it is there already, as users do."""
    if not _kept or any(model._base_manager.exists() for model in _kept):
        _load_and_keep()
        return
    with transaction.atomic():
        for model, rows in _kept.items():
            model._base_manager.bulk_create([copy(row) for row in rows], batch_size=500)


def _load_and_keep() -> None:
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
    ]
    filled = [model for model in ours if not model._base_manager.exists()]
    call_command("load_review", verbosity=0)
    rows = {model: list(model._base_manager.order_by("pk")) for model in filled}
    if not _kept and {model.__name__ for model, found in rows.items() if found} >= EVERYTHING:
        _kept.update({model: found for model, found in rows.items() if found})
