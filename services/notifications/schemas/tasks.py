"""Tasks on the wire, and calls, which are tasks too."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.notifications.domain import commands
from services.notifications.domain.calls import LONGEST_NOTE, OUTCOMES
from shared.schemas import PHI, CommandSchema, PageQuestion, instant, page_of, sorted_by, words


class CloseTaskSchema(CommandSchema):
    """`close_task`; a note says more of an outcome."""

    makes = commands.CloseTask
    task_id = fields.UUID(required=True)
    outcome = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(OUTCOMES))
    note = words(LONGEST_NOTE, load_default=None, allow_none=True, metadata=PHI)

    @validates_schema
    def a_note_has_its_outcome(self, loaded: dict[str, Any], **_: Any) -> None:
        if loaded["note"] is not None and loaded["outcome"] is None:
            raise ValidationError("Say the outcome that the note is about.", "outcome")


class TakeTaskSchema(CommandSchema):
    """`take_task`."""

    makes = commands.TakeTask
    task_id = fields.UUID(required=True)


class GiveBackTaskSchema(CommandSchema):
    """`give_back_task`."""

    makes = commands.GiveBackTask
    task_id = fields.UUID(required=True)


class TasksQuestion(PageQuestion):
    """The open tasks of a site."""

    site_id = fields.UUID(required=True)
    sort = sorted_by("opened_at")


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
    due_at = instant(allow_none=True)
    taken_by = fields.String(allow_none=True)
    taken_at = instant(allow_none=True)
    tries = fields.Integer()
    outcome = fields.String(allow_none=True)
    done_at = instant(allow_none=True)


class CallsQuestion(PageQuestion):
    """The calls of a site, `open` or `done`."""

    site_id = fields.UUID(required=True)
    state = fields.String(load_default="open", validate=validate.OneOf(["open", "done"]))
    sort = sorted_by("due_at")


class ListedCallAnswer(TaskAnswer):
    """Whom somebody has to call, and why; `kind` and `start_at` are those of the text that the patient missed or
    answered."""

    due_at = instant(attribute="due_by")
    why = fields.String()
    kind = fields.String(allow_none=True)
    start_at = instant(allow_none=True)


class CallQuestion(Schema):
    """One of them."""

    task_id = fields.UUID(required=True)


class CallNumberAnswer(Schema):
    """A number to call. `wrong`: somebody has said that it is not the patient's."""

    number = fields.String(metadata=PHI)
    use = fields.String(allow_none=True)
    wrong = fields.Boolean()


class OutcomeAnswer(Schema):
    """What came of one try."""

    outcome = fields.String()
    note = fields.String(allow_none=True, metadata=PHI)
    said_at = instant()
    said_by = fields.String()


class CallAnswer(ListedCallAnswer):
    """With the numbers, and what came of it so far."""

    numbers = fields.List(fields.Nested(CallNumberAnswer))
    outcomes = fields.List(fields.Nested(OutcomeAnswer))


CallsAnswer = page_of(ListedCallAnswer)
TasksAnswer = page_of(TaskAnswer)
