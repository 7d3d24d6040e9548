"""Working hours and the times that are free on the wire."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.working_hours import WeeklyHours
from services.scheduling.schemas.shapes import an_id
from shared.cursors import from_cursor
from shared.schemas import CommandSchema, instant, version


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


class WeeklyHoursSchema(CommandSchema):
    """One stretch of a weekday (ISO: 1 is Monday)."""

    makes = WeeklyHours
    weekday = fields.Integer(strict=True, required=True, validate=validate.Range(1, 7))
    starts = WallClock(required=True)
    ends = WallClock(required=True)


class SetWorkingHoursSchema(CommandSchema):
    """`set_working_hours`."""

    makes = commands.SetWorkingHours
    practitioner_id = an_id()
    site_id = an_id()
    version = version()
    lanes = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 100))
    weekly = fields.List(fields.Nested(WeeklyHoursSchema), required=True, validate=validate.Length(max=100))


class WorkingHoursAnswer(Schema):
    """A practitioner's week at a site; version 0 where none was ever set."""

    practitioner_id = fields.UUID()
    site_id = fields.UUID()
    lanes = fields.Integer()
    weekly = fields.List(fields.Nested(WeeklyHoursSchema))
    version = fields.Integer()


class WorkingHoursQuestion(Schema):
    """`working_hours`."""

    practitioner_id = an_id()
    site_id = an_id()


class FreeTimesQuestion(Schema):
    """`free_times`; from today where no day is named."""

    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    from_on = fields.Date(load_default=None, allow_none=True)
    days = fields.Integer(strict=True, load_default=7, validate=validate.Range(1, 31))
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, 200))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=1000))

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        [after] = from_cursor(loaded.pop("cursor"), 1)
        return commands.FindFreeTimes(**loaded, after=datetime.fromisoformat(after) if after else None)


class TimeAnswer(Schema):
    """A time that can be offered."""

    start_at = instant()
    end_at = instant()
