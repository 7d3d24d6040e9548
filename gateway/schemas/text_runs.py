"""Runs of many texts."""

from marshmallow import fields

from gateway.schemas.base import View, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by


class TextRunSearch(Page):
    site_id = fields.UUID(required=True)
    sort = sorted_by("begun_at")


class StoppedRun(View):
    run_id = an_id()
    site_id = an_id()
    kind = fields.String()
    begun_at = an_instant()
    stopped_at = an_instant()


class TextRun(View):
    run_id = an_id()
    site_id = an_id()
    kind = fields.String()
    begun_at = an_instant()
    stopped_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    state = fields.String(metadata={"description": "running, done or stopped"})
    total = fields.Integer()
    texts = fields.Dict(
        fields.String(),
        fields.Integer(),
        metadata={"description": "how many of its texts have each status", "example": {"due": 120, "accepted": 380}},
    )
