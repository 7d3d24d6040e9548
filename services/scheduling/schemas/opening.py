"""Opening hours and what deviates from working time on the wire."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.opening import OpeningWeek
from services.scheduling.domain.spans import MINUTES_OF_DAY, Span
from services.scheduling.domain.time_exceptions import CLOSED_KINDS, WORKING_KINDS
from services.scheduling.schemas.hours import WeeklyHoursSchema
from services.scheduling.schemas.shapes import Tuple, WallClock, a_name, an_id
from services.scheduling.schemas.stranded import StrandedAnswer
from shared.schemas import CommandSchema, PageQuestion, instant, sorted_by, version

_SPAN = ("from_on", "until_on", "starts", "ends", "start_at", "end_at")


class OpeningWeekSchema(CommandSchema):
    """A week and the day from which it is in force."""

    makes = OpeningWeek
    from_on = fields.Date(load_default=None, allow_none=True)
    weekly = Tuple(fields.Nested(WeeklyHoursSchema), required=True, validate=validate.Length(max=100))


class SetOpeningHoursSchema(CommandSchema):
    """`set_opening_hours`."""

    makes = commands.SetOpeningHours
    site_id = an_id()
    version = version()
    weeks = Tuple(fields.Nested(OpeningWeekSchema), required=True, validate=validate.Length(max=50))


class OpeningHoursQuestion(Schema):
    """`opening_hours`."""

    site_id = an_id()


class OpeningHoursAnswer(Schema):
    """A site's opening weeks in the order of their days; version 0 where none were ever set."""

    site_id = fields.UUID()
    weeks = fields.List(fields.Nested(OpeningWeekSchema))
    version = fields.Integer()


class ChangedOpeningAnswer(OpeningHoursAnswer):
    """The same after a change."""

    stranded = fields.List(fields.Nested(StrandedAnswer))
    stranded_more = fields.Boolean()


class _SpanSchema(CommandSchema):
    """Local days with wall-clock hours on each, or a range of instants."""

    from_on = fields.Date(load_default=None)
    until_on = fields.Date(load_default=None)
    starts = WallClock(load_default=0)
    ends = WallClock(load_default=MINUTES_OF_DAY)
    start_at = instant(load_default=None)
    end_at = instant(load_default=None)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        span = Span(**{name: loaded.pop(name) for name in _SPAN})
        return type(self).makes(**loaded, span=span)


class AddWorkingExceptionSchema(_SpanSchema):
    """`add_working_exception`."""

    makes = commands.AddWorkingException
    kind = fields.String(required=True, validate=validate.OneOf(WORKING_KINDS))
    practitioner_id = fields.UUID(load_default=None)
    resource_id = fields.UUID(load_default=None)
    site_id = fields.UUID(load_default=None)
    reason = a_name(load_default=None, allow_none=True)


class AddClosureSchema(_SpanSchema):
    """`add_closure`."""

    makes = commands.AddClosure
    site_id = an_id()
    kind = fields.String(load_default="closure", validate=validate.OneOf(CLOSED_KINDS))
    reason = a_name(load_default=None, allow_none=True)


class RemoveExceptionSchema(CommandSchema):
    """`remove_working_exception`."""

    makes = commands.RemoveException
    exception_id = an_id()


class RemoveClosureSchema(RemoveExceptionSchema):
    """`remove_closure`."""

    exception_id = fields.UUID(required=True, data_key="closure_id")


class _DeviationAnswer(Schema):
    """What both have."""

    kind = fields.String()
    reason = fields.String(allow_none=True)
    from_on = fields.Date(attribute="span.from_on", allow_none=True)
    until_on = fields.Date(attribute="span.until_on", allow_none=True)
    starts = WallClock(attribute="span.starts")
    ends = WallClock(attribute="span.ends")
    start_at = instant(attribute="span.start_at", allow_none=True)
    end_at = instant(attribute="span.end_at", allow_none=True)


class ExceptionAnswer(_DeviationAnswer):
    """What deviates from a resource's working time; leave at every site has none."""

    exception_id = fields.UUID()
    site_id = fields.UUID(allow_none=True)
    resource_id = fields.UUID()


class ChangedExceptionAnswer(ExceptionAnswer):
    """The same, and what the change leaves stranded."""

    stranded = fields.List(fields.Nested(StrandedAnswer))
    stranded_more = fields.Boolean()


class ClosureAnswer(_DeviationAnswer):
    """A holiday or a closure of a site."""

    closure_id = fields.UUID(attribute="exception_id")
    site_id = fields.UUID()


class ChangedClosureAnswer(ClosureAnswer):
    """The same, and what the change leaves stranded."""

    stranded = fields.List(fields.Nested(StrandedAnswer))
    stranded_more = fields.Boolean()


class ClosuresQuestion(PageQuestion):
    """`closures` of a site that are not over on a day; today where none is named."""

    site_id = an_id()
    kind = fields.String(load_default=None, validate=validate.OneOf(CLOSED_KINDS))
    from_on = fields.Date(load_default=None)
    sort = sorted_by("begins_on")


class WorkingExceptionsQuestion(PageQuestion):
    """`working_exceptions` at a site that are not over on a day, of one resource where it is named."""

    site_id = an_id()
    resource_id = fields.UUID(load_default=None)
    kind = fields.String(load_default=None, validate=validate.OneOf(WORKING_KINDS))
    from_on = fields.Date(load_default=None)
    sort = sorted_by("begins_on")
