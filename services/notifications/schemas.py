"""What commands and questions of notifications look like on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.notifications.domain.commands import OpenNetwork, ReceiveReply

# With its plus, or a short code: a STOP kept under "12025550123" would never meet the patient's "+12025550123".
_NUMBER = validate.Regexp(r"^(\+[1-9][0-9]{6,14}|[0-9]{3,6})\Z", error="not a phone number in E.164")
_NO_NUL = validate.ContainsNoneOf("\x00")


def _number(**kwargs: Any) -> fields.String:
    return fields.String(required=True, validate=_NUMBER, metadata={"phi": True}, **kwargs)


def _instant(**kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(format="iso", **kwargs)


class OpenNetworkSchema(Schema):
    """`open_network`, question and answer."""

    network_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=[validate.Length(1, 200), _NO_NUL])
    sender_number = fields.String(required=True, validate=_NUMBER)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> OpenNetwork:
        return OpenNetwork(**loaded)


class ReceiveReplySchema(Schema):
    """`receive_reply`. A body is bounded by what carriers deliver (1,600 characters)."""

    from_number = _number()
    to_number = fields.String(required=True, validate=_NUMBER)
    body = fields.String(required=True, validate=[validate.Length(max=1600), _NO_NUL], metadata={"phi": True})
    message_id = fields.String(required=True, validate=[validate.Length(1, 120), _NO_NUL])

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> ReceiveReply:
        return ReceiveReply(**loaded)


class ReplyAnswer(Schema):
    """What was understood."""

    message_id = fields.String()
    meaning = fields.String()
    opted_out = fields.Boolean()
    duplicate = fields.Boolean()


class _Page(Schema):
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 500))


class TextsQuestion(_Page):
    """Of a site or of an appointment, not of both."""

    site_id = fields.UUID()
    appointment_id = fields.UUID()

    @validates_schema
    def one_of_the_two(self, loaded: dict[str, Any], **_: Any) -> None:
        if ("site_id" in loaded) == ("appointment_id" in loaded):
            raise ValidationError("exactly one of site_id and appointment_id", "site_id")


class SandboxQuestion(_Page):
    """A page of the sandbox."""


class TasksQuestion(_Page):
    """The open tasks of a site."""

    site_id = fields.UUID(required=True)


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
    start_at = _instant()
    due_at = _instant()
    changed_at = _instant(allow_none=True)


class SandboxTextAnswer(Schema):
    """What the stand-in carrier holds."""

    attempt_id = fields.UUID()
    sid = fields.String()
    from_number = fields.String()
    to_number = fields.String(metadata={"phi": True})
    body = fields.String(metadata={"phi": True})
    accepted_at = _instant()
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
    opened_at = _instant()


class TextsAnswer(Schema):
    """A page of texts."""

    items = fields.List(fields.Nested(TextAnswer))
    next = fields.String(allow_none=True)


class SandboxAnswer(Schema):
    """A page of the sandbox."""

    items = fields.List(fields.Nested(SandboxTextAnswer))
    next = fields.String(allow_none=True)


class TasksAnswer(Schema):
    """A page of tasks."""

    items = fields.List(fields.Nested(TaskAnswer))
    next = fields.String(allow_none=True)
