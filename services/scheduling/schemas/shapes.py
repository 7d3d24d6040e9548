"""What schemas of scheduling share."""

from typing import Any

from marshmallow import fields, post_load

from shared.schemas import CommandSchema, words


def a_name(longest: int = 200, **options: Any) -> fields.String:
    """A text of at most so many signs."""
    return words(longest, **options)


def an_id(**options: Any) -> fields.UUID:
    """An id that has to be there."""
    return fields.UUID(required=True, **options)


class ChangeSchema(CommandSchema):
    """Separates what is changed from what names the thing."""

    names: str

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        identity = {self.names: loaded.pop(self.names), "version": loaded.pop("version")}
        return type(self).makes(**identity, changes=loaded)
