"""A command's key: the same key and body give the same answer, whoever retries and however often.

The key's row is inserted first in the command's own transaction; a concurrent twin waits on it.
Stored are successes and refusals by a rule that depends on stored state, for seven days.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import Json

from shared.asker import Asker
from shared.database.session import Session
from shared.database.statements import Statements
from shared.errors import KeyReused, Refused

ANSWERED = 200
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class CommandKey:
    """Scope (network, principal, operation), the caller's key, and the hash of the canonical body."""

    principal: str
    operation: str
    key: str
    body_hash: bytes


class AlreadyAnswered(Exception):
    """The command was settled before. `status` 200: `answer` is its answer; 409: slug and details of its refusal.

    `is_still_visible` is False where the asker may see fewer sites than when the command was settled.
    """

    def __init__(self, status: int, answer: Any, *, is_still_visible: bool = True) -> None:
        super().__init__(str(status))
        self.status = status
        self.answer = answer
        self.is_still_visible = is_still_visible


def hash_of(body: Any) -> bytes:
    """SHA-256 of the canonical JSON: keys sorted, no white space."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).digest()


def take_key(sql: Session, asker: Asker, key: CommandKey) -> None:
    """Takes the key for this transaction. Raises AlreadyAnswered, or KeyReused for another body."""
    scope = _scope(asker.network_id, key)
    if sql.run("take-key", **scope, body_hash=key.body_hash, sites=asker.ordered_sites, created_at=datetime.now(UTC)):
        return
    stored = sql.one("stored-answer", **scope)
    raise _settled(stored, key, asker) if stored else KeyReused


def take_keys(sql: Session, asker: Asker, keys: Sequence[CommandKey]) -> dict[str, AlreadyAnswered | KeyReused]:
    """Takes keys of one operation, in order against deadlocks; gives, by key, what was settled under it before."""
    if not keys:
        return {}
    ordered, created_at = sorted(keys, key=lambda each: each.key), datetime.now(UTC)
    scope = (asker.network_id, keys[0].principal, keys[0].operation)
    rows = [(*scope, each.key, each.body_hash, asker.ordered_sites, created_at) for each in ordered]
    taken = {row["key"] for row in sql.many("take-keys", rows, returns=True)}
    wanted = {each.key: each for each in keys if each.key not in taken}
    if not wanted:
        return {}
    names = dict(zip(("network_id", "principal", "operation"), scope, strict=True))
    stored = sql.all("stored-answers", **names, keys=list(wanted))
    return {row["key"]: _settled(row, wanted[row["key"]], asker) for row in stored}


def _settled(stored: dict[str, Any], key: CommandKey, asker: Asker) -> AlreadyAnswered | KeyReused:
    if bytes(stored["body_hash"]) != key.body_hash:
        return KeyReused()
    visible = _may_still_see(asker, stored["sites"])
    return AlreadyAnswered(stored["status"], stored["answer"], is_still_visible=visible)


def store_outcomes(sql: Session, network_id: UUID, outcomes: Sequence[tuple[CommandKey, int, Any]]) -> None:
    """Keeps answers (status 200) and refusals (`slug`, `details`) of commands of one batch."""
    rows = [
        (network_id, key.principal, key.operation, key.key, status, Json(answer)) for key, status, answer in outcomes
    ]
    sql.many_later("store-answers", rows)


def forget_undecided(sql: Session, network_id: UUID, keys: Sequence[CommandKey]) -> None:
    """Gives keys back that this transaction took and under which nothing was decided."""
    if keys:
        scope = _scope(network_id, keys[0]) | {"keys": [each.key for each in keys]}
        sql.later("forget-undecided", **scope)


def store_answer(sql: Session, network_id: UUID, key: CommandKey, answer: Any) -> None:
    """Keeps the answer of a command that was carried out."""
    sql.later("store-answer", **_scope(network_id, key), status=ANSWERED, answer=Json(answer))


def store_refusal(sql: Session, network_id: UUID, key: CommandKey, refusal: Refused) -> None:
    """Keeps a refusal: asked again, the command is refused in the same words."""
    answer = Json({"slug": refusal.slug, "details": refusal.details})
    sql.later("store-answer", **_scope(network_id, key), status=refusal.status, answer=answer)


def forget_keys(connection: Connection) -> int:
    """Deletes the keys of the transaction's network that are older than seven days of real time; how many."""
    return Session(connection, Statements.beside(__file__)).run("forget-keys", before=datetime.now(UTC) - KEPT)


def _may_still_see(asker: Asker, sites: list[UUID] | None) -> bool:
    """Whether the asker works everywhere where she worked then."""
    return asker.sites is None or (sites is not None and asker.sites.issuperset(sites))


def _scope(network_id: UUID, key: CommandKey) -> dict[str, Any]:
    return {"network_id": network_id, "principal": key.principal, "operation": key.operation, "key": key.key}
