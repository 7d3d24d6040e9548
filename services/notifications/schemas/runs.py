"""Runs of many texts on the wire."""

from marshmallow import Schema, fields

from services.notifications.domain.commands import StopTextRun
from shared.schemas import CommandSchema, PageQuestion, instant, page_of, sorted_by


class StopTextRunSchema(CommandSchema):
    """`stop_text_run`."""

    makes = StopTextRun
    run_id = fields.UUID(required=True)


class TextRunsQuestion(PageQuestion):
    """The runs of a site."""

    site_id = fields.UUID(required=True)
    sort = sorted_by("begun_at")


class TextRunQuestion(Schema):
    """One of them."""

    run_id = fields.UUID(required=True)


class StoppedRunAnswer(Schema):
    """A run that was stopped."""

    run_id = fields.UUID()
    site_id = fields.UUID()
    kind = fields.String()
    begun_at = instant()
    stopped_at = instant()


class TextRunAnswer(Schema):
    """How far it is: `texts` counts its texts by status, `state` is running, done or stopped."""

    run_id = fields.UUID()
    site_id = fields.UUID()
    kind = fields.String()
    begun_at = instant()
    stopped_at = instant(allow_none=True)
    state = fields.String()
    total = fields.Integer()
    texts = fields.Dict(fields.String(), fields.Integer())


TextRunsAnswer = page_of(TextRunAnswer)
