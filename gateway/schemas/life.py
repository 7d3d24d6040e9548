"""What may become of an appointment, and its history."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Instant, Text, View, an_id, an_instant


class ProposeAppointment(Body):
    """A time kept for a known patient, who accepts or declines it."""

    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    start_at = Instant(required=True)


class ConfirmAppointment(Body):
    by = fields.String(
        validate=validate.OneOf(["patient", "staff"]), metadata={"description": "staff where it is left out"}
    )


class WithReason(Body):
    reason = Text(500, required=True)


class Standing(View):
    """Where the appointment stood."""

    status = fields.String()
    stage = fields.String()
    start_at = an_instant()
    site_id = an_id()
    practitioner_id = an_id()
    room_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    delay_minutes = fields.Integer(allow_none=True)


class Change(View):
    """One step, by the word of its address. `before` is null where the appointment was made, or came from a site that
    is not yours."""

    version = fields.Integer()
    step = fields.String()
    changed_at = an_instant()
    actor_kind = fields.String()
    actor_id = fields.String(metadata={"description": "the account's id; a service's name where nobody asked"})
    actor_login = fields.String(allow_none=True)
    on_behalf_of = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    before = fields.Nested(Standing, allow_none=True)
    after = fields.Nested(Standing)


class History(View):
    """Every change, the first one first."""

    appointment_id = an_id()
    complete = fields.Boolean(
        metadata={
            "description": "false where the appointment was made before changes were kept, or at a site not yours"
        }
    )
    changes = fields.List(fields.Nested(Change))
