"""Calls: patients whom somebody has to telephone."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Text, View, an_instant
from gateway.schemas.pages import Page, sorted_by
from gateway.schemas.tasks import TAKEN_BY, AnyTask

OUTCOMES = ("reached", "left-message", "no-answer", "wrong-number", "rebooked", "declined", "not-needed")
_LONGEST_NOTE = 500


class CallSearch(Page):
    site_id = fields.UUID(required=True)
    state = fields.String(validate=validate.OneOf(["open", "done"]), metadata={"description": "open where left out"})
    sort = sorted_by("due_at")


class RecordOutcome(Body):
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    note = Text(_LONGEST_NOTE, metadata={"description": "your own words; shown with the call and nowhere else"})


class ListedCall(AnyTask):
    why = fields.String(
        metadata={"description": "the reason in words", "example": "The text did not arrive: tell her of this visit"}
    )
    kind = fields.String(allow_none=True, metadata={"description": "what the text was to say, or said"})
    start_at = an_instant()


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
