"""What a service answers over HTTP: an answer, or slug, details and errors by field; never an exception's text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from typing import Any

import psycopg2
from marshmallow import ValidationError
from psycopg2 import errorcodes

from shared.database.errors import is_connection_lost, is_worth_retrying
from shared.errors import DomainError, Invalid, Unavailable

RETRY_AFTER_SECONDS = "1"
_MAX_FIELDS = 50


@dataclass(frozen=True)
class Reply:
    """A status, a JSON body and headers. `outcome` names it in metrics: `ok`, `replayed` or a slug."""

    status: int
    body: bytes
    outcome: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"


def answered(answer: Any, *, replayed: bool = False) -> Reply:
    """200 with a dumped answer."""
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Reply(200, _json(answer), "replayed" if replayed else "ok", headers)


def refused(error: DomainError) -> Reply:
    """The reason as its slug and safe details."""
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if error.status == Unavailable.status else {}
    body = {"slug": error.slug, "details": error.details, "errors": error.errors}
    return Reply(error.status, _json(body), error.slug, headers)


def refused_before(status: int, stored: Mapping[str, Any]) -> Reply:
    """A stored refusal, in the words of the first time."""
    body = {"slug": stored["slug"], "details": stored["details"], "errors": []}
    return Reply(status, _json(body), "replayed", {"Idempotency-Replayed": "true"})


def faulty() -> Reply:
    """500: we failed, and the log knows where."""
    return refused(DomainError())


def unavailable_where(error: psycopg2.Error) -> bool:
    """Whether a database error means: not now, and certainly nothing was done."""
    return is_connection_lost(error) or is_worth_retrying(error) or error.pgcode == errorcodes.QUERY_CANCELED


def invalid(error: ValidationError) -> Invalid:
    """A schema's complaints, flattened to `{"field": "lines.0.amount_cents", "message": ...}`."""
    messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
    return Invalid(errors=list(islice(_flat("", messages), _MAX_FIELDS)))


def _flat(path: str, messages: Any) -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from _flat(path if name == "_schema" else f"{path}.{name}".lstrip("."), below)
    else:
        yield from ({"field": path, "message": str(message)} for message in messages)


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
