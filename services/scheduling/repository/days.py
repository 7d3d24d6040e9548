"""The day sheet: appointments with the copies of what others tell about them."""

from typing import Any
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange
from shared.database.repository import Repository
from shared.database.session import Row


class DayRepository(Repository):
    """One site and one range of instants at a time."""

    def token(self) -> str:
        """The oldest transaction in progress now. Asked before rows are read, it makes `after` leave out nothing:

        whatever commits later is not below it. Some rows may come twice.
        """
        row = self.one("change-token")
        return str(row["after"] if row else 0)

    def items(
        self,
        site_id: UUID,
        during: TimeRange,
        after: int | None = None,
        practitioner_id: UUID | None = None,
        room_id: UUID | None = None,
    ) -> list[Row]:
        """The day's items; only those that changed since the token `after` where it is given."""
        place = {"site_id": site_id, "from_at": during.start_at, "until_at": during.end_at}
        changed = None
        if after is not None:
            changed = [row["appointment_id"] for row in self.all("changed-appointments", **place, after=after)]
            if not changed:
                return []
        whose = {"practitioner_id": practitioner_id, "room_id": room_id}
        return [_item(row) for row in self.all("day", **place, **whose, appointment_ids=changed)]

    def item(self, appointment_id: UUID, site_id: UUID, during: TimeRange) -> Row | None:
        """One appointment's item, None for one that was a mistake. `during` is its time."""
        place = {"site_id": site_id, "from_at": during.start_at, "until_at": during.end_at}
        rows = self.all("day", **place, practitioner_id=None, room_id=None, appointment_ids=[appointment_id])
        return _item(rows[0]) if rows else None

    def appointments_of(self, site_id: UUID, practitioner_id: UUID, during: TimeRange) -> list[UUID]:
        """A practitioner's appointments that start then, whatever became of them."""
        place = {"site_id": site_id, "from_at": during.start_at, "until_at": during.end_at}
        rows = self.all("appointments-of-practitioner", **place, practitioner_id=practitioner_id)
        return [row["appointment_id"] for row in rows]

    def gone(self, site_id: UUID, during: TimeRange, after: int) -> list[UUID]:
        """Appointments of the site that changed since the token and are not of that day."""
        rows = self.all("moved-away", site_id=site_id, from_at=during.start_at, until_at=during.end_at, after=after)
        return [row["appointment_id"] for row in rows]


def _item(row: Row) -> dict[str, Any]:
    patient = {"given": row["patient_given"], "family": row["patient_family"], "birth_on": row["patient_birth_on"]}
    text = {"kind": row["text_kind"], "status": row["text_status"], "reason": row["text_reason"]}
    known = row["patient_given"] is not None
    return row | {"patient": patient if known else None, "text": text if row["text_status"] else None}
