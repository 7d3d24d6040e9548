"""The history of an appointment: every change, with who, when, and where it stood before and after."""

from collections.abc import Sequence
from uuid import UUID

from services.scheduling.domain.life import status_of
from services.scheduling.repository import SchedulingUnitOfWork
from shared.asker import Asker
from shared.database.session import Row

_STANDING = ("stage", "start_at", "site_id", "practitioner_id", "room_id", "delay_minutes")


def appointment_history(appointment_id: UUID, uow: SchedulingUnitOfWork) -> Row:
    """The first change first; what it was at a site that is not the asker's is left out. Raises NotFound, also for
    another's site."""
    appointment = uow.appointments.read(appointment_id)
    rows = uow.sql.all("changes-of-appointment", network_id=uow.network_id, appointment_id=appointment_id)
    _fill_sites(rows, appointment.site_id)
    seen = [row for row in rows if uow.asker.may_see(row["to_site_id"])]
    return {
        "appointment_id": appointment_id,
        "complete": len(seen) == appointment.version,
        "changes": [row | {"before": _before(row, uow.asker), "after": _standing(row, "to")} for row in seen],
    }


def _fill_sites(rows: Sequence[Row], site_id: UUID) -> None:
    """Lines from before visits could move between sites name none: it was where the next line found it."""
    for row in reversed(rows):
        row["to_site_id"] = row["to_site_id"] or site_id
        row["from_site_id"] = site_id = row["from_site_id"] or row["to_site_id"]


def _before(row: Row, asker: Asker) -> Row | None:
    return _standing(row, "from") if row["from_stage"] and asker.may_see(row["from_site_id"]) else None


def _standing(row: Row, side: str) -> Row:
    stood = {name: row[f"{side}_{name}"] for name in _STANDING}
    return stood | {"status": status_of(stood["stage"])}
