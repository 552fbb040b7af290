"""Codes of goals, targets and indicators: their form, and the order in which people expect them."""

GOAL_CODE = r"^[1-9][0-9]?$"
TARGET_CODE = r"^[1-9][0-9]?\.([1-9][0-9]?|[a-z])$"
INDICATOR_CODE = r"^[1-9][0-9]?\.([1-9][0-9]?|[a-z])\.[1-9][0-9]{0,2}$"


def natural_key(code: str) -> str:
    """A text that sorts as people sort codes: ``1.3.1`` < ``1.10.1`` < ``1.a.2``.

    Numbers are padded to four digits and stand before letters, so that the database can order by
    the result in any collation: ``1.a.2`` becomes ``0001.a000.0002``.
    """
    parts = []
    for part in code.lower().split("."):
        if part.isdigit():
            parts.append(part.zfill(4))
        else:
            parts.append(part.ljust(4, "0"))
    return ".".join(parts)
