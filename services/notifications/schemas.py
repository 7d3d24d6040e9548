"""What commands and questions of notifications look like on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.notifications.domain.commands import CloseTask, OpenNetwork, ReceiveReceipt, ReceiveReply, SettleText
from shared.schemas import NO_NUL, PHI, CommandSchema, PageQuestion, instant, page_of, sorted_by, words

# With its plus, or a short code: a STOP kept under "12025550123" would never meet the patient's "+12025550123".
_NUMBER = validate.Regexp(r"^(\+[1-9][0-9]{6,14}|[0-9]{3,6})\Z", error="not a phone number in E.164")
# A text's states, as domain/texts.py goes through them.
_STATUSES = ("due", "claimed", "accepted", "delivered", "failed", "refused", "unknown", "skipped")


def _number(**kwargs: Any) -> fields.String:
    return fields.String(required=True, validate=_NUMBER, metadata=PHI, **kwargs)


class OpenNetworkSchema(CommandSchema):
    """`open_network`, question and answer."""

    makes = OpenNetwork
    network_id = fields.UUID(required=True)
    name = words(200, required=True)
    sender_number = fields.String(required=True, validate=_NUMBER)


class ReceiveReplySchema(CommandSchema):
    """`receive_reply`. A body is bounded by what carriers deliver (1,600 characters)."""

    makes = ReceiveReply
    from_number = _number()
    to_number = fields.String(required=True, validate=_NUMBER)
    body = fields.String(required=True, validate=[validate.Length(max=1600), NO_NUL], metadata=PHI)
    message_id = words(120, required=True)


class ReplyAnswer(Schema):
    """What was understood."""

    message_id = fields.String()
    meaning = fields.String()
    opted_out = fields.Boolean()
    duplicate = fields.Boolean()


class ReceiveReceiptSchema(CommandSchema):
    """`receive_receipt`."""

    makes = ReceiveReceipt
    text_id = fields.UUID(required=True)
    sid = words(120, required=True)
    carrier_status = words(40, required=True)
    error_code = fields.String(load_default="", validate=[validate.Length(max=20), NO_NUL])


class ReceiptAnswer(Schema):
    """What the text is now."""

    text_id = fields.UUID()
    status = fields.String()


class SettleTextSchema(CommandSchema):
    """`settle_text`."""

    makes = SettleText
    text_id = fields.UUID(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["sent", "not-sent", "send-again"]))


class CloseTaskSchema(CommandSchema):
    """`close_task`."""

    makes = CloseTask
    task_id = fields.UUID(required=True)


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


class TasksQuestion(PageQuestion):
    """The open tasks of a site."""

    site_id = fields.UUID(required=True)
    sort = sorted_by("opened_at")


class SenderQuestion(Schema):
    """Whose number this is."""

    number = fields.String(required=True, validate=_NUMBER)


class SenderAnswer(Schema):
    """The network's id."""

    network_id = fields.UUID()


class TextAnswer(Schema):
    """A text as its site sees it: no number, no words."""

    text_id = fields.UUID()
    version = fields.Integer()
    appointment_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.UUID()
    kind = fields.String()
    status = fields.String()
    reason = fields.String(allow_none=True)
    start_at = instant()
    due_at = instant()
    changed_at = instant(allow_none=True)


class UnknownTextAnswer(TextAnswer):
    """A text whose fate nobody knows; `number` only where one is asked for."""

    claimed_at = instant(allow_none=True)
    looks = fields.Integer()
    next_look_at = instant(allow_none=True)
    number = fields.String(allow_none=True, metadata=PHI)


UnknownTextsAnswer = page_of(UnknownTextAnswer)


class SandboxTextAnswer(Schema):
    """What the stand-in carrier holds."""

    attempt_id = fields.UUID()
    sid = fields.String()
    from_number = fields.String()
    to_number = fields.String(metadata=PHI)
    body = fields.String(metadata=PHI)
    accepted_at = instant()
    text_id = fields.UUID()
    appointment_id = fields.UUID()
    site_id = fields.UUID()


class TaskAnswer(Schema):
    """What a person has to do."""

    task_id = fields.UUID()
    site_id = fields.UUID(allow_none=True)
    reason = fields.String()
    text_id = fields.UUID(allow_none=True)
    appointment_id = fields.UUID(allow_none=True)
    patient_id = fields.UUID(allow_none=True)
    message_id = fields.String(allow_none=True)
    opened_at = instant()


TextsAnswer = page_of(TextAnswer)


SandboxAnswer = page_of(SandboxTextAnswer)


TasksAnswer = page_of(TaskAnswer)
