"""What one HTTP answer of a service means."""

import json
from collections.abc import Mapping
from typing import Any

from shared.calls.outcomes import Answer, CallRefused

MAX_ANSWER_BYTES = 16 * 1024 * 1024
NOT_DONE = 503


class Again(Exception):
    """The attempt brought no outcome. `maybe_done`: it may have been carried out. `is_fault`: the service failed.

    `elsewhere`: another replica can be asked without a pause.
    """

    def __init__(self, *, maybe_done: bool, is_fault: bool = False, retry_after: int = 0) -> None:
        super().__init__()
        self.elsewhere = False
        self.maybe_done = maybe_done
        self.is_fault = is_fault
        self.retry_after = retry_after


def read_answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """The answer of a 200. Raises CallRefused for a decided no (4xx), else Again."""
    if status == NOT_DONE:
        raise Again(maybe_done=False, retry_after=_seconds(headers.get("Retry-After", "")))
    parsed = _json_object(body)
    if parsed is None:  # cut off, or not from our service: who knows what it did
        raise Again(maybe_done=True, is_fault=True)
    if status == 200:
        answer = Answer(parsed)
        answer.replayed = headers.get("Idempotency-Replayed") == "true"
        return answer
    if 400 <= status < 500 and isinstance(parsed.get("slug"), str):
        raise CallRefused(parsed["slug"], status, parsed.get("details") or {}, parsed.get("errors") or ())
    raise Again(maybe_done=True, is_fault=status != 504)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _seconds(text: str) -> int:
    return int(text) if text.isdigit() else 0
