"""Who did what to which object, and whether it was allowed: one append-only row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg2.extras import Json

from shared.asker import Asker
from shared.database.session import Session

Decision = Literal["allowed", "refused", "denied"]


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One access. `detail` holds slugs and field names, never patient data."""

    action: str
    object_type: str
    object_id: str | None
    site_id: UUID | None = None
    patient_id: UUID | None = None
    decision: Decision = "allowed"
    detail: dict[str, Any] | None = None


@dataclass(frozen=True)
class Written:
    """An entry with who, in which network, and when."""

    asker: Asker
    network_id: UUID
    entry: AuditEntry
    at: datetime


def write_entries(sql: Session, entries: Sequence[Written], *, at_once: bool = False) -> None:
    """Writes the entries in the running transaction, in one statement that waits for the next, or goes `at_once`."""
    write = sql.many if at_once else sql.many_later
    write("write-audit", [_row(each) for each in entries])


def _row(written: Written) -> tuple[Any, ...]:
    asker, entry = written.asker, written.entry
    return (
        written.network_id,
        written.at,
        asker.actor_kind,
        asker.actor_id,
        entry.site_id,
        asker.purpose,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.patient_id,
        entry.decision,
        asker.correlation_id,
        Json(entry.detail) if entry.detail is not None else None,
    )
