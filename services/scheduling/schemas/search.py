"""The search for free times on the wire."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.scheduling.domain import commands
from services.scheduling.domain.commands.search import Order
from services.scheduling.domain.places import SEXES
from services.scheduling.schemas.shapes import WallClock, an_id
from shared.cursors import LONGEST, from_cursor
from shared.schemas import PHI, instant

_MOST_IDS = 100
_MOST_DAYS = 400
_WEEK = 7


class HoursOfDay(Schema):
    """A part of the day by the site's wall clock."""

    starts = WallClock(required=True)
    ends = WallClock(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, int], **_: Any) -> None:
        if data["ends"] <= data["starts"]:
            raise ValidationError("must be later than starts", "ends")


def _ids() -> fields.List[UUID]:
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=_MOST_IDS))


class SearchQuestion(Schema):
    """`search_free_times`; what is left out is any."""

    appointment_type_id = an_id()
    practitioner_ids = _ids()
    site_ids = _ids()
    from_on = fields.Date(load_default=None, allow_none=True)
    days = fields.Integer(strict=True, load_default=90, validate=validate.Range(1, _MOST_DAYS))
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, _WEEK)),
        load_default=list,
        validate=validate.Length(max=7),
    )
    hours = fields.List(fields.Nested(HoursOfDay), load_default=list, validate=validate.Length(max=10))
    language = fields.String(load_default=None, allow_none=True, validate=validate.Length(2, 35))
    sex = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(SEXES))
    near_zip = fields.String(load_default=None, allow_none=True, validate=validate.Length(5, 5), metadata=PHI)
    within_miles = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 5000))
    order = fields.String(data_key="sort", load_default="start_at", validate=validate.OneOf(get_args(Order)))
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, 200))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST))

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        start, practitioner, site = from_cursor(loaded.pop("cursor"), 3)
        after = None
        if start and practitioner and site:
            after = datetime.fromisoformat(start), UUID(practitioner), UUID(site)
        hours = tuple((each["starts"], each["ends"]) for each in loaded.pop("hours"))
        for name in ("practitioner_ids", "site_ids", "weekdays"):
            loaded[name] = tuple(loaded[name])
        return commands.SearchFreeTimes(**loaded, hours=hours, after=after)


class FoundTimeAnswer(Schema):
    """A time that can be offered, with what else is free for it."""

    start_at = instant()
    end_at = instant()
    zone = fields.String()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    resource_ids = fields.List(fields.UUID())
    miles = fields.Float(allow_none=True)
