"""The copy of scheduling's appointments: the newest version seen of each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.records.domain.arrivals import KnownAppointment
from shared.database.repository import Repository


class AppointmentRepository(Repository):
    """What is known of appointments."""

    def of(self, appointment_ids: Sequence[UUID]) -> Mapping[UUID, KnownAppointment]:
        """What is known of these; the caller holds their locks."""
        rows = self.all("appointments-by-ids", appointment_ids=list(appointment_ids))
        return {row["appointment_id"]: KnownAppointment(**row) for row in rows}

    def save(self, appointments: Sequence[KnownAppointment]) -> None:
        """Keeps the newer of what is stored and what is given."""
        rows = [(known.appointment_id, known.version, known.arrival_id) for known in appointments]
        self.many_later("keep-appointments", rows)
