"""Stranded appointments on the wire."""

from marshmallow import Schema, fields

from services.scheduling.schemas.shapes import an_id
from shared.schemas import PageQuestion, instant


class StrandedAnswer(Schema):
    """A booked visit that no longer lies in working time; `resource_ids` is what of it does not work then."""

    appointment_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    patient_id = fields.UUID()
    resource_ids = fields.List(fields.UUID())
    start_at = instant()
    end_at = instant()


class StrandedQuestion(PageQuestion):
    """`stranded_appointments` of a site."""

    site_id = an_id()
