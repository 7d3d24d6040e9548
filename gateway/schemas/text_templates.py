"""Templates of texts, and how texts are worded."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Language, Number, View, Words, YesNo, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by

OCCASIONS = (
    "booked",
    "rescheduled",
    "cancelled",
    "reminder",
    "reminder-of-several",
    "missed",
    "reschedule-proposal",
    "reschedule-call",
    "reschedule-withdrawn",
    "waitlist-offer",
    "waitlist-lost",
)
_LONGEST_BODY = 1000
_MOST_SEGMENTS = 10
_BODY = {
    "description": "names in double braces: network_name, site_name, date, time (for reminder-of-several: times), and,"
    " each within a condition that asks for it, site_phone and first_name; a sentence on how to opt out"
}


class AddTextTemplate(Body):
    site_id = fields.UUID(metadata={"description": "left out: for all sites"})
    occasion = fields.String(required=True, validate=validate.OneOf(OCCASIONS))
    language = Language(required=True)
    body = Words(_LONGEST_BODY, required=True, metadata=_BODY)


class SaveTextTemplate(Body):
    body = Words(_LONGEST_BODY, required=True, metadata=_BODY)


class ActivateTextTemplate(Body):
    template_version = Number(1, metadata={"description": "the last one saved where it is left out"})


class TextTemplateSearch(Page):
    site_id = fields.UUID()
    occasion = fields.String(validate=validate.OneOf(OCCASIONS))
    language = Language()
    sort = sorted_by("created_at")


class VersionSearch(Page):
    sort = sorted_by("template_version")


class TextTemplate(View):
    template_id = an_id()
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    occasion = fields.String()
    purpose = fields.String(metadata={"description": "the purpose of consent: care, reminders, billing, outreach"})
    language = fields.String()
    body = fields.String(metadata={"description": "what was saved last"})
    saved = fields.Integer(metadata={"description": "how many versions there are"})
    in_force = fields.Integer(allow_none=True, metadata={"description": "the version that is sent; null: none"})
    saved_at = an_instant()
    saved_by = fields.String()
    created_at = an_instant()
    version = fields.Integer()


class TextTemplateVersion(View):
    template_version = fields.Integer()
    body = fields.String()
    encoding = fields.String()
    segments = fields.Integer()
    in_force = fields.Boolean()
    saved_at = an_instant()
    saved_by = fields.String()


class Sample(View):
    text = fields.String()
    given = fields.List(fields.String(), metadata={"description": "the optional names that had a value"})
    encoding = fields.String(metadata={"description": "GSM-7 or UCS-2"})
    segments = fields.Integer()
    units = fields.Integer(metadata={"description": "septets of GSM-7, or 16-bit units of UCS-2"})


class Preview(View):
    samples = fields.List(fields.Nested(Sample), metadata={"description": "the longest first"})
    most_segments = fields.Integer(metadata={"description": "what the network allows"})


class SetTextingPolicy(Body):
    default_language = Language(required=True)
    most_segments = Number(1, _MOST_SEGMENTS, required=True)
    first_names = YesNo(required=True)


class TextingPolicy(View):
    default_language = fields.String()
    most_segments = fields.Integer()
    first_names = fields.Boolean()
    version = fields.Integer()
