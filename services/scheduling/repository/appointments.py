"""Appointments and the time that they take."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.errors import AppointmentOverlaps
from shared.database.errors import translated
from shared.database.repository import Repository
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound, Stale
from shared.events.base import Condition
from shared.events.envelope import Event

_COLUMNS = [each.name for each in fields(Appointment) if each.name != "events"]
# The two constraints that guard a practitioner's time: one lane, and one site at a time.
_OVERLAPS = {"bookings_excl": AppointmentOverlaps, "bookings_sites_excl": AppointmentOverlaps}


class AppointmentRepository(Repository):
    """Every change writes the row first and then tells its events, so that outbox ids follow versions."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._taken: dict[UUID, Appointment] = {}

    def take_ahead(self, appointment_ids: Sequence[UUID]) -> None:
        """Locks these in the order of their ids; each `get` that follows finds its appointment read."""
        self._taken |= {each.appointment_id: each for each in self.lock(appointment_ids)}

    def get(self, appointment_id: UUID, version: int | None = None) -> Appointment:
        """The locked appointment. Raises NotFound (also for another's site), Stale for another version."""
        if appointment_id not in self._taken:
            self.take_ahead([appointment_id])
        if appointment_id not in self._taken:
            raise NotFound
        found = self._taken.pop(appointment_id)  # holds for one change: after it the row is another
        self._uow.asker.require_site(found.site_id)
        if version is not None and version != found.version:
            raise Stale({"version": found.version})
        return found

    def read(self, appointment_id: UUID) -> Appointment:
        """The appointment, without a lock. Raises NotFound (also for another's site)."""
        row = self.one("appointment", appointment_id=appointment_id)
        if row is None:
            raise NotFound
        self._uow.asker.require_site(row["site_id"])
        return Appointment(**row)

    def lock(self, appointment_ids: Sequence[UUID]) -> list[Appointment]:
        """Those that exist, locked in the order of their ids."""
        rows = self.all("lock-appointments", appointment_ids=list(appointment_ids))
        return [Appointment(**row) for row in rows]

    def add(self, appointment: Appointment) -> None:
        """Raises AppointmentOverlaps where the database refuses the time."""
        self.later("add-appointment", **_row(appointment))
        self._take_time(appointment)
        self._tell(appointment)

    def change(self, appointment: Appointment, caused_by: Event[Condition] | None = None) -> None:
        """The row alone; its time stays as it is."""
        self.later("change-appointment", **_row(appointment))
        self._tell(appointment, caused_by)

    def move(self, appointment: Appointment) -> None:
        """Row and time. Raises AppointmentOverlaps; the old time is then still taken."""
        with self._uow.savepoint(), translated(**_OVERLAPS):
            self.run("move-time", **_time(appointment))
        self.change(appointment)

    def leave(self, appointment: Appointment) -> None:
        """The row stays, its time is free."""
        self.later("give-time-back", appointment_id=appointment.appointment_id)
        self.change(appointment)

    def come_back(self, appointment: Appointment) -> None:
        """Takes the time again. Raises AppointmentOverlaps."""
        self._take_time(appointment)
        self.change(appointment)

    def _take_time(self, appointment: Appointment) -> None:
        if not self.run("take-time", **_time(appointment), site_id=appointment.site_id):
            raise AppointmentOverlaps

    def _tell(self, appointment: Appointment, caused_by: Event[Condition] | None = None) -> None:
        for event in appointment.events:
            self._uow.record(event, caused_by)
        appointment.events.clear()


def _row(appointment: Appointment) -> dict[str, Any]:
    return {name: getattr(appointment, name) for name in _COLUMNS} | {"encounter_id": appointment.encounter_id}


def _time(appointment: Appointment) -> dict[str, Any]:
    return {
        "appointment_id": appointment.appointment_id,
        "resource_id": appointment.practitioner_id,
        "lane": appointment.lane,
        "start_at": appointment.start_at,
        "end_at": appointment.end_at,
    }
