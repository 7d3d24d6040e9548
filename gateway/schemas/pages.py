"""The question of every list: which page, in which order."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Number, QueryNumber, Text
from shared.cursors import LONGEST


class Cursor(Text):
    """Where a page ended: the `next` of the answer before, for the same filters. Sealed it is a third longer."""

    def __init__(self) -> None:
        super().__init__(LONGEST * 3 // 2, metadata={"format": "cursor", "description": "the answer's `next`"})


class Page(Body):
    """The question of every list: which page of it."""

    cursor = Cursor()
    limit = QueryNumber(1, 200, metadata={"description": "50 where it is left out"})


class BodyPage(Body):
    """The same in a body."""

    cursor = Cursor()
    limit = Number(1, 200, metadata={"description": "50 where it is left out"})


def sorted_by(*columns: str) -> fields.String:
    """A list's order: by the first column where none is asked for; `-` in front is backwards."""
    allowed = [*columns, *(f"-{column}" for column in columns)]
    return fields.String(
        validate=validate.OneOf(allowed), metadata={"description": f"{columns[0]} where it is left out; - is backwards"}
    )
