"""How event data is written and read: producers dump strictly, consumers read tolerantly."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

PHI = {"phi": True}


class Text(fields.String):
    """A string that PostgreSQL and JSON can hold: no NUL."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.ContainsNoneOf("\x00"), **kwargs)


class DataSchema(Schema):
    """Loads into `makes`, a frozen dataclass; fields that a reader does not know are passed over."""

    makes: ClassVar[type]

    class Meta:
        unknown = EXCLUDE

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        return self.makes(**loaded)


class ConditionSchema(DataSchema):
    """The shape of one aggregate; the envelope's type decides which class is made."""

    version = fields.Integer(required=True, strict=True)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Mapping[str, Any]:
        return loaded


def instant(*, allow_none: bool = False) -> fields.AwareDateTime:
    """An aware instant in ISO 8601, UTC."""
    return fields.AwareDateTime(format="iso", required=True, allow_none=allow_none)


def uuid(*, allow_none: bool = False) -> fields.UUID:
    """An id."""
    return fields.UUID(required=True, allow_none=allow_none)


def text(*, allow_none: bool = False, phi: bool = False) -> Text:
    """A string; `phi` marks patient data, which travels encrypted and is redacted from logs."""
    return Text(required=True, allow_none=allow_none, metadata=PHI if phi else {})


def whole(*, allow_none: bool = False) -> fields.Integer:
    """A whole number."""
    return fields.Integer(required=True, strict=True, allow_none=allow_none)


def added(kind: type[fields.Field[Any]], **options: Any) -> fields.Field[Any]:
    """A field that came later: events without it are still read, and it may be empty."""
    return kind(load_default=None, allow_none=True, **options)


class Tuple(fields.List[Any]):
    """A list that loads as a tuple, since conditions are frozen."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


def many(item: fields.Field[Any] | type[Schema], *, phi: bool = False) -> Tuple:
    """A whole list of items."""
    inner = item if isinstance(item, fields.Field) else fields.Nested(item)
    return Tuple(inner, required=True, metadata=PHI if phi else {})
