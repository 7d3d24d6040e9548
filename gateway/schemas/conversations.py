"""Conversations with patients, and short texts that are sent often."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Number, Phone, Text, View, Words, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by
from gateway.schemas.tasks import TAKEN_BY

_LONGEST_BODY = 1000
_LONGEST_NAME = 60
_NO_SITE = {"description": "left out: what no site can be told for; only for who sees all sites"}
_WHY_NOT = {
    "description": "why no words may go there: no-consent, opted-out, wrong-number, quiet-hours ...; null: they may"
}
_ENCODING = {"description": "GSM-7 or UCS-2", "example": "GSM-7"}
_WORDS = {"description": "what they said; null for what has no words of its own"}


class ConversationSearch(Page):
    site_id = fields.UUID(metadata=_NO_SITE)
    state = fields.String(validate=validate.OneOf(["all", "unread"]), metadata={"description": "all where left out"})
    sort = sorted_by("last_at")


class SaidSearch(Page):
    sort = sorted_by("at")


class QuickReplySearch(Page):
    sort = sorted_by("created_at")


class OpenConversation(Body):
    site_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    number = Phone()


class OfASite(Body):
    site_id = fields.UUID(metadata=_NO_SITE)


class ReadConversation(OfASite):
    heard = Number(0, required=True, metadata={"description": "as the conversation said: what came since stays unread"})


class WriteText(Body):
    site_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    body = Words(_LONGEST_BODY, may_be_blank=False, required=True, metadata={"description": "your own words"})


class Conversation(View):
    conversation_id = an_id()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    last_at = an_instant()
    heard = fields.Integer(metadata={"description": "how many replies there are"})
    unread = fields.Integer()
    taken_by = fields.String(allow_none=True, metadata=TAKEN_BY)
    taken_at = an_instant()


class ListedConversation(Conversation):
    patient_ids = fields.List(an_id(), metadata={"description": "patients of the number with visits at the site"})


class SpokenWith(View):
    patient_id = an_id()
    given = fields.String(allow_none=True)
    why_not = fields.String(allow_none=True, metadata=_WHY_NOT)


class OfferedReply(View):
    quick_reply_id = an_id()
    name = fields.String()
    body = fields.String()
    encoding = fields.String(metadata=_ENCODING)
    segments = fields.Integer()


class OneConversation(View):
    conversation_id = an_id()
    number = fields.String()
    opted_out = fields.Boolean()
    sites = fields.List(fields.Nested(Conversation), metadata={"description": "what each of your sites has of it"})
    patients = fields.List(fields.Nested(SpokenWith), metadata={"description": "whom your sites know"})
    quick_replies = fields.List(fields.Nested(OfferedReply))


class Said(View):
    id = fields.String()
    kind = fields.String(
        metadata={"description": "reply, text, answer (of ours to a reply), free-text", "example": "reply"}
    )
    at = an_instant()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    body = fields.String(allow_none=True, metadata=_WORDS)
    says = fields.String(
        allow_none=True,
        metadata={"description": "what a reply means, or what a text or an answer is about", "example": "confirm"},
    )
    status = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    written_by = fields.String(allow_none=True, metadata={"description": "an account's id"})
    patient_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    text_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "the text that it answers"})


class TextPreview(View):
    encoding = fields.String(metadata=_ENCODING)
    segments = fields.Integer()
    units = fields.Integer(metadata={"description": "septets of GSM-7, or 16-bit units of UCS-2"})
    why_not = fields.String(allow_none=True, metadata=_WHY_NOT)


class FreeText(View):
    free_text_id = an_id()
    conversation_id = an_id()
    site_id = an_id()
    patient_id = an_id()
    encoding = fields.String(metadata=_ENCODING)
    segments = fields.Integer()
    written_by = fields.String(metadata={"description": "an account's id"})
    written_at = an_instant()
    due_at = an_instant()
    status = fields.String()
    reason = fields.String(allow_none=True)


class SaveQuickReply(Body):
    name = Text(_LONGEST_NAME, required=True)
    body = Words(_LONGEST_BODY, may_be_blank=False, required=True)


class QuickReply(OfferedReply):
    created_at = an_instant()
    saved_at = an_instant()
    saved_by = fields.String()
    version = fields.Integer()
