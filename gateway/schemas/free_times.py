"""The search for free times."""

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from gateway.schemas.base import Body, Day, Number, Text, View, Zip, an_id, an_instant, some_ids
from gateway.schemas.pages import BodyPage

_CLOCK = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z"


class HoursOfDay(Body):
    starts = fields.String(required=True, validate=validate.Regexp(_CLOCK))
    ends = fields.String(required=True, validate=validate.Regexp(_CLOCK))

    @validates_schema
    def _ends_later(self, data: dict[str, str], **_: object) -> None:
        if "starts" in data and "ends" in data and data["starts"] >= data["ends"]:
            raise ValidationError("Must be later than starts.", "ends")


class FreeTimesSearch(BodyPage):
    """What is left out is any."""

    limit = Number(1, 200, metadata={"description": "20 where it is left out"})
    appointment_type_id = fields.UUID(required=True)
    practitioner_ids = some_ids("any of these practitioners", 100)
    site_ids = some_ids("at any of these sites of yours", 100)
    from_on = Day(metadata={"description": "from this day on, each site's own; today where it is left out"})
    days = Number(1, 400, metadata={"description": "for so many days; 90 where it is left out"})
    weekdays = fields.List(
        Number(1, 7), validate=validate.Length(0, 7), metadata={"description": "ISO weekdays, 1 is Monday"}
    )
    hours = fields.List(
        fields.Nested(HoursOfDay),
        validate=validate.Length(0, 10),
        metadata={"description": "parts of the day within which the visit lies, on the site's own clock"},
    )
    language = Text(35, shortest=2, metadata={"description": "one that the practitioner speaks, BCP 47: es"})
    sex = fields.String(validate=validate.OneOf(["male", "female", "other", "unknown"]))
    near_zip = Zip()
    within_miles = Number(1, 5000, metadata={"description": "of near_zip, as the crow flies"})
    sort = fields.String(
        validate=validate.OneOf(["start_at", "distance"]),
        metadata={"description": "start_at where it is left out; distance: the site nearest to near_zip first"},
    )


class FoundTime(View):
    start_at = an_instant()
    end_at = an_instant()
    zone = fields.String()
    site_id = an_id()
    practitioner_id = an_id()
    resource_ids = fields.List(an_id(), metadata={"description": "what else was free for it just now"})
    miles = fields.Float(allow_none=True, metadata={"description": "from near_zip", "example": 3.4})
