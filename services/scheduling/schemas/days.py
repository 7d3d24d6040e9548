"""The day sheet on the wire."""

from marshmallow import Schema, fields

from services.scheduling.schemas.appointments import AppointmentAnswer
from services.scheduling.schemas.places import SiteAnswer
from services.scheduling.schemas.shapes import an_id
from shared.dumping import DictSchema
from shared.schemas import PHI


class DayQuestion(Schema):
    """`day`; the site's present day where none is named; of one practitioner or one room where one is."""

    site_id = an_id()
    on = fields.Date(load_default=None, allow_none=True)
    practitioner_id = fields.UUID(load_default=None)
    room_id = fields.UUID(load_default=None)


class DayChangesQuestion(Schema):
    """`day_changes`: what changed since the token of an earlier answer."""

    site_id = an_id()
    on = fields.Date(load_default=None, allow_none=True)
    after = fields.Integer(required=True)


class PatientName(DictSchema):
    """Who comes."""

    given = fields.String(metadata=PHI)
    family = fields.String(metadata=PHI)
    birth_on = fields.Date(allow_none=True, metadata=PHI)


class TextState(DictSchema):
    """The last text about the appointment."""

    kind = fields.String()
    status = fields.String()
    reason = fields.String(allow_none=True)


class DayItem(AppointmentAnswer):
    """One line of the day sheet."""

    patient = fields.Nested(PatientName, allow_none=True)
    practitioner_name = fields.String()
    type_name = fields.String()
    room_name = fields.String(allow_none=True)
    state = fields.String()
    waiting_minutes = fields.Integer(allow_none=True)
    text = fields.Nested(TextState, allow_none=True)


class DayAnswer(Schema):
    """The day sheet and the token for `day_changes`."""

    site = fields.Nested(SiteAnswer)
    on = fields.Date()
    today = fields.Date()
    zone = fields.String()
    items = fields.List(fields.Nested(DayItem))
    after = fields.String()


class DayChangesAnswer(Schema):
    """Items that changed, and appointments that are no longer of that day."""

    items = fields.List(fields.Nested(DayItem))
    gone = fields.List(fields.UUID())
    today = fields.Date()
    after = fields.String()
