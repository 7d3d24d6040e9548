"""Links to calendars, and what calendars show of patients."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, View, an_id, an_instant


class CalendarLink(View):
    calendar_link_id = an_id()
    practitioner_id = an_id()
    site_ids = fields.List(an_id(), allow_none=True, metadata={"description": "null: every site of the network"})
    made_at = an_instant()
    renewed_at = an_instant()
    revoked_at = an_instant()
    version = fields.Integer()


class CalendarLinks(View):
    """All of a practitioner's: nobody has many."""

    items = fields.List(fields.Nested(CalendarLink))


class NewCalendarLink(CalendarLink):
    """With the secret address, which no later answer shows again."""

    url = fields.String(metadata={"format": "uri", "example": "https://desk.example/v1/calendars/shown-once.ics"})


class SetCalendarSettings(Body):
    patients = fields.String(
        required=True,
        validate=validate.OneOf(["none", "initials", "name"]),
        metadata={"description": "how a patient stands in calendars"},
    )


class CalendarSettings(View):
    patients = fields.String(metadata={"example": "none"})
    version = fields.Integer()
