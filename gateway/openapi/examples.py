"""Examples of answers, walked from their schemas: the same thing has the same value in every answer."""

from typing import Any

from marshmallow import Schema, fields

_ID = "0193a1f0-0000-7000-8000-0000000000{:02d}"
_IDS = (
    "network_id",
    "site_id",
    "practitioner_id",
    "appointment_type_id",
    "patient_id",
    "appointment_id",
    "arrival_id",
    "encounter_id",
    "claim_id",
    "charge_id",
    "text_id",
    "task_id",
    "coverage_id",
    "account_id",
    "session_id",
    "attempt_id",
    "entry_id",
    "offer_id",
    "resource_id",
    "exception_id",
    "closure_id",
    "calendar_link_id",
    "series_id",
    "hold_id",
    "conversation_id",
    "free_text_id",
    "quick_reply_id",
)

# By the field's name. A name that is not here gets the value of its kind.
_BY_NAME: dict[str, Any] = {
    **{name: _ID.format(place) for place, name in enumerate(_IDS, 1)},
    "given": "Maria",
    "family": "Lindqvist",
    "prefix": "Dr.",
    "practitioner_name": "Dr. Ada Okafor",
    "birth_on": "1984-05-17",
    "number": "+12025550123",
    "phone": "+12025550150",
    "to_number": "+12025550123",
    "from_number": "+12025550150",
    "use": "mobile",
    "purpose": "reminders",
    "evidence": "asked at the desk",
    "payer_name": "Blue Harbor",
    "payer_id": "BH001",
    "member_id": "XK-4471",
    "name": "Riverside",
    "type_name": "Follow-up",
    "zone": "America/New_York",
    "system": "http://www.ama-assn.org/go/cpt",
    "code": "99213",
    "currency": "USD",
    "amount_cents": 12800,
    "total_cents": 12800,
    "minutes": 20,
    "weekday": 1,
    "starts": "09:00",
    "ends": "17:00",
    "lanes": 1,
    "kind": "booked",
    "state": "ok",
    "source": "notifications",
    "role": "secretary",
    "login": "reception",
    "token_type": "Bearer",
    "expires_in": 300,
    "access_token": "eyJhbGciOi...",
    "refresh_token": "shown once",
    "body": "Your visit is on Tue Nov 24 at 10:00 AM.",
    "responsible": "coverage",
    "type": "claim-created",
    "version": 1,
}
_BY_SCHEMA: dict[tuple[str, str], Any] = {
    ("Appointment", "status"): "booked",
    ("DayItem", "status"): "booked",
    **{
        (schema, name): value
        for schema in ("Appointment", "DayItem")
        for name, value in {
            "stage": "confirmed",
            "cancelled_reason": None,
            "cancelled_by": None,
            "cancelled_notice_minutes": None,
            "confirmed_by": "patient",
            "walk_in": False,
            "in_room_at": None,
            "done_at": None,
            "room_id": None,
            "delay_minutes": None,
            "series_id": None,
        }.items()
    },
    ("Standing", "status"): "booked",
    ("Standing", "stage"): "booked",
    ("Standing", "room_id"): None,
    ("Standing", "delay_minutes"): None,
    ("Change", "step"): "confirm",
    ("Change", "actor_kind"): "user",
    ("Change", "actor_id"): _ID.format(14),
    ("Change", "actor_login"): "reception",
    ("Change", "on_behalf_of"): "patient",
    ("Encounter", "status"): "finished",
    ("Claim", "status"): "active",
    ("FeedRow", "status"): "active",
    ("SandboxText", "response_id"): None,
    ("TextView", "status"): "sent",
    ("TextState", "status"): "sent",
    ("Me", "kind"): "user",
    ("Practitioner", "given"): "Ada",
    ("Practitioner", "family"): "Okafor",
    ("AppointmentType", "name"): "Follow-up",
}
_BY_FORMAT = {"date-time": "2026-11-24T15:00:00Z", "date": "2026-11-24", "uuid": _ID.format(99)}


def example_of(schema: Schema) -> dict[str, Any]:
    """One answer with every field of `schema`."""
    name = type(schema).__name__
    return {key: _value(name, key, field) for key, field in schema.fields.items()}


def _value(schema: str, key: str, field: fields.Field[Any]) -> Any:
    if (schema, key) in _BY_SCHEMA:
        return _BY_SCHEMA[schema, key]
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.Nested):
        return example_of(field.schema)
    if isinstance(field, fields.List):
        return [_value(schema, key.removesuffix("s"), field.inner)]
    if isinstance(field, fields.Boolean):
        return True
    if key in _BY_NAME:
        return _BY_NAME[key]
    if isinstance(field, fields.Integer):
        return 1
    if field.allow_none and "format" not in field.metadata:
        return None
    return _BY_FORMAT.get(field.metadata.get("format", ""), key.replace("_", " "))
