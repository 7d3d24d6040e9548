"""Calendar links and calendars on the wire."""

from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, validate

from services.scheduling.domain import commands
from services.scheduling.domain.calendars import Shown
from services.scheduling.schemas.shapes import an_id
from shared.schemas import PHI, CommandSchema, instant, version

_BYTES_OF_A_HASH = 32


class SecretHash(fields.Field[bytes]):
    """A secret's SHA-256 in hex: the secret itself stays with whoever made it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            found = bytes.fromhex(value) if isinstance(value, str) else b""
        except ValueError:
            found = b""
        if len(found) != _BYTES_OF_A_HASH:
            raise ValidationError("must be a SHA-256 in hex")
        return found


class MakeCalendarLinkSchema(CommandSchema):
    """`make_calendar_link`."""

    makes = commands.MakeCalendarLink
    practitioner_id = an_id()
    secret_hash = SecretHash(required=True)


class RevokeCalendarLinkSchema(CommandSchema):
    """`revoke_calendar_link`."""

    makes = commands.RevokeCalendarLink
    calendar_link_id = an_id()
    version = version()


class RenewCalendarLinkSchema(CommandSchema):
    """`renew_calendar_link`."""

    makes = commands.RenewCalendarLink
    calendar_link_id = an_id()
    version = version()
    secret_hash = SecretHash(required=True)


class CalendarLinkAnswer(Schema):
    """A link, without its secret."""

    calendar_link_id = fields.UUID()
    practitioner_id = fields.UUID()
    site_ids = fields.List(fields.UUID(), allow_none=True)
    made_at = instant()
    renewed_at = instant(allow_none=True)
    revoked_at = instant(allow_none=True)
    version = fields.Integer()


class CalendarLinksQuestion(Schema):
    """`calendar_links` of a practitioner."""

    practitioner_id = an_id()


class CalendarLinksAnswer(Schema):
    """All of them: nobody has many."""

    items = fields.List(fields.Nested(CalendarLinkAnswer))


class SetCalendarSettingsSchema(CommandSchema):
    """`set_calendar_settings`."""

    makes = commands.SetCalendarSettings
    patients = fields.String(required=True, validate=validate.OneOf(get_args(Shown)))
    version = version()


class CalendarSettingsQuestion(Schema):
    """`calendar_settings` of the network."""


class CalendarSettingsAnswer(Schema):
    """How patients stand in calendars; version 0 where it was never set."""

    patients = fields.String()
    version = fields.Integer()


class CalendarQuestion(Schema):
    """`calendar` of a secret."""

    secret_hash = SecretHash(required=True)


class CalendarItem(Schema):
    """One appointment in a calendar; `patient` as far as the network shows it."""

    appointment_id = fields.UUID()
    version = fields.Integer()
    status = fields.String()
    start_at = instant()
    end_at = instant()
    zone = fields.String()
    booked_at = instant()
    changed_at = instant()
    site_name = fields.String()
    type_name = fields.String()
    patient = fields.String(allow_none=True, metadata=PHI)


class CalendarAnswer(Schema):
    """A practitioner's calendar."""

    practitioner_name = fields.String()
    items = fields.List(fields.Nested(CalendarItem))
