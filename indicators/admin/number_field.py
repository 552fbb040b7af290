"""The field of a form for a number that has no series behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.entry.misreadings import Misread, read_number


class NumberField(forms.DecimalField):
    """A number as the ministry writes it; what is understood in part is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"widget": forms.TextInput})

    def to_python(self, value: Any) -> Any:
        """The number of a text, or None for an empty one.

        Raises:
            ValidationError: it is no number, or can be read in two ways.
        """
        if isinstance(value, Decimal):
            return value
        try:
            return read_number(str(value or ""))
        except Misread as error:
            raise ValidationError(str(error)) from error
