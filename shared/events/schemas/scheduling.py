"""The wire shapes of scheduling's facts."""

from shared.events.schemas.base import ConditionSchema, instant, text, uuid


class AppointmentSchema(ConditionSchema):
    """Every `appointment-*` event."""

    appointment_id = uuid()
    site_id = uuid()
    practitioner_id = uuid()
    appointment_type_id = uuid()
    patient_id = uuid()
    status = text()
    start_at = instant()
    end_at = instant()
    zone = text()
    previous_start_at = instant(allow_none=True)
    booked_at = instant()
    arrival_id = uuid(allow_none=True)
    arrived_at = instant(allow_none=True)
    cancelled_at = instant(allow_none=True)
    cancelled_reason = text(allow_none=True, phi=True)


class SiteSchema(ConditionSchema):
    """`site-changed`."""

    site_id = uuid()
    name = text()
    zone = text()
    phone = text(allow_none=True)


class PractitionerSchema(ConditionSchema):
    """`practitioner-changed`."""

    practitioner_id = uuid()
    given = text()
    family = text()
