"""What schemas of notifications share."""

from typing import Any

from marshmallow import fields, validate

from shared.schemas import PHI

# With its plus, or a short code: a STOP kept under "12025550123" would never meet the patient's "+12025550123".
_A_NUMBER = validate.Regexp(r"^(\+[1-9][0-9]{6,14}|[0-9]{3,6})\Z", error="not a phone number in E.164")


def patients_number(*, required: bool = True, **options: Any) -> fields.String:
    """A patient's phone number."""
    return fields.String(required=required, validate=_A_NUMBER, metadata=PHI, **options)


def senders_number(**options: Any) -> fields.String:
    """A number that a network texts from."""
    return fields.String(required=True, validate=_A_NUMBER, **options)
