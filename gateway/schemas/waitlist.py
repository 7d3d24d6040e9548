"""The waitlist: who waits, what was offered, and how."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.base import Body, Day, Instant, Number, View, a_day, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by

_ENTRY_STATES = ("waiting", "booked", "withdrawn", "expired")
_OFFER_STATES = ("offered", "accepted", "declined", "expired", "lost")
_MODES = ("one-by-one", "first-come")
_STARTS = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_ENDS = validate.Regexp(r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z")
_EARLIER = {"description": "a visit of the patient: only what is earlier is offered, and to accept moves it"}
_SITES = {"description": "any of these; any of your sites where it is left out", "example": None}
_ANY = {"description": "any where it is left out", "example": None}
_PRIORITY = {"description": "who has more is asked first, then who has waited longer"}
_NOTICE = {"description": "how long before the start the patient has to know"}
_UNTIL = {"description": "from then on nothing is offered"}


def _ids(**said: object) -> fields.List[Any]:
    return fields.List(fields.UUID(), validate=validate.Length(1, 200), allow_none=True, metadata=said)


class _Wish(Body):
    site_ids = _ids(**_SITES)
    practitioner_ids = _ids(**_ANY)
    weekdays = fields.List(
        Number(1, 7), validate=validate.Length(1, 7), allow_none=True, metadata={"description": "ISO, 1 is Monday"}
    )
    starts = fields.String(validate=_STARTS, allow_none=True, metadata={"description": "by the site's clock"})
    ends = fields.String(validate=_ENDS, allow_none=True)
    from_on = Day(allow_none=True)
    until_on = Day(allow_none=True)
    notice_minutes = Number(0, 366 * 24 * 60, metadata=_NOTICE)
    priority = Number(0, 100, metadata=_PRIORITY)
    active_until = Instant(allow_none=True, metadata=_UNTIL)


class AddWaitlistEntry(_Wish):
    patient_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    appointment_id = fields.UUID(metadata=_EARLIER)


class ChangeWaitlistEntry(_Wish):
    pass


class WaitlistList(Page):
    site_id = fields.UUID()
    patient_id = fields.UUID()
    state = fields.String(validate=validate.OneOf(_ENTRY_STATES))


class WaitlistEntry(View):
    entry_id = an_id()
    patient_id = an_id()
    appointment_type_id = an_id()
    appointment_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    earlier_than = an_instant()
    site_ids = fields.List(an_id(), allow_none=True)
    practitioner_ids = fields.List(an_id(), allow_none=True)
    weekdays = fields.List(fields.Integer(), allow_none=True)
    starts = fields.String(allow_none=True)
    ends = fields.String(allow_none=True)
    from_on = a_day()
    until_on = a_day()
    notice_minutes = fields.Integer()
    priority = fields.Integer()
    active_until = an_instant()
    state = fields.String(metadata={"description": ", ".join(_ENTRY_STATES), "example": "waiting"})
    waiting_since = an_instant()
    open_offer_id = fields.String(
        allow_none=True, metadata={"format": "uuid", "description": "the offer that is not answered yet"}
    )
    version = fields.Integer()


class WaitlistOfferList(Page):
    site_id = fields.UUID()
    entry_id = fields.UUID()
    state = fields.String(validate=validate.OneOf(_OFFER_STATES))
    sort = sorted_by("offered_at")


class WaitlistOffer(View):
    offer_id = an_id()
    entry_id = an_id()
    patient_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    start_at = an_instant()
    end_at = an_instant()
    zone = fields.String()
    is_held = fields.Boolean(
        metadata={"description": "kept for this patient until it expires; otherwise the first to accept has it"}
    )
    offered_at = an_instant()
    expires_at = an_instant()
    state = fields.String(metadata={"description": ", ".join(_OFFER_STATES), "example": "offered"})
    closed_at = an_instant()
    booked_id = fields.String(
        allow_none=True, metadata={"format": "uuid", "description": "the appointment that came of it"}
    )
    version = fields.Integer()


class SetWaitlistPolicy(Body):
    appointment_type_id = fields.UUID(metadata={"description": "of this type alone; of the network where left out"})
    mode = fields.String(required=True, validate=validate.OneOf(_MODES))
    hold_minutes = Number(1, 7 * 24 * 60, metadata={"description": "how long an offer may be answered; 15"})
    group_size = Number(1, 100, metadata={"description": "first-come: how many are asked at once; 5"})


class WaitlistPolicyQuestion(Body):
    appointment_type_id = fields.UUID()


class WaitlistPolicy(View):
    mode = fields.String(metadata={"example": "one-by-one"})
    hold_minutes = fields.Integer(metadata={"example": 15})
    group_size = fields.Integer(metadata={"example": 5})
    version = fields.Integer()
