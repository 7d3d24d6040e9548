"""Opaque cursors: a service's cursor, bound to the list, the network and the filters it was given for."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from gateway.errors import Problem

_SEAL_BYTES = 16


class Cursors:
    """Seals and opens cursors with a key that is derived from the gateway's own."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"frontdesk-cursors|" + secret.encode()).digest()

    def seal(self, inner: str | None, scope: Mapping[str, Any]) -> str | None:
        """The cursor that a client sees; None stays None."""
        if inner is None:
            return None
        raw = inner.encode()
        return base64.urlsafe_b64encode(self._seal_of(raw, scope) + raw).decode().rstrip("=")

    def open(self, cursor: str, scope: Mapping[str, Any]) -> str:
        """The service's own cursor. Raises invalid for one of another list, network or filter."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            seal, inner = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
            if hmac.compare_digest(seal, self._seal_of(inner, scope)):
                return inner.decode()
        except (binascii.Error, ValueError):
            pass
        raise Problem("invalid", errors=[{"field": "cursor", "message": "Not a cursor of this list."}])

    def _seal_of(self, inner: bytes, scope: Mapping[str, Any]) -> bytes:
        named = json.dumps(scope, sort_keys=True, default=str).encode()
        return hmac.new(self._key, named + b"\0" + inner, hashlib.sha256).digest()[:_SEAL_BYTES]
