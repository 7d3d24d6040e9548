"""What may not stand in a log: fields marked phi in a schema, and names that always hold patient data or secrets."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

REDACTED = "[redacted]"
# fmt: off
_ALWAYS = frozenset({
    # of patients
    "given", "family", "prefix", "patient_name", "birth_on", "birth_date", "language", "phone", "phones", "number",
    "numbers", "from_number", "to_number", "email", "address", "member_id", "payer_name", "coverages",
    "consents", "diagnoses", "procedures", "codes", "reason_text", "body", "text", "message_text",
    # whole bodies
    "data", "payload", "answer",
    # secrets, and addresses that hold them
    "password", "passwd", "secret", "token", "access_token", "authorization", "cookie", "set_cookie",
    "private_key", "idempotency_key", "login", "dsn", "url", "amqp_uri",
})
# fmt: on
_marked: set[str] = set()
_PASSWORD_IN_URL = re.compile(r"(\w+://[^:/\s]*):[^@/\s]+@")


def mark_phi(schema: Schema) -> None:
    """From now on every field of `schema` that bears `metadata={"phi": True}` is redacted by its name."""
    _marked.update(name for name, field in schema.fields.items() if field.metadata.get("phi"))


def is_sensitive(name: str) -> bool:
    """Whether a value of this name stays out of the logs."""
    plain = name.lower().replace("-", "_")
    return plain in _ALWAYS or plain in _marked


def redacted(value: Any) -> Any:
    """`value` without what is sensitive. An exception becomes its type's name; other objects become their type's."""
    if isinstance(value, Mapping):
        return {str(key): REDACTED if is_sensitive(str(key)) else redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(item) for item in value]
    if isinstance(value, str):
        return _PASSWORD_IN_URL.sub(r"\1:***@", value)
    return value if value is None or isinstance(value, bool | int | float) else _safe(value)


def _safe(value: Any) -> str:
    # A UUID, a date or a path may be read; any other object might print what it holds.
    if type(value).__module__ in {"uuid", "datetime", "pathlib", "decimal"}:
        return str(value)
    return f"<{type(value).__qualname__}>"
