"""March 2021 as its officer enters it, on a day in April."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from django.test import Client

from indicators.calculation.periods import Month
from indicators.models import Series

DAY = date(2021, 4, 20)
MARCH = Month(2021, 3)


def post_cells(client: Client, cells: list[dict[str, Any]], **extra: Any) -> Any:
    body = {"key": str(uuid.uuid4()), "reason": "monthly", "cells": cells} | extra
    return client.post(
        "/en/entry/wda/2021/save/", json.dumps(body), content_type="application/json"
    )


def a_cell(series: Series, text: str, revision: int = 0, **extra: Any) -> dict[str, Any]:
    return {
        "series": series.pk,
        "month": "2021-03",
        "text": text,
        "note": "",
        "evidence": "",
        "revision": revision,
    } | extra
