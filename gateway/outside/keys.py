"""The public keys of providers: read over the network, kept for minutes, never waited for by the event loop.

Keys are fresh for FRESH_S; after that they are read again behind the requests. While a provider is away its last keys
hold for STALE_S. A key id that nobody knows has the keys read at once, at most every ASK_AGAIN_S.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from joserfc.jwk import Key

from gateway.outside.provider import KeysUnreadable, Provider, TokenRefused
from shared.errors import Unavailable
from shared.logs import log
from shared.metrics import counter

FRESH_S = 300.0
STALE_S = 3600.0
ASK_AGAIN_S = 10.0
# The longest that one request waits for keys.
PATIENCE_S = 5.0

_readings = counter("gateway_outside_keys_total", "Readings of an identity provider's keys.", "outcome")


@dataclass
class _Known:
    """What is known of one provider's keys, in monotonic seconds."""

    keys: Mapping[str, Key] = field(default_factory=dict)
    read_at: float = float("-inf")
    asked_at: float = float("-inf")
    failed: bool = False
    reading: threading.Event | None = None


class KeySets:
    """The keys of all providers that this process has met."""

    def __init__(
        self, fetch: Callable[[Provider], Mapping[str, Key]], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.fetch = fetch
        self._monotonic = monotonic
        self._known: dict[UUID, _Known] = {}
        self._lock = threading.Lock()

    def key(self, provider: Provider, kid: str) -> Key:
        """The provider's key of that id. Raises TokenRefused, or Unavailable where its keys cannot be had."""
        known = self._known.setdefault(provider.provider_id, _Known())
        age = self._monotonic() - known.read_at
        usable = age < STALE_S
        if age >= FRESH_S or kid not in known.keys:
            self._read_again(provider, known, wait=not usable or kid not in known.keys)
        usable = self._monotonic() - known.read_at < STALE_S
        if usable and kid in known.keys:
            return known.keys[kid]
        if known.failed or not usable:
            raise Unavailable({"part": "identity-provider", "retry_after": int(ASK_AGAIN_S)})
        raise TokenRefused("key-unknown")

    def _read_again(self, provider: Provider, known: _Known, *, wait: bool) -> None:
        with self._lock:
            reading = known.reading
            if reading is None:
                if self._monotonic() - known.asked_at < ASK_AGAIN_S:
                    return
                reading = known.reading = threading.Event()
                known.asked_at = self._monotonic()
                threading.Thread(target=self._read, args=(provider, known, reading), daemon=True).start()
        if wait:
            reading.wait(PATIENCE_S)

    def _read(self, provider: Provider, known: _Known, done: threading.Event) -> None:
        try:
            known.keys, known.read_at, known.failed = self.fetch(provider), self._monotonic(), False
            _readings.labels("read").inc()
        except Exception as error:  # whatever a stranger's answer does must not end the reading for good
            known.failed = True
            _readings.labels("failed").inc()
            why = error.why if isinstance(error, KeysUnreadable) else "unexpected"
            log.warning("outside-keys-unreadable", provider_id=str(provider.provider_id), why=why)
        finally:
            known.reading = None
            done.set()
