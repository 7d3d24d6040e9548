"""The wire shapes of scheduling's facts."""

from marshmallow import fields

from shared.events.schemas.base import ConditionSchema, Tuple, added, instant, text, uuid


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
    cancelled_by = added(fields.String)
    cancelled_notice_minutes = added(fields.Integer, strict=True)
    confirmed_at = added(fields.AwareDateTime, format="iso")
    confirmed_by = added(fields.String)
    noshow_at = added(fields.AwareDateTime, format="iso")
    walk_in = fields.Boolean(load_default=False)
    in_room_at = added(fields.AwareDateTime, format="iso")
    done_at = added(fields.AwareDateTime, format="iso")
    room_id = added(fields.UUID)
    delay_minutes = added(fields.Integer, strict=True)
    previous_end_at = added(fields.AwareDateTime, format="iso")
    previous_practitioner_id = added(fields.UUID)
    series_id = added(fields.UUID)
    previous_site_id = added(fields.UUID)


class SiteSchema(ConditionSchema):
    """`site-changed`."""

    site_id = uuid()
    name = text()
    zone = text()
    phone = text(allow_none=True)
    holidays = Tuple(fields.Date(), load_default=())


class PractitionerSchema(ConditionSchema):
    """`practitioner-changed`."""

    practitioner_id = uuid()
    given = text()
    family = text()


class WaitlistOfferSchema(ConditionSchema):
    """Every `waitlist-*` event."""

    offer_id = uuid()
    entry_id = uuid()
    patient_id = uuid()
    site_id = uuid()
    practitioner_id = uuid()
    appointment_type_id = uuid()
    start_at = instant()
    end_at = instant()
    zone = text()
    expires_at = instant()
    status = text()
    is_held = fields.Boolean(required=True)
    appointment_id = uuid(allow_none=True)
    earlier_than = instant(allow_none=True)
    booked_id = uuid(allow_none=True)
