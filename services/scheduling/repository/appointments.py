"""Appointments and the time that they take."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.changes import Change, Standing
from services.scheduling.domain.errors import AppointmentOverlaps
from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.repository.time_taken import Taker, TimeTaken
from shared.database.repository import Repository
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound, require_version
from shared.events.base import Condition
from shared.events.envelope import Event

_NOT_KEPT = ("events", "changes", "lanes_beside", "warnings")
_COLUMNS = [each.name for each in fields(Appointment) if each.name not in _NOT_KEPT]
# Where an appointment stood before it was made.
_NOWHERE = dict.fromkeys(each.name for each in fields(Standing))


@dataclass(frozen=True)
class Takes:
    """Of which resources an appointment takes which time."""

    resource_ids: Sequence[UUID]
    during: TimeRange


class AppointmentRepository(Repository):
    """Every change writes the row first and then tells its events, so that outbox ids follow versions.

    Each is a line of the appointment's history too.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._taken: dict[UUID, Appointment] = {}
        self._times: dict[UUID, Takes] = {}  # what each that was read takes, until it is moved
        self._time = TimeTaken(uow)

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
        require_version(version, found.version)
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
        found = [Appointment(**row) for row in rows]
        self._times |= {each.appointment_id: _takes(each) for each in found}
        return found

    def add(self, appointment: Appointment) -> None:
        """Raises AppointmentOverlaps where the database refuses the time."""
        self.later("add-appointment", **_row(appointment))
        self._take_time(appointment)
        self.later(
            "leave-waitlist", patient_id=appointment.patient_id, appointment_type_id=appointment.appointment_type_id
        )
        self._tell(appointment)

    def change(self, appointment: Appointment, caused_by: Event[Condition] | None = None) -> None:
        """The row alone; its time stays as it is."""
        self.later("change-appointment", **_row(appointment))
        self._tell(appointment, caused_by)

    def move(self, appointment: Appointment) -> None:
        """Row and time. Raises AppointmentOverlaps; the old time is then still taken."""
        before = self._times.pop(appointment.appointment_id)
        with self._uow.savepoint():
            self._time.let_go([appointment.appointment_id], before.resource_ids)
            self._take(appointment)
        self._time.keep_free_time(before.resource_ids, before.during)
        self._keep_free_time(appointment)
        self._follow(appointment)
        self.change(appointment)

    def leave(self, appointment: Appointment) -> None:
        """The row stays, its time is free. Takes the locks of what it took."""
        self.give_back(appointment)
        self.later("follow-cancelled-visit", appointment_id=appointment.appointment_id)
        self.change(appointment)

    def give_back(self, appointment: Appointment) -> None:
        """Its time is free, the row not changed yet: for what takes another in this transaction (`come_back`)."""
        took = _takes(appointment)
        self._uow.lock(*map(resource_lock, took.resource_ids))
        self._time.give_back([appointment.appointment_id], took.resource_ids, took.during)

    def come_back(self, appointment: Appointment) -> None:
        """Takes the time again. Raises AppointmentOverlaps."""
        self._take_time(appointment)
        self._follow(appointment)
        self.change(appointment)

    def _follow(self, appointment: Appointment) -> None:
        """Who waits for an earlier time waits for one before where the visit is now."""
        where = {"start_at": appointment.start_at, "site_id": appointment.site_id}
        self.later("follow-moved-visit", appointment_id=appointment.appointment_id, **where)

    def _take_time(self, appointment: Appointment) -> None:
        self._take(appointment)
        self._keep_free_time(appointment)

    def _keep_free_time(self, appointment: Appointment) -> None:
        takes = _takes(appointment)
        self._time.keep_free_time(takes.resource_ids, takes.during)

    def _take(self, appointment: Appointment) -> None:
        lanes = [
            (appointment.practitioner_id, appointment.lane),
            *zip(appointment.resource_ids, appointment.lanes_beside, strict=True),
        ]
        if appointment.overbooked_reason is not None:
            self._time.keep_lanes(lanes)
        taker = Taker(site_id=appointment.site_id, appointment_id=appointment.appointment_id)
        if not self._time.take(taker, lanes, appointment.occupied):
            raise AppointmentOverlaps

    def _tell(self, appointment: Appointment, caused_by: Event[Condition] | None = None) -> None:
        for event in appointment.events:
            self._uow.record(event, caused_by)
        appointment.events.clear()
        for change in appointment.changes:
            self.later("add-change", appointment_id=appointment.appointment_id, **self._line(change))
            if change.begins:
                self.later("follow-begun-visit", appointment_id=appointment.appointment_id)
        appointment.changes.clear()

    def _line(self, change: Change) -> dict[str, Any]:
        """A line of the history: who did it is who asks, when is business time."""
        asker, before = self._uow.asker, vars(change.before) if change.before else _NOWHERE
        told = {name: getattr(change, name) for name in ("version", "step", "reason", "on_behalf_of")}
        who = {"actor_kind": asker.actor_kind, "actor_id": asker.actor_id, "changed_at": self._uow.clock.now()}
        stood = {f"from_{name}": value for name, value in before.items()}
        return told | who | stood | {f"to_{name}": value for name, value in vars(change.after).items()}


def _row(appointment: Appointment) -> dict[str, Any]:
    row = {name: getattr(appointment, name) for name in _COLUMNS}
    return row | {"encounter_id": appointment.encounter_id, "resource_ids": list(appointment.resource_ids)}


def _takes(appointment: Appointment) -> "Takes":
    return Takes(appointment.takes, appointment.occupied)
