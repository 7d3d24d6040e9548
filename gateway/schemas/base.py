"""Fields and bases of the public schemas. What is loaded is strict and canonical; what is dumped is an allow-list."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

import marshmallow as ma
from marshmallow import fields, validate

from shared.dumping import DictSchema
from shared.language_field import require_language
from shared.languages import LONGEST_TAG
from shared.phones import NoPhoneNumber, e164

MAX_INT = 2**31 - 1
# Above this a float has lost its ones, and nobody knows what was meant.
_WHOLE_FLOATS = 2**53
_MOST_DIGITS = 19
_LONGEST_PHONE = 32
# Unicode's control characters (Cc); JSON has no lone surrogates (Cs).
_NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
_NOT_BLANK = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
_FIRST_YEAR, _LAST_YEAR = 1800, 2199
IF_MATCH = {"description": "the version that was read (If-Match); 412 where it is not the present one"}


class Body(ma.Schema):
    """A request's body or query: unknown fields are refused. Rules across fields are said once, here and in OpenAPI."""

    class Meta:
        unknown = ma.RAISE

    exactly_one_of: ClassVar[tuple[str, ...]] = ()
    at_least: ClassVar[tuple[int, tuple[str, ...]]] = (0, ())

    @property
    def rule(self) -> str:
        """The rule across fields in words; empty where there is none."""
        if self.exactly_one_of:
            return f"Give exactly one of {', '.join(self.exactly_one_of)}."
        least, names = self.at_least
        return f"Give at least {least} of {', '.join(names)}." if least else ""

    @ma.validates_schema
    def _across_fields(self, data: dict[str, object], **_: object) -> None:
        given = data.keys() & {*self.exactly_one_of, *self.at_least[1]}
        if (self.exactly_one_of and len(given) != 1) or len(given) < self.at_least[0]:
            raise ma.ValidationError(self.rule)


class BatchItem(Body):
    """What every item of a batch has beside the fields of its operation."""

    key = fields.String(
        required=True,
        validate=validate.Regexp(r"^[\x21-\x7e]{1,200}\Z", error="Give 1 to 200 visible ASCII characters."),
        metadata={"description": "what would be this request's Idempotency-Key"},
    )


class View(DictSchema):
    """An answer: only the fields that stand here leave the gateway."""


class Text(fields.String):
    """Bounded text without control characters, kept exactly as given; not blank where it may not be empty."""

    def __init__(self, longest: int = 120, *, shortest: int = 1, **more: Any) -> None:
        said = {"pattern": _NOT_BLANK if shortest else _NO_CONTROLS, **more.pop("metadata", {})}
        super().__init__(validate=[validate.Length(shortest, longest), _printable], metadata=said, **more)


class Words(fields.String):
    """Bounded text that may hold anything but NUL, which PostgreSQL cannot keep: what people write to each other."""

    def __init__(self, longest: int, *, may_be_blank: bool = True, **more: Any) -> None:
        without_nul = validate.Regexp(r"^[^\x00]*\Z", error="The NUL character is not allowed.")
        said = validate.Regexp(r"^[^\x00]*[^\x00\s][^\x00]*\Z", error="Say something, without the NUL character.")
        checks = [validate.Length(0 if may_be_blank else 1, longest), without_nul if may_be_blank else said]
        super().__init__(validate=checks, **more)


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


class YesNo(fields.Boolean):
    """true or false. Python takes 0 and 1 for them, JSON does not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Integer):
    """A whole number between two bounds; no text, no fraction."""

    def __init__(self, least: int = 0, most: int = MAX_INT, **more: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most), **more)

    def _validated(self, value: Any) -> int:
        # JSON knows one kind of number: 3.0 is 3.
        whole = isinstance(value, float) and value.is_integer() and abs(value) <= _WHOLE_FLOATS
        if not whole and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.make_error("invalid")
        return super()._validated(int(value))


class QueryNumber(Number):
    """The same in a query string, where everything is text."""

    def _validated(self, value: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
            raise self.make_error("invalid")
        return super()._validated(int(value))


class Day(fields.Date):
    """A calendar day, 2026-11-23."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="%Y-%m-%d", validate=_in_our_times, **more)


class Phone(Text):
    """A telephone number as people write it; goes on in E.164. The error says what to do, never what was typed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(32, shortest=3, metadata={"format": "phone"}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        try:
            return e164(text) if len(text) <= _LONGEST_PHONE else text
        except NoPhoneNumber as error:
            raise ma.ValidationError(str(error)) from None


class Language(Text):
    """A BCP 47 tag of a language in which days and hours can be written."""

    def __init__(self, said: str = "", **more: Any) -> None:
        described = {"description": said} if said else {}
        super().__init__(LONGEST_TAG, metadata={"format": "language", "example": "es", **described}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        tag = super()._deserialize(value, attr, data, **more)
        require_language(tag)
        return tag


class Zip(fields.String):
    """A US ZIP code of five digits; the four behind them are left out."""

    def __init__(self, **more: Any) -> None:
        five = validate.Regexp(r"^[0-9]{5}\Z", error="Give five digits.")
        super().__init__(validate=five, metadata={"description": "a US ZIP code", "example": "10001"}, **more)


def some_ids(said: str, most: int = 20) -> fields.List[UUID]:
    """Ids that may be named; none where they are left out."""
    return fields.List(fields.UUID, validate=validate.Length(0, most), metadata={"description": said})


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


def _in_our_times(value: date) -> None:
    """At the ends of the calendar every sum of a day and a zone overflows; nobody is booked or born there."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ma.ValidationError(f"Must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}.")


def _printable(value: str) -> None:
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
        raise ma.ValidationError("Control characters are not allowed.")
    if value and not value.strip():
        raise ma.ValidationError("Must not be blank.")
