"""What the schemas of all services have in common: words, instants, commands, pages of lists."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from shared import cursors

PHI = {"phi": True}
NO_NUL = validate.ContainsNoneOf("\x00", error="Leave out the NUL character.")


def words(longest: int, *checks: Callable[[str], object], **options: Any) -> fields.String:
    """A text of 1 to `longest` characters, none of them NUL, which PostgreSQL cannot keep."""
    return fields.String(validate=[validate.Length(1, longest), NO_NUL, *checks], **options)


def instant(**options: Any) -> fields.AwareDateTime:
    """RFC 3339, with its offset."""
    return fields.AwareDateTime(format="iso", **options)


def version(**options: Any) -> fields.Integer:
    """The version that a change is made to; None where whoever asks does not mind."""
    return fields.Integer(strict=True, load_default=None, **options)


class CommandSchema(Schema):
    """Loads into the command (or its part) that the operation takes."""

    makes: Callable[..., Any]

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        return type(self).makes(**loaded)


class PageQuestion(Schema):
    """A list's question: which page of it. `cursor` is the `next` of the answer before."""

    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=cursors.LONGEST))
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, 1000))


def sorted_by(*columns: str) -> fields.String:
    """A list's order: by the first where none is asked for; `-` in front of a column is backwards."""
    allowed = [*columns, *(f"-{column}" for column in columns)]
    return fields.String(load_default=columns[0], validate=validate.OneOf(allowed))


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of a page of items."""
    listed: dict[str, Any] = {"items": fields.List(fields.Nested(item)), "next": fields.String(allow_none=True)}
    return type(f"PageOf{item.__name__}", (Schema,), {"__doc__": "A page.", **listed})
