"""What every request gets: a correlation id, an idempotency key, safe headers, one log line and one measurement."""

import re
import secrets
import time
from typing import Any
from uuid import UUID

import falcon

from gateway.endpoint import WRITES
from gateway.errors import Problem
from shared.ids import new_id
from shared.logs import log
from shared.metrics import histogram

_TRACE = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
CORRELATION_HEADER = "Frontdesk-Correlation-Id"
KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"^[\x21-\x7e]{1,200}$")

_METHODS = WRITES | {"GET", "HEAD", "OPTIONS"}

_seconds = histogram("gateway_request_seconds", "Public requests.", "route", "method", "status")

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class Correlate:
    """Gives the request its ids before anything can fail, and returns them on every answer, errors too."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        req.context.started = time.monotonic()
        req.context.correlation_id = _correlation_id(req.get_header(CORRELATION_HEADER))
        req.context.traceparent = _traceparent(req.get_header("traceparent"))
        resp.set_header(CORRELATION_HEADER, req.context.correlation_id)
        for name, value in _HEADERS.items():
            resp.set_header(name, value)
        if slug := req.env.get("frontdesk.refused"):  # shared/processes/protocol.py could not read it
            raise Problem(slug)
        if req.method in WRITES:
            req.context.key = _key(req.get_header(KEY_HEADER), resp)

    def process_response(self, req: falcon.Request, resp: falcon.Response, _resource: Any, _ok: bool) -> None:  # noqa: FBT001
        seconds = time.monotonic() - req.context.started
        route, status = req.uri_template or "none", str(resp.status_code)
        # Whatever anybody sends as a method would be a series of its own, and a word in the log.
        method = req.method if req.method in _METHODS else "other"
        _seconds.labels(route, method if route != "none" else "any", status).observe(seconds)
        # The template and never the path or the query: those hold ids and telephone numbers.
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            correlation_id=req.context.correlation_id,
        )


def _correlation_id(given: str | None) -> str:
    """The caller's own, where it is a UUID: nothing else may reach logs and audit."""
    try:
        return str(UUID(given)) if given else str(new_id())
    except ValueError:
        return str(new_id())


def _traceparent(given: str | None) -> str:
    """The caller's trace (W3C Trace Context), or a new one."""
    return given if given and _TRACE.match(given) else f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _key(given: str | None, resp: falcon.Response) -> str:
    if given is not None and not _KEY.match(given):
        raise Problem("malformed-key")
    key = given or str(new_id())
    resp.set_header(KEY_HEADER, key)
    return key
