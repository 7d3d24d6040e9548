"""Texts, replies from the text gateway, and tasks."""

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.base import Body, Text, View, an_id, an_instant, paged


class TextSearch(Body):
    site_id = fields.UUID()
    appointment_id = fields.UUID()
    cursor = paged()["cursor"]
    limit = paged()["limit"]

    @validates_schema
    def _by_one(self, data: dict[str, object], **_: object) -> None:
        if len(data.keys() & {"site_id", "appointment_id"}) != 1:
            raise ValidationError("Give site_id or appointment_id.")


class TextView(View):
    text_id = an_id()
    appointment_id = an_id()
    patient_id = an_id()
    site_id = an_id()
    kind = fields.String()
    start_at = an_instant()
    status = fields.String()
    reason = fields.String(allow_none=True)
    due_at = an_instant()
    changed_at = an_instant()
    version = fields.Integer()


class SandboxSearch(Body):
    cursor = paged()["cursor"]
    limit = paged()["limit"]


class SandboxText(View):
    """A text as the sandbox's carrier got it. Only simulated installations show it."""

    attempt_id = an_id()
    text_id = an_id()
    appointment_id = an_id()
    site_id = an_id()
    to_number = fields.String()
    from_number = fields.String()
    body = fields.String()
    accepted_at = an_instant()


class Reply(Body):
    from_number = Text(32, required=True)
    to_number = Text(32, required=True)
    body = fields.String(required=True, validate=validate.Length(0, 1600))
    message_id = Text(120, required=True)


class TaskView(View):
    task_id = an_id()
    source = fields.String()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    reason = fields.String()
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    patient_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    text_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    claim_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    encounter_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    opened_at = an_instant()


class SourceView(View):
    source = fields.String()
    state = fields.String(metadata={"description": "ok, or unknown when it could not be asked"})


class Tasks(View):
    items = fields.List(fields.Nested(TaskView))
    sources = fields.List(fields.Nested(SourceView))
