"""What commands and questions of records look like on the wire. Patient data is marked, so that logs redact it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.records.domain import commands
from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import CHANNELS, METHODS, PURPOSES
from shared.events.records import Coding, Phone, Procedure
from shared.language_field import a_language
from shared.phones import NoPhoneNumber, e164
from shared.schemas import PHI, CommandSchema, PageQuestion, page_of, sorted_by, version, words

MAX_AMOUNT_CENTS = 10**10
_USES = ("mobile", "home", "work", "temp", "old")  # FHIR R4 contact-point-use


class PhoneNumber(fields.String):
    """A number as people write it; loads as E.164. The error says what to do, never what was typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        try:
            return e164(super()._deserialize(value, attr, data, **kwargs))
        except NoPhoneNumber as error:
            raise ValidationError(str(error)) from None


def _number(**options: Any) -> PhoneNumber:
    return PhoneNumber(validate=validate.Length(max=16), metadata=PHI, **options)


def _words(longest: int, **options: Any) -> fields.String:
    return words(longest, _not_blank, **options)


def _not_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("Give at least one letter or digit.")


def _name(**options: Any) -> fields.String:
    return _words(200, metadata=PHI, **options)


class OpenNetworkSchema(CommandSchema):
    """`open_network`, command and answer."""

    makes = commands.OpenNetwork
    network_id = fields.UUID(required=True)
    name = _words(200, required=True)


class CoverageSchema(CommandSchema):
    """Who pays."""

    makes = commands.NewCoverage
    coverage_id = fields.UUID(load_default=None, allow_none=True)
    payer_id = _words(80, load_default=None, allow_none=True)
    payer_name = _words(200, required=True)
    member_id = _words(80, load_default=None, allow_none=True, metadata=PHI)


class RegisterPatientSchema(CommandSchema):
    """`register_patient`: a name is enough."""

    makes = commands.RegisterPatient
    site_id = fields.UUID(required=True)
    given = _name(required=True)
    family = _name(required=True)
    birth_on = fields.Date(load_default=None, allow_none=True, metadata=PHI)
    language = a_language(load_default=None, allow_none=True, metadata=PHI)
    phone = _number(load_default=None, allow_none=True)
    texting_consent = fields.Boolean(load_default=None, allow_none=True)
    care_texting_consent = fields.Boolean(load_default=None, allow_none=True)
    coverage = fields.Nested(CoverageSchema, load_default=None, allow_none=True)


class PhoneSchema(CommandSchema):
    """A number and its use."""

    makes = Phone
    number = _number(required=True)
    use = fields.String(load_default="mobile", validate=validate.OneOf(_USES))


class ChangePatientSchema(Schema):
    """`change_patient`: what is left out stays; a `language` of null is none any more."""

    patient_id = fields.UUID(required=True)
    version = version(allow_none=True)
    given = _name()
    family = _name()
    birth_on = fields.Date(metadata=PHI)
    language = a_language(allow_none=True, metadata=PHI)
    phones = fields.List(fields.Nested(PhoneSchema), metadata=PHI, validate=validate.Length(max=20))

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> commands.ChangePatient:
        if "phones" in loaded:
            loaded["phones"] = tuple(loaded["phones"])
        return commands.ChangePatient(**loaded)


class RecordConsentSchema(CommandSchema):
    """`record_consent`."""

    makes = commands.RecordConsent
    patient_id = fields.UUID(required=True)
    number = _number(required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    channel = fields.String(load_default="text", validate=validate.OneOf(CHANNELS))
    method = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(METHODS))
    given = fields.Boolean(required=True)
    evidence = _words(1000, required=True, metadata=PHI)
    version = version(allow_none=True)


class SetCoveragesSchema(Schema):
    """`set_coverages`: the whole list, the first is billed first."""

    patient_id = fields.UUID(required=True)
    coverages = fields.List(
        fields.Nested(CoverageSchema), metadata=PHI, required=True, validate=validate.Length(max=10)
    )
    version = version(allow_none=True)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> commands.SetCoverages:
        return commands.SetCoverages(**{**loaded, "coverages": tuple(loaded["coverages"])})


class OpenPatientSchema(Schema):
    """`open_patient`: a site and two identifiers or more."""

    site_id = fields.UUID(required=True)
    birth_on = fields.Date(metadata=PHI)
    phone = _number()
    member_id = _words(80, metadata=PHI)
    family = _name()

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> commands.OpenPatient:
        site_id = loaded.pop("site_id")
        return commands.OpenPatient(site_id=site_id, identifiers=Identifiers(**loaded))


