"""Asking a service: kept-alive connections, a deadline on every call, retries by the same key.

The client works in green and in plain processes alike. A command's outcome is its answer, a refusal, unavailable
(certainly not done) or unknown (may be done); unknown is asked again with the same key while the deadline lasts,
where a service has several replicas at the next of them.
"""

import json
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import urllib3
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from shared.asker import Asker
from shared.calls.addresses import Addresses
from shared.calls.attempts import MAX_ANSWER_BYTES, NOT_DONE, Again, read_answer
from shared.calls.claims import Signer
from shared.calls.outcomes import Answer, CallRefused, CallUnavailable, CallUnknown
from shared.metrics import counter

DEADLINE_SECONDS = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
# A service that fails in itself is asked once more, not until the deadline.
_MAX_FAULTS = 2
# Refusals that no key keeps: what is missing or stale for one attempt may be there for an earlier one that is only now
# carried out, by a process that stood still.
_NOT_KEPT = frozenset({401, 404, 412})
_BATCH = "batch"

_calls = counter("client_attempts_total", "Attempts to ask a service.", "service", "outcome")
_counted = cache(_calls.labels)


class ServiceClient:
    """Asks one service at its URL, or at those of its replicas, with spaces between them.

    Thread-safe and green-safe; keep one for the life of the process.
    """

    def __init__(self, name: str, base_urls: str, signer: Signer, *, pool_size: int = 32) -> None:
        self._name = name
        self._signer = signer
        self._addresses = Addresses(base_urls.split(), pool_size)

    def command(
        self, name: str, body: Mapping[str, Any], asker: Asker, key: str, deadline_s: float = DEADLINE_SECONDS
    ) -> Answer:
        """Carries out a command once, however often it is asked. Raises CallRefused, CallUnknown, CallUnavailable."""
        return _Call(self, f"/commands/{name}", body, asker, key, deadline_s).answer()

    def batch(
        self, name: str, items: Sequence[Mapping[str, Any]], asker: Asker, deadline_s: float = DEADLINE_SECONDS
    ) -> Answer:
        """Carries out many of one command: `items` hold `key` and `body`, the answer's `items` an outcome for each.

        Asked again under the same keys it gives the same outcomes. Raises as `command` does, for all of them.
        """
        path, body = f"/commands/{name}/batch", {"items": list(items)}
        return _Call(self, path, body, asker, _BATCH, deadline_s, is_batch=True).answer()

    def query(self, name: str, body: Mapping[str, Any], asker: Asker, deadline_s: float = DEADLINE_SECONDS) -> Answer:
        """Asks a question. Raises CallRefused, CallUnavailable."""
        return _Call(self, f"/queries/{name}", body, asker, None, deadline_s).answer()

    def attempt(self, path: str, body: bytes, headers: dict[str, str], asker: Asker, seconds: float) -> Answer:
        """One attempt of at most `seconds`. Raises CallRefused or Again."""
        headers["Authorization"] = f"Bearer {self._signer.sign(asker, self._name)}"
        pool = self._addresses.pick()
        # A replica that is silent must not cost the time in which another would have answered.
        patience = seconds / 2 if self._addresses.has_another(pool) else seconds
        try:
            return self._answer_of(pool, path, body, headers, patience)
        except Again as again:
            again.elsewhere = self._addresses.is_resting(pool) and self._addresses.has_another(pool)
            raise

    def _answer_of(
        self, pool: HTTPConnectionPool, path: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> Answer:
        try:
            status, head, whole = _exchange(pool, path, body, headers, seconds)
        except (HTTPError, OSError) as error:
            self._addresses.failed(pool)
            raise Again(maybe_done=not isinstance(error, NewConnectionError | ConnectTimeoutError)) from None
        if status == NOT_DONE:
            self._addresses.failed(pool)
        else:
            self._addresses.answered(pool)
        return read_answer(status, head, whole)

    def count(self, outcome: str) -> None:
        """Counts an attempt's outcome."""
        _counted(self._name, outcome).inc()


class _Call:
    """One call with all its attempts."""

    def __init__(
        self,
        client: ServiceClient,
        path: str,
        body: Mapping[str, Any],
        asker: Asker,
        key: str | None,
        seconds: float,
        *,
        is_batch: bool = False,
    ) -> None:
        self._client = client
        self._path = path
        self._body = json.dumps(body, separators=(",", ":")).encode()
        self._asker = asker
        self._ends = time.monotonic() + seconds
        self._headers = _headers(asker, key, time.time() + seconds)
        self._is_command = key is not None
        self._is_batch = is_batch
        self._maybe_done = False
        self._faults = 0

    def answer(self) -> Answer:
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._attempt()
            except Again as again:
                self._client.count("unknown" if again.maybe_done else "unavailable")
                self._wait(again, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _attempt(self) -> Answer:
        seconds = max(self._left(), 0.001)
        try:
            answer = self._client.attempt(self._path, self._body, dict(self._headers), self._asker, seconds)
        except CallRefused as refused:
            self._client.count("refused")
            self._require_certain([refused.status])
            raise
        self._client.count("ok")
        if self._is_batch:
            self._require_certain([item.get("status") for item in answer["items"]])
        return answer

    def _require_certain(self, statuses: Iterable[Any]) -> None:
        """Raises CallUnknown where an earlier attempt may still be carried out, and these say nothing of it."""
        if self._is_command and self._maybe_done and not _NOT_KEPT.isdisjoint(statuses):
            raise CallUnknown from None

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _wait(self, again: Again, pause: float) -> None:
        """Waits before the next attempt, or raises the outcome where there is no time for one."""
        self._maybe_done = self._maybe_done or again.maybe_done
        self._faults += again.is_fault
        wait = 0.0 if again.elsewhere else again.retry_after or random.uniform(0, pause)  # noqa: S311 (only jitter)
        if wait >= self._left() or self._faults >= _MAX_FAULTS:
            if self._is_command and self._maybe_done:
                raise CallUnknown from None
            raise CallUnavailable(again.retry_after or 1) from None
        time.sleep(wait)


def _headers(asker: Asker, key: str | None, deadline: float) -> dict[str, str]:
    optional = {
        "Idempotency-Key": key,
        "Frontdesk-Correlation-Id": asker.correlation_id,
        "Frontdesk-Causation-Id": asker.causation_id,
        "traceparent": asker.traceparent,
    }
    fixed = {"Content-Type": "application/json", "Frontdesk-Deadline": f"{deadline:.3f}"}
    return fixed | {name: value for name, value in optional.items() if value}


def _exchange(
    pool: HTTPConnectionPool, path: str, body: bytes, headers: dict[str, str], seconds: float
) -> tuple[int, Mapping[str, str], bytes]:
    ends = time.monotonic() + seconds
    response = pool.urlopen(
        "POST",
        path,
        body=body,
        headers=headers,
        retries=False,
        redirect=False,
        timeout=urllib3.Timeout(connect=min(seconds, 1.0), read=seconds),
        preload_content=False,
    )
    try:
        return response.status, response.headers, _whole(response, ends)
    except BaseException:
        response.close()
        raise
    finally:
        response.release_conn()


def _whole(response: urllib3.BaseHTTPResponse, ends: float) -> bytes:
    """The body, read while the deadline lasts: a server that trickles does not hold its caller."""
    body = bytearray()
    while chunk := response.read1(65536):
        body += chunk
        if time.monotonic() > ends or len(body) > MAX_ANSWER_BYTES:
            raise TimeoutError
    return bytes(body)
