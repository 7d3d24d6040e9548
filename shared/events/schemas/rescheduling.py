"""The wire shape of reschedule lists."""

from shared.events import rescheduling
from shared.events.schemas.base import ConditionSchema, DataSchema, instant, many, text, uuid


class ProposalSchema(DataSchema):
    """One time that is proposed."""

    makes = rescheduling.Proposal
    start_at = instant()
    end_at = instant()
    practitioner_id = uuid()
    site_id = uuid()
    zone = text()


class RescheduleSchema(ConditionSchema):
    """Every `reschedule-*` event."""

    reschedule_id = uuid()
    appointment_id = uuid()
    site_id = uuid()
    patient_id = uuid()
    practitioner_id = uuid()
    appointment_type_id = uuid()
    state = text()
    start_at = instant()
    end_at = instant()
    zone = text()
    proposals = many(ProposalSchema)
    expires_at = instant(allow_none=True)
    listed_at = instant()
