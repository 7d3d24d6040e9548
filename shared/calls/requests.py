"""What a caller asks: bounded, checked for who is asking and by when, and read as JSON."""

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.asker import Asker
from shared.calls.claims import Verifier
from shared.errors import DeadlineExceeded, DomainError, Invalid, Unauthenticated
from shared.ids import new_id

MAX_BODY_BYTES = 1024 * 1024
MAX_KEY_LENGTH = 255
BATCH = "/batch"
DEFAULT_SECONDS, LONGEST_SECONDS = 3.0, 60.0

Environ = Mapping[str, Any]


class BodyTooLarge(DomainError):
    """More than MAX_BODY_BYTES, or of a length that was not told."""

    slug = "body-too-large"
    status = 413


@dataclass(frozen=True)
class Request:
    """One call, checked as far as it can be without the database. `ends` is on the monotonic clock."""

    asker: Asker
    ends: float
    key: str | None
    body: dict[str, Any]
    is_batch: bool = False

    def seconds_left(self) -> float:
        """Time until the caller stops waiting. Raises DeadlineExceeded where it has."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded
        return left


def read_request(environ: Environ, verifier: Verifier) -> Request:
    """Raises Unauthenticated before anything else is looked at, then DeadlineExceeded, BodyTooLarge, Invalid."""
    asker = _asker(environ, verifier)
    ends = time.monotonic() + _seconds(environ)
    is_batch = str(environ.get("PATH_INFO", "")).endswith(BATCH)
    return Request(asker, ends, environ.get("HTTP_IDEMPOTENCY_KEY"), _body(environ), is_batch)


def require_key(key: str | None) -> str:
    """A command's key: 1 to 255 printable ASCII characters. Raises Invalid."""
    if not key or len(key) > MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()):
        raise Invalid(errors=[{"field": "Idempotency-Key", "message": "needs 1 to 255 printable ASCII characters"}])
    return key


def _asker(environ: Environ, verifier: Verifier) -> Asker:
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme != "Bearer":
        raise Unauthenticated
    return replace(
        verifier.asker(token),
        correlation_id=_tag(environ, "HTTP_FRONTDESK_CORRELATION_ID") or str(new_id()),
        causation_id=_tag(environ, "HTTP_FRONTDESK_CAUSATION_ID"),
        traceparent=_tag(environ, "HTTP_TRACEPARENT"),
    )


def _tag(environ: Environ, name: str) -> str | None:
    """An id that only goes into logs, audit and events: short and plain, or not taken at all."""
    value = str(environ.get(name, ""))
    return value if 0 < len(value) <= 100 and value.isascii() and value.isprintable() else None


def _seconds(environ: Environ) -> float:
    try:
        left = float(environ["HTTP_FRONTDESK_DEADLINE"]) - time.time()
    except (KeyError, ValueError):
        return DEFAULT_SECONDS
    if math.isnan(left) or left <= 0:
        raise DeadlineExceeded
    return min(left, LONGEST_SECONDS)


def _body(environ: Environ) -> dict[str, Any]:
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        raise BodyTooLarge
    raw = environ["wsgi.input"].read(int(length))
    try:
        body = json.loads(raw, parse_constant=_no_constant)
        storable = b"\\u" not in raw or _is_storable(body)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if not isinstance(body, dict) or not storable:
        raise _malformed()
    return body


def _is_storable(value: Any) -> bool:
    """PostgreSQL takes no NUL, and UTF-8 has no lone surrogates: encode() raises a ValueError for these.

    Looked for in the text itself: where it is written as JSON, a backslash with `u0000` after it looks the same.
    """
    if isinstance(value, str):
        return b"\x00" not in value.encode()
    if isinstance(value, Mapping):
        return all(_is_storable(name) and _is_storable(each) for name, each in value.items())
    return all(map(_is_storable, value)) if isinstance(value, list) else True


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _malformed() -> Invalid:
    return Invalid(errors=[{"field": "", "message": "must be a JSON object of storable text"}])
