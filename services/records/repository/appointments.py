"""The copy of scheduling's appointments: the newest version seen of each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.records.domain.arrivals import KnownAppointment
from shared.database.unit_of_work import UnitOfWork


class AppointmentRepository:
    """What is known of appointments."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def of(self, appointment_ids: Sequence[UUID]) -> Mapping[UUID, KnownAppointment]:
        """What is known of these; the caller holds their locks."""
        rows = self._uow.sql.all("appointments-by-ids", appointment_ids=list(appointment_ids))
        return {row["appointment_id"]: KnownAppointment(**row) for row in rows}

    def save(self, appointments: Sequence[KnownAppointment]) -> None:
        """Keeps the newer of what is stored and what is given."""
        network_id = self._uow.network_id
        rows = [(network_id, known.appointment_id, known.version, known.arrival_id) for known in appointments]
        self._uow.sql.many("keep-appointments", rows)
