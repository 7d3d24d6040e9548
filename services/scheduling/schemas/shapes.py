"""What schemas of scheduling share."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from shared.schemas import CommandSchema, words


def a_name(longest: int = 200, **options: Any) -> fields.String:
    """A text of at most so many signs."""
    return words(longest, **options)


def an_id(**options: Any) -> fields.UUID:
    """An id that has to be there."""
    return fields.UUID(required=True, **options)


class Tuple(fields.List[Any]):
    """A list that is kept as a tuple, as the domain's values are."""

    def _deserialize(self, *given: Any, **more: Any) -> Any:
        return tuple(super()._deserialize(*given, **more))


def some_ids(**options: Any) -> Tuple:
    """Ids that may be named; none where they are left out."""
    return Tuple(fields.UUID(), load_default=(), validate=validate.Length(max=20), **options)


class ChangeSchema(CommandSchema):
    """Separates what is changed from what names the thing."""

    names: str

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        identity = {self.names: loaded.pop(self.names), "version": loaded.pop("version")}
        return type(self).makes(**identity, changes=loaded)


class WallClock(fields.Field[int]):
    """A wall-clock time `HH:MM` (24:00 is the end of the day) as minutes from midnight."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
        if not (
            colon and len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()
        ):
            raise ValidationError("must be HH:MM")
        found = int(hours) * 60 + int(minutes)
        if int(minutes) > 59 or found > 24 * 60:
            raise ValidationError("must be from 00:00 to 24:00")
        return found

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value // 60:02}:{value % 60:02}"
