"""Patients' numbers on the wire."""

from marshmallow import Schema, fields

from services.notifications.domain import commands
from services.notifications.schemas.shapes import patients_number
from shared.schemas import PHI, CommandSchema, instant, words


class ReportWrongNumberSchema(CommandSchema):
    """`report_wrong_number`."""

    makes = commands.ReportWrongNumber
    patient_id = fields.UUID(required=True)
    number = patients_number()
    wrong = fields.Boolean(required=True)
    evidence = words(200, required=True, metadata=PHI)


class WrongNumberAnswer(Schema):
    """What is said of the number now."""

    patient_id = fields.UUID()
    number = fields.String(metadata=PHI)
    wrong = fields.Boolean()
    evidence = fields.String(metadata=PHI)
    reported_at = instant()
    reported_by = fields.String()


class TextingQuestion(Schema):
    """`texting` of a patient."""

    patient_id = fields.UUID(required=True)


class TextedNumberAnswer(Schema):
    """One number, and what speaks against texting it."""

    number = fields.String(metadata=PHI)
    use = fields.String()
    kind = fields.String()
    consented = fields.Boolean(allow_none=True)
    purposes = fields.List(fields.String())
    shared_with = fields.Integer()
    wrong = fields.Boolean()
    wrong_since = instant(allow_none=True)
    failure = fields.String(allow_none=True)
    failed_at = instant(allow_none=True)
    opted_out = fields.Boolean()
    opted_out_at = instant(allow_none=True)
    texted = fields.Boolean()
    why_not = fields.String(allow_none=True)


class TextingAnswer(Schema):
    """All of them, in the patient's own order."""

    patient_id = fields.UUID()
    numbers = fields.List(fields.Nested(TextedNumberAnswer))
