"""What may become of an appointment, and its history, on the wire."""

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.schemas.appointments import BookAppointmentSchema, OneAppointmentSchema
from services.scheduling.schemas.shapes import a_name, an_id
from shared.schemas import PHI, instant


class ProposeAppointmentSchema(BookAppointmentSchema):
    """`propose_appointment`."""


class ConfirmAppointmentSchema(OneAppointmentSchema):
    """`confirm_appointment`."""

    makes = commands.ConfirmAppointment
    by = fields.String(load_default="staff", validate=validate.OneOf(["patient", "staff"]))


class DeclineAppointmentSchema(OneAppointmentSchema):
    """`decline_appointment`."""

    makes = commands.DeclineAppointment
    reason = a_name(500, required=True, metadata=PHI)


class EnterInErrorSchema(OneAppointmentSchema):
    """`enter_in_error`."""

    makes = commands.EnterInError
    reason = a_name(500, required=True, metadata=PHI)


class HistoryQuestion(Schema):
    """`appointment_history`."""

    appointment_id = an_id()


class StandingAnswer(Schema):
    """Where the appointment stood. `stage` tells apart what `status` (FHIR R4) does not."""

    status = fields.String()
    stage = fields.String()
    start_at = instant()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    room_id = fields.UUID(allow_none=True)
    delay_minutes = fields.Integer(allow_none=True)


class ChangeAnswer(Schema):
    """One step: when, who did it, on whose behalf where that was said, and where the appointment stood."""

    version = fields.Integer()
    step = fields.String()
    changed_at = instant()
    actor_kind = fields.String()
    actor_id = fields.String()
    on_behalf_of = fields.String(allow_none=True)
    reason = fields.String(allow_none=True, metadata=PHI)
    before = fields.Nested(StandingAnswer, allow_none=True)
    after = fields.Nested(StandingAnswer)


class HistoryAnswer(Schema):
    """Every change, the first one first. `complete` is false where it began before changes were kept, or at a site
    that is not the asker's: what was done there is left out."""

    appointment_id = fields.UUID()
    complete = fields.Boolean()
    changes = fields.List(fields.Nested(ChangeAnswer))
