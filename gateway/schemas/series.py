"""Series: visits that are agreed together."""

from marshmallow import fields, validate

from gateway.schemas.appointments import Appointment, FreeTime
from gateway.schemas.base import Body, Day, Instant, Text, View, a_day, an_id, an_instant
from gateway.schemas.sites import NeedView

MAX_DATES = 104
_RULE = {
    "description": "RFC 5545: the days of the series, that of start_at among them; ends by COUNT or UNTIL",
    "example": "FREQ=WEEKLY;COUNT=24",
}
_REACH = {"description": "that appointment, it and those after it, or all of the series"}


class DateChoice(Body):
    on = Day(required=True, metadata={"description": "a day of the series"})
    instead_at = Instant(
        required=True, allow_none=True, metadata={"description": "another time for it; null leaves it out"}
    )


class CheckSeries(Body):
    """The first visit at start_at, all others at the same time by the site's clock."""

    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    start_at = Instant(required=True)
    rrule = Text(500, metadata=_RULE)
    dates = fields.List(Day(), validate=validate.Length(1, MAX_DATES))
    choices = fields.List(fields.Nested(DateChoice), validate=validate.Length(0, MAX_DATES))

    exactly_one_of = ("rrule", "dates")


class BookSeries(CheckSeries):
    patient_id = fields.UUID(required=True)


class AppointmentChoice(Body):
    appointment_id = fields.UUID(required=True)
    instead_at = Instant(
        required=True, allow_none=True, metadata={"description": "another time for it; null leaves it as it is"}
    )


class CancelSeries(Body):
    appointment_id = fields.UUID(required=True)
    reach = fields.String(required=True, validate=validate.OneOf(["one", "following", "all"]), metadata=_REACH)
    reason = Text(500, required=True)
    by = fields.String(
        validate=validate.OneOf(["patient", "practitioner", "clinic", "other"]),
        metadata={"description": "who wished it; left out where nobody said"},
    )


class CheckSeriesChange(Body):
    appointment_id = fields.UUID(required=True)
    reach = fields.String(required=True, validate=validate.OneOf(["one", "following", "all"]), metadata=_REACH)
    start_at = Instant(metadata={"description": "where that appointment is to go; left out: all are to be cancelled"})
    practitioner_id = fields.UUID()
    choices = fields.List(fields.Nested(AppointmentChoice), validate=validate.Length(0, MAX_DATES))


class ChangeSeries(CheckSeriesChange):
    """The others within reach move by as many days, and to the same time by the site's clock."""

    start_at = Instant(required=True)


class SeriesDate(View):
    on = a_day()
    outcome = fields.String(metadata={"description": "free, clash, left-out or stays", "example": "free"})
    start_at = an_instant()
    end_at = an_instant()
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    reason = fields.String(allow_none=True, metadata={"description": "why it clashes or stays", "example": None})
    needs = fields.List(
        fields.Nested(NeedView), metadata={"description": "what cannot be had then beside the practitioner"}
    )
    next_free_times = fields.List(fields.Nested(FreeTime))


class CheckedSeries(View):
    """Every date that was asked about, none left out."""

    dates = fields.List(fields.Nested(SeriesDate))


class Series(View):
    """Each appointment has a status of its own."""

    series_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    patient_id = an_id()
    rrule = fields.String(allow_none=True, metadata={"example": "FREQ=WEEKLY;COUNT=24"})
    version = fields.Integer()
    appointments = fields.List(fields.Nested(Appointment))


class ChangedSeries(Series):
    """`appointments`: those that were made or changed; `dates`: every date that it was about."""

    dates = fields.List(fields.Nested(SeriesDate))
