"""Working hours, opening hours and what deviates from them: when times can be found."""

from typing import ClassVar

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from gateway.schemas.base import Body, Day, Instant, Number, Text, View, a_day, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by

_FROM_ON = {"description": "in force from this day on; what is in force before stays. All days where it is left out"}
_RRULE = {
    "description": "an RFC 5545 rule of days, FREQ=WEEKLY;BYDAY=MO,WE or FREQ=MONTHLY;BYDAY=1MO. It is counted from "
    "`from_on`, which only a plain week may do without; times of day stand beside it",
    "example": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
}


def _time(pattern: str, **more: object) -> fields.String:
    return fields.String(validate=validate.Regexp(pattern), **more)  # type: ignore[arg-type]


def _starts(**more: object) -> fields.String:
    return _time(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", **more)


def _ends(**more: object) -> fields.String:
    return _time(r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z", **more)


class _Stretch(Body):
    """[starts, ends) by the site's wall clock."""

    starts = _starts(required=True)
    ends = _ends(required=True)

    @validates_schema
    def _ends_later(self, data: dict[str, str], **_: object) -> None:
        if "starts" in data and "ends" in data and data["starts"] >= data["ends"]:
            raise ValidationError("Must be later than starts.", "ends")


class WeeklyHours(_Stretch):
    weekday = Number(1, 7, required=True, metadata={"description": "ISO weekday, 1 is Monday"})


class Pattern(_Stretch):
    rrule = Text(500, required=True, metadata={**_RRULE, "format": "rrule"})
    from_on = Day(allow_none=True)
    until_on = Day(allow_none=True)


class Stay(Body):
    from_on = Day(allow_none=True)
    until_on = Day(allow_none=True)


class SetWorkingHours(Body):
    practitioner_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    lanes = Number(1, 100, load_default=1, metadata={"description": "visits that may run side by side"})
    weekly = fields.List(fields.Nested(WeeklyHours), validate=validate.Length(0, 100))
    patterns = fields.List(fields.Nested(Pattern), validate=validate.Length(0, 100))
    from_on = Day(metadata=_FROM_ON)

    at_least: ClassVar[tuple[int, tuple[str, ...]]] = (1, ("weekly", "patterns"))


class SetStays(Body):
    stays = fields.List(fields.Nested(Stay), required=True, validate=validate.Length(0, 100))


class OpeningWeek(Body):
    from_on = Day(allow_none=True, metadata={"description": "in force from this day until the next week is"})
    weekly = fields.List(
        fields.Nested(WeeklyHours),
        required=True,
        validate=validate.Length(0, 100),
        metadata={"description": "an empty week cuts nothing: the site is open whenever somebody works"},
    )


class SetOpeningHours(Body):
    weeks = fields.List(fields.Nested(OpeningWeek), required=True, validate=validate.Length(0, 50))


class _Span(Body):
    """Local days, and hours on each; or a range of instants."""

    from_on = Day(metadata={"description": "the first local day; or give start_at and end_at"})
    until_on = Day(metadata={"description": "the last day; from_on where it is left out"})
    starts = _starts(metadata={"description": "on each of the days; 00:00 where it is left out"})
    ends = _ends(metadata={"description": "on each of the days; 24:00 where it is left out"})
    start_at = Instant()
    end_at = Instant()
    reason = Text(200, allow_none=True, metadata={"description": "why, or the holiday's name; nothing of patients"})

    exactly_one_of = ("from_on", "start_at")


class AddWorkingException(_Span):
    practitioner_id = fields.UUID(required=True)
    site_id = fields.UUID(metadata={"description": "leave without one is at every site"})
    kind = fields.String(required=True, validate=validate.OneOf(("extra", "leave", "blocked")))


class BlockResource(_Span):
    pass


class AddClosure(_Span):
    site_id = fields.UUID(required=True)
    kind = fields.String(validate=validate.OneOf(("holiday", "closure")))


class WorkingHoursQuestion(Body):
    practitioner_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    on = Day(metadata={"description": "the day whose plain week is `weekly`; the site's present one where left out"})


class WorkingExceptionList(Page):
    site_id = fields.UUID(required=True)
    resource_id = fields.UUID(metadata={"description": "whose: of a practitioner, a room or a device"})
    kind = fields.String(validate=validate.OneOf(("extra", "leave", "blocked")))
    from_on = Day(metadata={"description": "not over before this day; the present one where left out"})
    sort = sorted_by("begins_on")


class ClosureList(Page):
    site_id = fields.UUID(required=True)
    kind = fields.String(validate=validate.OneOf(("holiday", "closure")))
    from_on = Day(metadata={"description": "not over before this day; the present one where left out"})
    sort = sorted_by("begins_on")


class StrandedList(Page):
    site_id = fields.UUID(required=True)


class StrandedAppointment(View):
    appointment_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    patient_id = an_id()
    resource_ids = fields.List(an_id(), metadata={"description": "what of it does not work then"})
    start_at = an_instant()
    end_at = an_instant()


class _Strands(View):
    """What a change leaves stranded."""

    stranded = fields.List(
        fields.Nested(StrandedAppointment),
        metadata={"description": "booked appointments that no longer lie in working time, at sites that are yours"},
    )
    stranded_more = fields.Boolean(metadata={"description": "GET /v1/stranded-appointments has all", "example": False})


class WeeklyHoursView(View):
    weekday = fields.Integer()
    starts = fields.String()
    ends = fields.String()


class PatternView(View):
    rrule = fields.String(metadata={"example": _RRULE["example"]})
    from_on = a_day()
    until_on = a_day()
    starts = fields.String()
    ends = fields.String()


class StayView(View):
    from_on = a_day()
    until_on = a_day()


class WorkingHours(View):
    practitioner_id = an_id()
    site_id = an_id()
    lanes = fields.Integer()
    weekly = fields.List(fields.Nested(WeeklyHoursView))
    patterns = fields.List(fields.Nested(PatternView))
    stays = fields.List(fields.Nested(StayView))
    version = fields.Integer()


class ChangedWorkingHours(WorkingHours, _Strands):
    pass


class OpeningWeekView(View):
    from_on = a_day()
    weekly = fields.List(fields.Nested(WeeklyHoursView))


class OpeningHours(View):
    site_id = an_id()
    weeks = fields.List(fields.Nested(OpeningWeekView))
    version = fields.Integer()


class ChangedOpeningHours(OpeningHours, _Strands):
    pass


class _Deviation(View):
    reason = fields.String(allow_none=True)
    from_on = a_day()
    until_on = a_day()
    starts = fields.String()
    ends = fields.String()
    start_at = an_instant()
    end_at = an_instant()


class WorkingException(_Deviation):
    exception_id = an_id()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    resource_id = an_id()
    kind = fields.String(metadata={"example": "leave"})


class ChangedWorkingException(WorkingException, _Strands):
    pass


class Closure(_Deviation):
    closure_id = an_id()
    site_id = an_id()
    kind = fields.String(metadata={"example": "holiday"})


class ChangedClosure(Closure, _Strands):
    pass
