"""Texts, and replies from the text gateway."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Text, View, Words, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by
from gateway.schemas.text_templates import OCCASIONS

# E.164, or a short code; carriers write no other.
NUMBER = validate.Regexp(r"^(\+[1-9][0-9]{6,14}|[0-9]{3,6})\Z", error="Not a phone number in E.164.")

TEXT_STATUSES = ("due", "claimed", "accepted", "delivered", "failed", "refused", "unknown", "skipped")
ASKED = "the waitlist's offer, or the place on a reschedule list, that it asks about; null: it asks nothing"


class TextSearch(Page):
    site_id = fields.UUID()
    appointment_id = fields.UUID()
    status = fields.String(validate=validate.OneOf(TEXT_STATUSES))
    sort = sorted_by("due_at")

    exactly_one_of = ("site_id", "appointment_id")


class TextView(View):
    text_id = an_id()
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "null: about no visit"})
    asked_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": ASKED})
    patient_id = an_id()
    site_id = an_id()
    kind = fields.String()
    lead = fields.String(
        allow_none=True, metadata={"description": "of a reminder: how long before the visit (P2D, PT2H), or after-miss"}
    )
    start_at = an_instant()
    status = fields.String()
    reason = fields.String(allow_none=True)
    due_at = an_instant()
    changed_at = an_instant()
    template_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "null: in our own words"})
    template_version = fields.Integer(allow_none=True)
    language = fields.String(allow_none=True)
    version = fields.Integer()


class SettleText(Body):
    outcome = fields.String(required=True, validate=validate.OneOf(["sent", "not-sent", "send-again"]))


class SandboxSearch(Page):
    sort = sorted_by("accepted_at")


_SAID_BACK = "opted-out, opted-in, help, ask, received"
_KINDS = f"{', '.join(OCCASIONS)}; said back to a reply: {_SAID_BACK}; written by a person: free-text"


class SandboxText(View):
    """A text as the sandbox's carrier got it. Only simulated installations show it."""

    attempt_id = an_id()
    kind = fields.String(metadata={"description": _KINDS})
    text_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "null: said back to a reply"})
    response_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "null: about a visit"})
    free_text_id = fields.String(
        allow_none=True, metadata={"format": "uuid", "description": "null: not in a person's own words"}
    )
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    site_id = fields.String(
        allow_none=True, metadata={"format": "uuid", "description": "null: no site has texted the number"}
    )
    asked_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": ASKED})
    to_number = fields.String()
    from_number = fields.String()
    body = fields.String()
    accepted_at = an_instant()


class Reply(Body):
    from_number = fields.String(required=True, validate=NUMBER)
    to_number = fields.String(required=True, validate=NUMBER)
    body = Words(1600, required=True)
    message_id = Text(120, required=True)
