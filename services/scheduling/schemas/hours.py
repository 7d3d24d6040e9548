"""Working hours and the times that are free on the wire."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.patterns import Pattern, Stay
from services.scheduling.domain.weeks import WeeklyHours
from services.scheduling.schemas.shapes import Tuple, WallClock, a_name, an_id
from services.scheduling.schemas.stranded import StrandedAnswer
from shared.cursors import from_cursor
from shared.schemas import CommandSchema, instant, version


class WeeklyHoursSchema(CommandSchema):
    """One stretch of a weekday (ISO: 1 is Monday)."""

    makes = WeeklyHours
    weekday = fields.Integer(strict=True, required=True, validate=validate.Range(1, 7))
    starts = WallClock(required=True)
    ends = WallClock(required=True)


class PatternSchema(CommandSchema):
    """Hours on the days of a rule."""

    makes = Pattern
    rrule = a_name(500, required=True)
    from_on = fields.Date(load_default=None, allow_none=True)
    until_on = fields.Date(load_default=None, allow_none=True)
    starts = WallClock(required=True)
    ends = WallClock(required=True)


class StaySchema(CommandSchema):
    """The days on which somebody works at a site."""

    makes = Stay
    from_on = fields.Date(load_default=None, allow_none=True)
    until_on = fields.Date(load_default=None, allow_none=True)


class SetWorkingHoursSchema(CommandSchema):
    """`set_working_hours`: a plain week, patterns, or both."""

    makes = commands.SetWorkingHours
    practitioner_id = an_id()
    site_id = an_id()
    version = version()
    lanes = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 100))
    weekly = Tuple(fields.Nested(WeeklyHoursSchema), load_default=(), validate=validate.Length(max=100))
    patterns = Tuple(fields.Nested(PatternSchema), load_default=(), validate=validate.Length(max=100))
    from_on = fields.Date(load_default=None, allow_none=True)


class SetStaysSchema(CommandSchema):
    """`set_stays`."""

    makes = commands.SetStays
    practitioner_id = an_id()
    site_id = an_id()
    version = version()
    stays = Tuple(fields.Nested(StaySchema), required=True, validate=validate.Length(max=100))


class WorkingHoursAnswer(Schema):
    """A practitioner's hours at a site; version 0 where none were ever set. `weekly` is the plain week of a day."""

    practitioner_id = fields.UUID()
    site_id = fields.UUID()
    lanes = fields.Integer()
    weekly = fields.List(fields.Nested(WeeklyHoursSchema))
    patterns = fields.List(fields.Nested(PatternSchema))
    stays = fields.List(fields.Nested(StaySchema))
    version = fields.Integer()


class ChangedHoursAnswer(WorkingHoursAnswer):
    """The same after a change."""

    stranded = fields.List(fields.Nested(StrandedAnswer))
    stranded_more = fields.Boolean()


class WorkingHoursQuestion(Schema):
    """`working_hours`."""

    practitioner_id = an_id()
    site_id = an_id()
    on = fields.Date(load_default=None, allow_none=True)


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
