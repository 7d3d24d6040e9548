"""A language on the wire: services whose commands bear one check it in the same way."""

from typing import Any

from marshmallow import ValidationError, fields

from shared.languages import LONGEST_TAG, is_language
from shared.schemas import words


def a_language(**options: Any) -> fields.String:
    """A BCP 47 tag of a language in which days and hours can be written."""
    return words(LONGEST_TAG, require_language, **options)


def require_language(tag: str) -> None:
    """Raises ValidationError with what to give instead."""
    if not is_language(tag):
        raise ValidationError("Give a language's tag, such as en, es or es-MX.")
