"""Fields and bases of the public schemas. What is loaded is strict and canonical; what is dumped is an allow-list."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

MAX_INT = 2**31 - 1
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


class Body(ma.Schema):
    """A request's body or query: unknown fields are refused."""

    class Meta:
        unknown = ma.RAISE


class View(ma.Schema):
    """An answer: only the fields that stand here leave the gateway."""


class Text(fields.String):
    """Bounded text without control characters, kept exactly as given."""

    def __init__(self, longest: int = 120, *, shortest: int = 1, **more: Any) -> None:
        super().__init__(validate=[validate.Length(shortest, longest), _printable], **more)


class Instant(fields.AwareDateTime):
    """An instant with its offset from UTC (RFC 3339); goes on in UTC, to the second, with a Z."""

    default_error_messages = {"invalid": "Not an instant: 2026-11-23T15:00:00Z, with an offset."}

    def __init__(self, **more: Any) -> None:
        super().__init__(format="iso", **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if not isinstance(value, str) or len(value) > 40:
            raise self.make_error("invalid")
        found: datetime = super()._deserialize(value, attr, data, **more)
        try:
            found = found.astimezone(UTC).replace(microsecond=0)
        except OverflowError:
            raise self.make_error("invalid") from None
        _in_our_times(found)
        return found

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        return None if value is None else value.isoformat().replace("+00:00", "Z")


class Number(fields.Integer):
    """A whole number between two bounds; no text, no fraction."""

    def __init__(self, least: int = 0, most: int = MAX_INT, **more: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most), **more)

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 12):
            raise self.make_error("invalid")
        return super()._validated(value)


class QueryNumber(Number):
    """The same in a query string, where everything is text."""

    def _validated(self, value: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            raise self.make_error("invalid")
        return super()._validated(int(value))


class Day(fields.Date):
    """A calendar day, 2026-11-23."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="%Y-%m-%d", validate=_in_our_times, **more)


class Phone(Text):
    """A telephone number as people write it; records brings it to E.164."""

    def __init__(self, **more: Any) -> None:
        super().__init__(32, shortest=3, **more)


def an_id() -> fields.String:
    """An id of an answer."""
    return fields.String(metadata={"format": "uuid"})


class _InstantText(fields.String):
    """Services write UTC as +00:00 or as Z; the public API writes Z."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        text = super()._serialize(value, attr, obj, **more)
        return text.replace("+00:00", "Z") if text else None


def an_instant() -> fields.String:
    """An instant of an answer, in UTC."""
    return _InstantText(allow_none=True, metadata={"format": "date-time"})


def a_day() -> fields.String:
    """A calendar day of an answer."""
    return fields.String(allow_none=True, metadata={"format": "date"})


def paged(**more: Any) -> dict[str, Any]:
    """The two fields of every paged list."""
    return {"cursor": Text(2000), "limit": QueryNumber(1, 200), **more}


def _in_our_times(value: date) -> None:
    """At the ends of the calendar every sum of a day and a zone overflows; nobody is booked or born there."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ma.ValidationError(f"Must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}.")


def _printable(value: str) -> None:
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
        raise ma.ValidationError("Control characters are not allowed.")
    if value and not value.strip():
        raise ma.ValidationError("Must not be blank.")
