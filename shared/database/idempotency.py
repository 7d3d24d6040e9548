"""A command's key: the same key and body give the same answer, whoever retries and however often.

The key's row is inserted first in the command's own transaction; a concurrent twin waits on it.
Stored are successes and refusals by a rule that depends on stored state, for seven days.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from shared.database.session import Session
from shared.errors import KeyReused, Refused

ANSWERED = 200


@dataclass(frozen=True)
class CommandKey:
    """Scope (network, principal, operation), the caller's key, and the hash of the canonical body."""

    principal: str
    operation: str
    key: str
    body_hash: bytes


class AlreadyAnswered(Exception):
    """The command was settled before. `status` 200: `answer` is its answer; 409: slug and details of its refusal."""

    def __init__(self, status: int, answer: Any) -> None:
        super().__init__(str(status))
        self.status = status
        self.answer = answer


def hash_of(body: Any) -> bytes:
    """SHA-256 of the canonical JSON: keys sorted, no white space."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).digest()


def take_key(sql: Session, network_id: UUID, key: CommandKey) -> None:
    """Takes the key for this transaction. Raises AlreadyAnswered, or KeyReused for another body."""
    scope = _scope(network_id, key)
    if sql.run("take-key", **scope, body_hash=key.body_hash, created_at=datetime.now(UTC)):
        return
    stored = sql.one("stored-answer", **scope)
    if stored is None or bytes(stored["body_hash"]) != key.body_hash:
        raise KeyReused
    raise AlreadyAnswered(stored["status"], stored["answer"])


def store_answer(sql: Session, network_id: UUID, key: CommandKey, answer: Any) -> None:
    """Keeps the answer of a command that was carried out."""
    sql.run("store-answer", **_scope(network_id, key), status=ANSWERED, answer=Json(answer))


def store_refusal(sql: Session, network_id: UUID, key: CommandKey, refusal: Refused) -> None:
    """Keeps a refusal: asked again, the command is refused in the same words."""
    answer = Json({"slug": refusal.slug, "details": refusal.details})
    sql.run("store-answer", **_scope(network_id, key), status=refusal.status, answer=answer)


def _scope(network_id: UUID, key: CommandKey) -> dict[str, Any]:
    return {"network_id": network_id, "principal": key.principal, "operation": key.operation, "key": key.key}
