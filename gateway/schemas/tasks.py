"""What people have to do; calls are some of it."""

from marshmallow import fields, validate

from gateway.schemas.base import View, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by

TASK_SOURCES = ("billing", "notifications")
TAKEN_BY = {"description": "the account whose it is; null: nobody's", "format": "uuid"}
_TRIES = {"description": "how often nobody answered"}
_OUTCOME = {"description": "what came of it last; null: nothing yet, or it ended by itself", "example": "no-answer"}


class TaskSearch(Page):
    site_id = fields.UUID(required=True)
    source = fields.String(validate=validate.OneOf(TASK_SOURCES))
    sort = sorted_by("opened_at")


class AnyTask(View):
    """What every task has, whoever does it and however."""

    task_id = an_id()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    reason = fields.String(metadata={"example": "no-consent"})
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    patient_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    text_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    opened_at = an_instant()
    due_at = an_instant()
    taken_by = fields.String(allow_none=True, metadata=TAKEN_BY)
    taken_at = an_instant()
    tries = fields.Integer(metadata=_TRIES)
    outcome = fields.String(allow_none=True, metadata=_OUTCOME)
    done_at = an_instant()


class TaskView(AnyTask):
    source = fields.String()
    claim_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    encounter_id = fields.String(allow_none=True, metadata={"format": "uuid"})


class SourceView(View):
    source = fields.String()
    state = fields.String(metadata={"description": "ok, or unknown when it could not be asked"})


class Tasks(View):
    items = fields.List(fields.Nested(TaskView))
    next = fields.String(allow_none=True)
    sources = fields.List(fields.Nested(SourceView))
