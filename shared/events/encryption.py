"""Patient data inside events: AES-256-GCM by field, so that queues, traces and disks of the broker hold none.

A sealed value is `enc:<key id>:<base64 of nonce and ciphertext>`; the associated data is
the event's id and the field's name, so that a value cannot be moved to another event or field.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PREFIX = "enc"
_NONCE_BYTES = 12


class Keyring:
    """The installation's event keys: the first encrypts, all decrypt (old ids live as long as outbox rows)."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("an installation needs at least one event key")
        self._current = next(iter(keys))
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Reads FRONTDESK_EVENT_KEYS: `k2:<base64 of 32 bytes>,k1:...`."""
        pairs = (entry.strip().split(":", 1) for entry in text.split(","))
        return cls({key_id: base64.b64decode(key) for key_id, key in pairs})

    def seal(self, value: Any, event_id: str, field: str) -> str:
        """The value as sealed text."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(value, separators=(",", ":")).encode()
        sealed = self._ciphers[self._current].encrypt(nonce, plain, _associated(event_id, field))
        return f"{_PREFIX}:{self._current}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, event_id: str, field: str) -> Any:
        """The value again. Raises InvalidTag where one bit, the event or the field differs; KeyError for a lost key."""
        _, key_id, text = sealed.split(":", 2)
        raw = base64.b64decode(text)
        plain = self._ciphers[key_id].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _associated(event_id, field))
        return json.loads(plain)


def _associated(event_id: str, field: str) -> bytes:
    return f"{event_id}|{field}".encode()
