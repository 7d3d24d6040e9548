"""Calls: patients whom somebody has to telephone."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Text, View, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by
from gateway.schemas.texts import OUTCOME, TAKEN_BY, TRIES

OUTCOMES = ("reached", "left-message", "no-answer", "wrong-number", "rebooked", "declined", "not-needed")
_LONGEST_NOTE = 500


class CallSearch(Page):
    site_id = fields.UUID(required=True)
    state = fields.String(validate=validate.OneOf(["open", "done"]), metadata={"description": "open where left out"})
    sort = sorted_by("due_at")


class RecordOutcome(Body):
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    note = Text(_LONGEST_NOTE, metadata={"description": "your own words; shown with the call and nowhere else"})


class ListedCall(View):
    task_id = an_id()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    reason = fields.String(metadata={"example": "no-consent"})
    why = fields.String(
        metadata={"description": "the reason in words", "example": "The text did not arrive: tell her of this visit"}
    )
    kind = fields.String(allow_none=True, metadata={"description": "what the text was to say, or said"})
    start_at = an_instant()
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    patient_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    text_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    opened_at = an_instant()
    due_at = an_instant()
    taken_by = fields.String(allow_none=True, metadata=TAKEN_BY)
    taken_at = an_instant()
    tries = fields.Integer(metadata=TRIES)
    outcome = fields.String(allow_none=True, metadata=OUTCOME)
    done_at = an_instant()


class CallNumber(View):
    number = fields.String()
    use = fields.String(allow_none=True)
    wrong = fields.Boolean(metadata={"description": "somebody has said that it is not the patient's"})


class CallOutcome(View):
    outcome = fields.String(metadata={"example": "no-answer"})
    note = fields.String(allow_none=True)
    said_at = an_instant()
    said_by = fields.String(metadata=TAKEN_BY)


class OneCall(ListedCall):
    numbers = fields.List(fields.Nested(CallNumber))
    outcomes = fields.List(fields.Nested(CallOutcome), metadata={"description": "the first first"})
