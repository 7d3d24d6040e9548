"""The waitlist on the wire."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.waitlist import ENTRY_STATES, MODES, OFFER_STATES, Wish
from services.scheduling.schemas.places import MOST_NOTICE
from services.scheduling.schemas.shapes import ChangeSchema, Tuple, WallClock, an_id
from shared.schemas import CommandSchema, PageQuestion, instant, sorted_by, version

MOST_PLACES = 200
_WISH = tuple(Wish.__dataclass_fields__)


def _ids(**options: Any) -> Tuple:
    return Tuple(fields.UUID(), validate=validate.Length(1, MOST_PLACES), allow_none=True, **options)


def _weekdays(**options: Any) -> Tuple:
    day = fields.Integer(strict=True, validate=validate.Range(1, 7))
    return Tuple(day, validate=validate.Length(1, 7), allow_none=True, **options)


def _priority(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, 100), **options)


def _notice(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, MOST_NOTICE), **options)


class AddWaitlistEntrySchema(CommandSchema):
    """`add_waitlist_entry`. What is left out of the wish is any."""

    makes = commands.AddWaitlistEntry
    patient_id = an_id()
    appointment_type_id = an_id()
    appointment_id = fields.UUID(load_default=None, allow_none=True)
    site_ids = _ids(load_default=None)
    practitioner_ids = _ids(load_default=None)
    weekdays = _weekdays(load_default=None)
    starts = WallClock(load_default=None, allow_none=True)
    ends = WallClock(load_default=None, allow_none=True)
    from_on = fields.Date(load_default=None, allow_none=True)
    until_on = fields.Date(load_default=None, allow_none=True)
    notice_minutes = _notice(load_default=0)
    priority = _priority(load_default=0)
    active_until = instant(load_default=None, allow_none=True)

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        wish = Wish(**{name: loaded.pop(name) for name in _WISH})
        return commands.AddWaitlistEntry(**loaded, wish=wish)


class ChangeWaitlistEntrySchema(ChangeSchema):
    """`change_waitlist_entry`."""

    makes = commands.ChangeWaitlistEntry
    names = "entry_id"
    entry_id = an_id()
    version = version()
    site_ids = _ids()
    practitioner_ids = _ids()
    weekdays = _weekdays()
    starts = WallClock(allow_none=True)
    ends = WallClock(allow_none=True)
    from_on = fields.Date(allow_none=True)
    until_on = fields.Date(allow_none=True)
    notice_minutes = _notice()
    priority = _priority()
    active_until = instant(allow_none=True)


class OneWaitlistEntrySchema(CommandSchema):
    """`withdraw_waitlist_entry`."""

    makes = commands.OneWaitlistEntry
    entry_id = an_id()
    version = version()


class WaitlistEntryAnswer(Schema):
    """Somebody who waits, as far as the asker may see it."""

    entry_id = fields.UUID()
    patient_id = fields.UUID()
    appointment_type_id = fields.UUID()
    appointment_id = fields.UUID(allow_none=True)
    earlier_than = instant(allow_none=True)
    site_ids = fields.List(fields.UUID(), attribute="wish.site_ids", allow_none=True)
    practitioner_ids = fields.List(fields.UUID(), attribute="wish.practitioner_ids", allow_none=True)
    weekdays = fields.List(fields.Integer(), attribute="wish.weekdays", allow_none=True)
    starts = WallClock(attribute="wish.starts", allow_none=True)
    ends = WallClock(attribute="wish.ends", allow_none=True)
    from_on = fields.Date(attribute="wish.from_on", allow_none=True)
    until_on = fields.Date(attribute="wish.until_on", allow_none=True)
    notice_minutes = fields.Integer(attribute="wish.notice_minutes")
    priority = fields.Integer()
    active_until = instant(allow_none=True)
    state = fields.String()
    waiting_since = instant()
    open_offer_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class WaitlistEntryQuestion(Schema):
    """`waitlist_entry`."""

    entry_id = an_id()


class WaitlistQuestion(PageQuestion):
    """`waitlist` in the order of the line: of a site, of a patient, or all of the asker's."""

    site_id = fields.UUID(load_default=None)
    patient_id = fields.UUID(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(ENTRY_STATES))


class OneWaitlistOfferSchema(CommandSchema):
    """`accept_waitlist_offer`, `decline_waitlist_offer`."""

    makes = commands.OneWaitlistOffer
    offer_id = an_id()
    version = version()


class WaitlistOfferAnswer(Schema):
    """An offer."""

    offer_id = fields.UUID()
    entry_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()
    start_at = instant()
    end_at = instant()
    zone = fields.String()
    is_held = fields.Boolean()
    offered_at = instant()
    expires_at = instant()
    state = fields.String()
    closed_at = instant(allow_none=True)
    booked_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class WaitlistOffersQuestion(PageQuestion):
    """`waitlist_offers` of a site, of an entry, or all of the asker's."""

    site_id = fields.UUID(load_default=None)
    entry_id = fields.UUID(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(OFFER_STATES))
    sort = sorted_by("offered_at")


class SetWaitlistPolicySchema(CommandSchema):
    """`set_waitlist_policy`."""

    makes = commands.SetWaitlistPolicy
    appointment_type_id = fields.UUID(load_default=None, allow_none=True)
    mode = fields.String(required=True, validate=validate.OneOf(MODES))
    hold_minutes = fields.Integer(strict=True, load_default=15, validate=validate.Range(1, 7 * 24 * 60))
    group_size = fields.Integer(strict=True, load_default=5, validate=validate.Range(1, 100))
    version = version()


class WaitlistPolicyAnswer(Schema):
    """How freed times are offered; version 0 where nothing was set."""

    mode = fields.String()
    hold_minutes = fields.Integer()
    group_size = fields.Integer()
    version = fields.Integer()


class WaitlistPolicyQuestion(Schema):
    """`waitlist_policy` of a type, or of the network."""

    appointment_type_id = fields.UUID(load_default=None, allow_none=True)
