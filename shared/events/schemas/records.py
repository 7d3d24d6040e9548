"""The wire shapes of records' facts."""

from marshmallow import fields

from shared.events import records
from shared.events.schemas.base import PHI, ConditionSchema, DataSchema, instant, many, text, uuid, whole


class PhoneSchema(DataSchema):
    """A number and its use."""

    makes = records.Phone
    number = text()
    use = text()


class ConsentSchema(DataSchema):
    """A consent for one number, purpose and channel."""

    makes = records.Consent
    number = text()
    purpose = text()
    given = fields.Boolean(required=True)
    at = instant()
    evidence = text()
    channel = fields.String(load_default="text")
    method = fields.String(load_default=None, allow_none=True)
    recorded_by = fields.String(load_default=None, allow_none=True)


class CoverageSchema(DataSchema):
    """Who pays."""

    makes = records.Coverage
    coverage_id = uuid()
    payer_id = text(allow_none=True)
    payer_name = text()
    member_id = text(allow_none=True)


class PatientSchema(ConditionSchema):
    """Every event of a patient."""

    patient_id = uuid()
    given = text(phi=True)
    family = text(phi=True)
    birth_on = fields.Date(required=True, allow_none=True, metadata=PHI)
    phones = many(PhoneSchema, phi=True)
    consents = many(ConsentSchema, phi=True)
    coverages = many(CoverageSchema, phi=True)
    language = fields.String(load_default=None, allow_none=True, metadata=PHI)


class CodingSchema(DataSchema):
    """A code of a system."""

    makes = records.Coding
    system = text()
    code = text()


class ProcedureSchema(DataSchema):
    """What was done."""

    makes = records.Procedure
    system = text()
    code = text()
    units = whole()
    diagnosis_pointers = many(fields.Integer(strict=True))
    amount_cents = fields.Integer(strict=True, load_default=None, allow_none=True)


class EncounterSchema(ConditionSchema):
    """Every `encounter-*` event."""

    encounter_id = uuid()
    appointment_id = uuid()
    arrival_id = uuid()
    patient_id = uuid()
    site_id = uuid()
    practitioner_id = uuid()
    status = text()
    started_at = instant()
    finished_at = instant(allow_none=True)
    diagnoses = many(CodingSchema, phi=True)
    procedures = many(ProcedureSchema, phi=True)
    patient_version = fields.Integer(strict=True, load_default=None, allow_none=True)
