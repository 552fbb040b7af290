"""The two languages that the project speaks."""

from django.utils.translation import get_language


def in_readers_language(chinese: str, english: str) -> str:
    """The English text for an English reader where there is one, else the Chinese one."""
    return (english or chinese) if get_language() == "en" else chinese
