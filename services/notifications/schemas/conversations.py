"""Conversations on the wire."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, validate

from services.notifications.domain import commands
from services.notifications.domain.quick_replies import LONGEST_NAME
from services.notifications.domain.templates import LONGEST_BODY
from services.notifications.schemas.shapes import patients_number
from shared.schemas import PHI, CommandSchema, PageQuestion, instant, page_of, sorted_by, version, words


class OpenConversationSchema(CommandSchema):
    """`open_conversation`."""

    makes = commands.OpenConversation
    site_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    number = patients_number(required=False, load_default=None, allow_none=True)


class TakeConversationSchema(CommandSchema):
    """`take_conversation`; `site_id` null: what no site can be told for."""

    makes: Callable[..., Any] = commands.TakeConversation
    conversation_id = fields.UUID(required=True)
    site_id = fields.UUID(load_default=None, allow_none=True)


class GiveBackConversationSchema(TakeConversationSchema):
    """`give_back_conversation`."""

    makes = commands.GiveBackConversation


class MarkReadSchema(TakeConversationSchema):
    """`mark_read`."""

    makes = commands.MarkRead
    heard = fields.Integer(required=True, strict=True, validate=validate.Range(0))


class WriteTextSchema(CommandSchema):
    """`write_text`, and the question `text_preview`."""

    makes = commands.WriteText
    conversation_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    body = words(LONGEST_BODY, required=True, metadata=PHI)


class TextPreviewAnswer(Schema):
    """How long it would be, and why it may not be sent."""

    encoding = fields.String(attribute="length.encoding")
    segments = fields.Integer(attribute="length.segments")
    units = fields.Integer(attribute="length.units")
    why_not = fields.String(allow_none=True)


class FreeTextAnswer(Schema):
    """What became of what was written: the words stand in the conversation, and not in the answer that is kept."""

    free_text_id = fields.UUID()
    conversation_id = fields.UUID()
    site_id = fields.UUID()
    patient_id = fields.UUID()
    encoding = fields.String(attribute="length.encoding")
    segments = fields.Integer(attribute="length.segments")
    written_by = fields.String()
    written_at = instant()
    due_at = instant()
    status = fields.String()
    reason = fields.String(allow_none=True)


class ConversationAnswer(Schema):
    """A site's part in one."""

    conversation_id = fields.UUID()
    site_id = fields.UUID(allow_none=True)
    last_at = instant()
    heard = fields.Integer()
    unread = fields.Integer()
    taken_by = fields.String(allow_none=True)
    taken_at = instant(allow_none=True)


class ListedConversationAnswer(ConversationAnswer):
    """With the ids of its patients who have visits there."""

    patient_ids = fields.List(fields.UUID())


class ConversationsQuestion(PageQuestion):
    """Those of a site; null: those that no site can be told for."""

    site_id = fields.UUID(load_default=None, allow_none=True)
    state = fields.String(load_default="all", validate=validate.OneOf(["all", "unread"]))
    sort = sorted_by("last_at")


class ConversationQuestion(Schema):
    """One of them."""

    conversation_id = fields.UUID(required=True)


class SpokenWithAnswer(Schema):
    """A patient of the number, and why somebody's words may not go to her there."""

    patient_id = fields.UUID()
    given = fields.String(allow_none=True, metadata=PHI)
    why_not = fields.String(allow_none=True)


class OfferedReplyAnswer(Schema):
    """What may be sent quickly."""

    quick_reply_id = fields.UUID()
    name = fields.String()
    body = fields.String()
    encoding = fields.String()
    segments = fields.Integer()


class OneConversationAnswer(Schema):
    """A thread as the asker's sites see it."""

    conversation_id = fields.UUID()
    number = fields.String(metadata=PHI)
    opted_out = fields.Boolean()
    sites = fields.List(fields.Nested(ConversationAnswer))
    patients = fields.List(fields.Nested(SpokenWithAnswer))
    quick_replies = fields.List(fields.Nested(OfferedReplyAnswer))


class SaidQuestion(PageQuestion):
    """What was said in one."""

    conversation_id = fields.UUID(required=True)
    sort = sorted_by("at")


class SaidAnswer(Schema):
    """A reply, a text, an answer of ours to a reply, or what somebody wrote; words only of what people said."""

    id = fields.String()
    kind = fields.String()
    at = instant()
    site_id = fields.UUID(allow_none=True)
    body = fields.String(allow_none=True, metadata=PHI)
    says = fields.String(allow_none=True)
    status = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    written_by = fields.String(allow_none=True)
    patient_id = fields.UUID(allow_none=True)
    appointment_id = fields.UUID(allow_none=True)
    text_id = fields.UUID(allow_none=True)


class AddQuickReplySchema(CommandSchema):
    """`add_quick_reply`."""

    makes: Callable[..., Any] = commands.AddQuickReply
    name = words(LONGEST_NAME, required=True)
    body = words(LONGEST_BODY, required=True)


class SaveQuickReplySchema(AddQuickReplySchema):
    """`save_quick_reply`."""

    makes = commands.SaveQuickReply
    quick_reply_id = fields.UUID(required=True)
    version = version()


class RemoveQuickReplySchema(CommandSchema):
    """`remove_quick_reply`."""

    makes = commands.RemoveQuickReply
    quick_reply_id = fields.UUID(required=True)


class QuickReplyAnswer(Schema):
    """A quick reply as it was saved last."""

    quick_reply_id = fields.UUID()
    name = fields.String()
    body = fields.String()
    encoding = fields.String()
    segments = fields.Integer()
    created_at = instant()
    saved_at = instant()
    saved_by = fields.String()
    version = fields.Integer()


class QuickRepliesQuestion(PageQuestion):
    """A page of them."""

    sort = sorted_by("created_at")


ConversationsAnswer = page_of(ListedConversationAnswer)
SaidPageAnswer = page_of(SaidAnswer)
QuickRepliesAnswer = page_of(QuickReplyAnswer)