class CodingSchema(CommandSchema):
    """A code and its system (a URI of FHIR's)."""

    makes = Coding
    system = _words(200, required=True)
    code = _words(40, required=True)


class ProcedureSchema(CodingSchema):
    """What was done, how often, and for which diagnoses (1-based places in the list)."""

    units = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 9999))
    diagnosis_pointers = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=1)), load_default=list, validate=validate.Length(max=12)
    )
    amount_cents = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, MAX_AMOUNT_CENTS)
    )

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Procedure:
        return Procedure(**{**loaded, "diagnosis_pointers": tuple(loaded["diagnosis_pointers"])})


class FinishEncounterSchema(Schema):
    """`finish_encounter`."""

    encounter_id = fields.UUID(required=True)
    diagnoses = fields.List(fields.Nested(CodingSchema), required=True, validate=validate.Length(max=50), metadata=PHI)
    procedures = fields.List(
        fields.Nested(ProcedureSchema), metadata=PHI, required=True, validate=validate.Length(max=50)
    )
    version = version(allow_none=True)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> commands.FinishEncounter:
        lists = {name: tuple(loaded[name]) for name in ("diagnoses", "procedures")}
        return commands.FinishEncounter(**{**loaded, **lists})


class PatientQuestion(Schema):
    """`patient`."""

    patient_id = fields.UUID(required=True)


class PatientSeenAnswer(Schema):
    """`patient_seen`: the one who was asked for; nothing else of them."""

    patient_id = fields.UUID()


class PatientsSeenQuestion(Schema):
    """`patients_seen`: which of these the asker may see."""

    patient_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 200))


class PatientsSeenAnswer(Schema):
    """Those of them that she may."""

    patient_ids = fields.List(fields.UUID())


class PatientsQuestion(PageQuestion):
    """`patients`: by the beginning of the family name, by birth date, by a number, at a site; or all."""

    site_id = fields.UUID(load_default=None, allow_none=True)
    family = _name(load_default=None, allow_none=True)
    birth_on = fields.Date(load_default=None, allow_none=True, metadata=PHI)
    number = _number(load_default=None, allow_none=True)
    sort = sorted_by("family")


class EncounterQuestion(Schema):
    """`encounter`."""

    encounter_id = fields.UUID(required=True)


class EncountersQuestion(PageQuestion):
    """`encounters`: a site's, of one status or all; paged."""

    site_id = fields.UUID(required=True)
    status = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=32))
    sort = sorted_by("started_at")


class ConsentAnswer(Schema):
    """A consent, how it is known and since when."""

    number = fields.String(metadata=PHI)
    purpose = fields.String()
    given = fields.Boolean()
    at = fields.AwareDateTime(format="iso")
    evidence = fields.String(metadata=PHI)
    channel = fields.String()
    method = fields.String(allow_none=True)
    recorded_by = fields.String(allow_none=True)


class PatientAnswer(Schema):
    """A patient; `site_ids` are those of the asker's sites that see them."""

    patient_id = fields.UUID()
    version = fields.Integer()
    given = fields.String(metadata=PHI)
    family = fields.String(metadata=PHI)
    birth_on = fields.Date(metadata=PHI)
    language = fields.String(allow_none=True, metadata=PHI)
    phones = fields.List(fields.Nested(PhoneSchema), metadata=PHI)
    consents = fields.List(fields.Nested(ConsentAnswer), metadata=PHI)
    coverages = fields.List(fields.Nested(CoverageSchema), metadata=PHI)
    site_ids = fields.List(fields.UUID())


PatientsAnswer = page_of(PatientAnswer)


class EncounterAnswer(Schema):
    """An encounter."""

    encounter_id = fields.UUID()
    version = fields.Integer()
    appointment_id = fields.UUID()
    arrival_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    status = fields.String()
    started_at = fields.AwareDateTime(format="iso")
    finished_at = fields.AwareDateTime(format="iso")
    diagnoses = fields.List(fields.Nested(CodingSchema), metadata=PHI)
    procedures = fields.List(fields.Nested(ProcedureSchema), metadata=PHI)


EncountersAnswer = page_of(EncounterAnswer)
