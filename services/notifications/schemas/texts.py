"""Texts on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.schemas import PHI, PageQuestion, instant, page_of, sorted_by

# A text's states, as domain/texts.py goes through them.
_STATUSES = ("due", "claimed", "accepted", "delivered", "failed", "refused", "unknown", "skipped")


class TextsQuestion(PageQuestion):
    """Of a site or of an appointment, not of both."""

    site_id = fields.UUID()
    appointment_id = fields.UUID()
    status = fields.String(load_default=None, validate=validate.OneOf(_STATUSES))
    sort = sorted_by("due_at")

    @validates_schema
    def one_of_the_two(self, loaded: dict[str, Any], **_: Any) -> None:
        if ("site_id" in loaded) == ("appointment_id" in loaded):
            raise ValidationError("exactly one of site_id and appointment_id", "site_id")


class UnknownTextsQuestion(PageQuestion):
    """A page of texts whose fate nobody knows."""

    sort = sorted_by("due_at")


class UnknownTextQuestion(Schema):
    """One of them."""

    text_id = fields.UUID(required=True)


class SandboxQuestion(PageQuestion):
    """A page of the sandbox."""

    sort = sorted_by("accepted_at")


class TextAnswer(Schema):
    """A text as its site sees it: no number, no words."""

    text_id = fields.UUID()
    version = fields.Integer()
    appointment_id = fields.UUID(allow_none=True)
    asked_id = fields.UUID(allow_none=True)
    patient_id = fields.UUID()
    site_id = fields.UUID()
    kind = fields.String()
    lead = fields.String(allow_none=True)
    status = fields.String()
    reason = fields.String(allow_none=True)
    start_at = instant()
    due_at = instant()
    changed_at = instant(allow_none=True)
    template_id = fields.UUID(allow_none=True)
    template_version = fields.Integer(allow_none=True)
    language = fields.String(allow_none=True)


class UnknownTextAnswer(TextAnswer):
    """A text whose fate nobody knows; `number` only where one is asked for."""

    claimed_at = instant(allow_none=True)
    looks = fields.Integer()
    next_look_at = instant(allow_none=True)
    number = fields.String(allow_none=True, metadata=PHI)


class SandboxTextAnswer(Schema):
    """What the stand-in carrier holds."""

    attempt_id = fields.UUID()
    sid = fields.String()
    from_number = fields.String()
    to_number = fields.String(metadata=PHI)
    body = fields.String(metadata=PHI)
    accepted_at = instant()
    kind = fields.String()
    text_id = fields.UUID(allow_none=True)
    response_id = fields.UUID(allow_none=True)
    free_text_id = fields.UUID(allow_none=True)
    appointment_id = fields.UUID(allow_none=True)
    asked_id = fields.UUID(allow_none=True)
    site_id = fields.UUID(allow_none=True)


TextsAnswer = page_of(TextAnswer)
UnknownTextsAnswer = page_of(UnknownTextAnswer)
SandboxAnswer = page_of(SandboxTextAnswer)
