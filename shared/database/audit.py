"""Who did what to which object, and whether it was allowed: one append-only row each."""

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


def write_entry(sql: Session, asker: Asker, network_id: UUID, entry: AuditEntry, at: datetime) -> None:
    """Writes the entry in the running transaction."""
    sql.run(
        "write-audit",
        network_id=network_id,
        at=at,
        actor_kind=asker.actor_kind,
        actor_id=asker.actor_id,
        purpose=asker.purpose,
        correlation_id=asker.correlation_id,
        **{**vars(entry), "detail": Json(entry.detail) if entry.detail is not None else None},
    )
