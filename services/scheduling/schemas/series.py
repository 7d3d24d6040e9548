"""Series on the wire."""

from typing import Any, get_args

from marshmallow import Schema, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.series import MAX_DATES, Reach
from services.scheduling.schemas.appointments import AppointmentAnswer
from services.scheduling.schemas.hours import TimeAnswer
from services.scheduling.schemas.places import NeedSchema
from services.scheduling.schemas.shapes import a_name, an_id
from shared.schemas import PHI, CommandSchema, instant, version


class DateChoiceSchema(CommandSchema):
    """What is to become of one day."""

    makes = commands.DateChoice
    on = fields.Date(required=True)
    instead_at = instant(required=True, allow_none=True)


class CheckSeriesSchema(CommandSchema):
    """`check_series`: by a rule, or on the days of a list."""

    makes: Any = commands.CheckSeries
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    start_at = instant(required=True)
    rrule = a_name(500, load_default=None, allow_none=True)
    dates = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=MAX_DATES))
    choices = fields.List(fields.Nested(DateChoiceSchema), load_default=list, validate=validate.Length(max=MAX_DATES))

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        lists = {name: tuple(loaded.pop(name)) for name in ("dates", "choices")}
        return type(self).makes(**loaded, **lists)


class BookSeriesSchema(CheckSeriesSchema):
    """`book_series`."""

    makes = commands.BookSeries
    patient_id = an_id()


class AppointmentChoiceSchema(CommandSchema):
    """What is to become of one appointment."""

    makes = commands.AppointmentChoice
    appointment_id = an_id()
    instead_at = instant(required=True, allow_none=True)


class _OfSeries(CommandSchema):
    """An appointment of a series, and how far a change of it reaches."""

    makes: Any
    series_id = an_id()
    appointment_id = an_id()
    reach = fields.String(required=True, validate=validate.OneOf(get_args(Reach)))


class _Moves(_OfSeries):
    practitioner_id = fields.UUID(load_default=None, allow_none=True)
    choices = fields.List(
        fields.Nested(AppointmentChoiceSchema), load_default=list, validate=validate.Length(max=MAX_DATES)
    )


class ChangeSeriesSchema(_Moves):
    """`change_series`."""

    makes = commands.ChangeSeries
    start_at = instant(required=True)
    version = version()

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        return commands.ChangeSeries(**{**loaded, "choices": tuple(loaded["choices"])})


class CheckSeriesChangeQuestion(_Moves):
    """`check_series_change`: a move, or where no start is named a cancellation."""

    start_at = instant(load_default=None, allow_none=True)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        if loaded["start_at"] is None:
            named = {name: loaded[name] for name in ("series_id", "appointment_id", "reach")}
            return commands.CancelSeries(**named, reason="")
        return commands.ChangeSeries(**{**loaded, "choices": tuple(loaded["choices"])})


class CancelSeriesSchema(_OfSeries):
    """`cancel_series`."""

    makes = commands.CancelSeries
    reason = a_name(500, required=True, metadata=PHI)
    by = fields.String(load_default=None, validate=validate.OneOf(["patient", "practitioner", "clinic", "other"]))
    version = version()


class SeriesQuestion(Schema):
    """`series`."""

    series_id = an_id()


class SeriesDateAnswer(Schema):
    """One date, as domain/series_dates.py says."""

    on = fields.Date()
    outcome = fields.String()
    start_at = instant(allow_none=True)
    end_at = instant(allow_none=True)
    appointment_id = fields.UUID(allow_none=True)
    reason = fields.String(allow_none=True)
    needs = fields.List(fields.Nested(NeedSchema), attribute="lacking")
    next_free_times = fields.List(fields.Nested(TimeAnswer), attribute="proposals")


class CheckedSeriesAnswer(Schema):
    """Every date of what was asked for, none left out."""

    dates = fields.List(fields.Nested(SeriesDateAnswer))


class SeriesAnswer(Schema):
    """A series with its appointments, each with a status of its own."""

    series_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()
    patient_id = fields.UUID()
    rrule = fields.String(allow_none=True)
    version = fields.Integer()
    appointments = fields.List(fields.Nested(AppointmentAnswer))


class ChangedSeriesAnswer(SeriesAnswer):
    """The same with every date that the command was about."""

    dates = fields.List(fields.Nested(SeriesDateAnswer))
