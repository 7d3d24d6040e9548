"""Patients, their consents and coverages."""

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.base import (
    IF_MATCH,
    BatchItem,
    Body,
    Day,
    Language,
    Number,
    Phone,
    Text,
    View,
    YesNo,
    a_day,
    an_id,
    an_instant,
)
from gateway.schemas.pages import BodyPage, Page, sorted_by

_LANGUAGE = "the one to be spoken to in (BCP 47): texts are in it where there are words in it"


class NewCoverage(Body):
    payer_name = Text(200, required=True)
    payer_id = Text(80, allow_none=True)
    member_id = Text(80, allow_none=True)


class NewPatient(Body):
    given = Text(200, required=True)
    family = Text(200, required=True)
    birth_on = Day(allow_none=True)
    language = Language(_LANGUAGE, allow_none=True)
    phone = Phone(allow_none=True)
    texting_consent = YesNo(
        metadata={"description": "to texts about visits (`reminders`); true only with a phone: it is that number's"}
    )
    care_texting_consent = YesNo(
        metadata={"description": "the same to texts about `care`: offers of the waitlist, what your people write"}
    )
    coverage = fields.Nested(NewCoverage, allow_none=True)

    @validates_schema
    def _consent_has_a_number(self, data: dict[str, object], **_: object) -> None:
        asked = data.get("texting_consent") or data.get("care_texting_consent")
        if asked and not data.get("phone"):
            raise ValidationError("Give the number that the texts may go to.", "phone")


class RegisterPatient(NewPatient):
    site_id = fields.UUID(required=True)


class RegisterItem(BatchItem, RegisterPatient):
    pass


class NewPhone(Body):
    number = Phone(required=True)
    use = fields.String(load_default="mobile", validate=validate.OneOf(["mobile", "home", "work", "temp", "old"]))


class ChangePatient(Body):
    given = Text(200)
    family = Text(200)
    birth_on = Day()
    language = Language(f"{_LANGUAGE}; null: none any more", allow_none=True)
    phones = fields.List(fields.Nested(NewPhone), validate=validate.Length(0, 10))


class RecordConsent(Body):
    number = Phone(required=True)
    purpose = fields.String(
        load_default="reminders", validate=validate.OneOf(["care", "reminders", "billing", "outreach"])
    )
    channel = fields.String(load_default="text", validate=validate.OneOf(["text", "call"]))
    method = fields.String(
        validate=validate.OneOf(["verbal", "written", "online", "reply"]),
        metadata={"description": "how it was given or withdrawn"},
    )
    given = YesNo(required=True)
    evidence = Text(200, required=True, metadata={"description": "how it was given: form, word, reply"})


class ReportWrongNumber(Body):
    number = Phone(required=True)
    wrong = YesNo(required=True)
    evidence = Text(200, required=True, metadata={"description": "how it is known: who answered, what came back"})


class SetCoverages(Body):
    coverages = fields.List(fields.Nested(NewCoverage), required=True, validate=validate.Length(0, 10))


class CoveragesItem(BatchItem, SetCoverages):
    patient_id = fields.UUID(required=True)
    version = Number(1, metadata=IF_MATCH)


class OpenPatient(Body):
    """Two identifiers that match open a patient of another site; the try is audited."""

    site_id = fields.UUID(required=True)
    birth_on = Day()
    phone = Phone()
    member_id = Text(80)
    family = Text()

    at_least = (2, ("birth_on", "phone", "member_id", "family"))


class PatientList(Page):
    family = Text(200, shortest=2, metadata={"description": "how the family name begins, in any case and accents"})
    birth_on = Day()
    phone = Phone()
    site_id = fields.UUID()
    sort = sorted_by("family")

    at_least = (1, ("family", "birth_on", "phone"))


class PatientSearch(BodyPage):
    family = Text(200, shortest=2, metadata={"description": "how the family name begins, in any case and accents"})
    birth_on = Day()
    phone = Phone()
    site_id = fields.UUID()
    sort = sorted_by("family")

    at_least = (1, ("family", "birth_on", "phone"))


class CallerQuestion(Body):
    phone = Phone(required=True)


class PhoneView(View):
    number = fields.String()
    use = fields.String()


class ConsentView(View):
    number = fields.String()
    purpose = fields.String()
    given = fields.Boolean()
    at = an_instant()
    evidence = fields.String(allow_none=True)
    channel = fields.String()
    method = fields.String(allow_none=True)
    recorded_by = fields.String(allow_none=True)


class CoverageView(View):
    coverage_id = an_id()
    payer_id = fields.String(allow_none=True)
    payer_name = fields.String()
    member_id = fields.String(allow_none=True)


class Patient(View):
    patient_id = an_id()
    version = fields.Integer()
    given = fields.String()
    family = fields.String()
    birth_on = a_day()
    language = fields.String(allow_none=True, metadata={"description": _LANGUAGE, "example": "es"})
    phones = fields.List(fields.Nested(PhoneView))
    consents = fields.List(fields.Nested(ConsentView))
    coverages = fields.List(fields.Nested(CoverageView))
    site_ids = fields.List(an_id())


class WrongNumber(View):
    patient_id = an_id()
    number = fields.String()
    wrong = fields.Boolean()
    evidence = fields.String()
    reported_at = an_instant()
    reported_by = fields.String()


class TextedNumber(View):
    number = fields.String()
    use = fields.String()
    kind = fields.String(metadata={"description": "mobile, fixed-line, fixed-line-or-mobile, ..., invalid"})
    consented = fields.Boolean(
        allow_none=True, metadata={"description": "to reminders, as `texted` and `why_not`; null: nobody was asked"}
    )
    purposes = fields.List(fields.String(), metadata={"description": "what texts there are agreed to"})
    shared_with = fields.Integer(metadata={"description": "how many other patients have the number"})
    wrong = fields.Boolean()
    wrong_since = an_instant()
    failure = fields.String(
        allow_none=True,
        metadata={
            "description": "why no text reaches it, by a carrier's word: number-invalid, number-not-for-texts",
            "example": "number-not-for-texts",
        },
    )
    failed_at = an_instant()
    opted_out = fields.Boolean()
    opted_out_at = an_instant()
    texted = fields.Boolean(metadata={"description": "texts go to this one"})
    why_not = fields.String(allow_none=True, metadata={"description": "what speaks against texting it"})


class Texting(View):
    patient_id = an_id()
    numbers = fields.List(fields.Nested(TextedNumber))
