"""A site where visits need more than a practitioner: a fixture for tests on a real database."""

from contextlib import closing
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import Clinic

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.free_days import Place
from services.scheduling.domain.holds import Hold
from services.scheduling.domain.resources import Need
from services.scheduling.domain.working_hours import WeeklyHours
from shared.ids import new_id


class Theatre:
    """Two rooms and one device at the clinic's site, two practitioners, and a type that needs one of each."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.rooms = sorted(self.resource("room", "exam room") for _ in range(2))
        self.device = self.resource("device", "ultrasound")
        self.second = self.practitioner()
        needs = (Need(kind="room", type="exam room"), Need(kind="device", type="ultrasound"))
        self.type_id = self.type(needs=needs, set_up_minutes=10, clean_up_minutes=5, overbook_limit=1)

    def resource(self, kind: Any, type_: str) -> UUID:
        command = commands.AddResource(site_id=self.clinic.site.site_id, kind=kind, type=type_, name=type_)
        return operations.add_resource(command, self.clinic.uow(), self.clinic.clock).resource_id

    def practitioner(self, **more: Any) -> UUID:
        command = commands.AddPractitioner(given="C", family="D", **more)
        made = operations.add_practitioner(command, self.clinic.uow(), self.clinic.clock).practitioner_id
        week = tuple(WeeklyHours(weekday=day, starts=0, ends=1440) for day in range(1, 8))
        hours = commands.SetWorkingHours(practitioner_id=made, site_id=self.clinic.site.site_id, lanes=1, weekly=week)
        operations.set_working_hours(hours, self.clinic.uow(), self.clinic.clock)
        return made

    def type(self, **more: Any) -> UUID:
        command = commands.AddAppointmentType(name="Scan", minutes=30, **more)
        return operations.add_appointment_type(command, self.clinic.uow(), self.clinic.clock).appointment_type_id

    def names(self, start: datetime, **more: Any) -> dict[str, Any]:
        wanted = {
            "practitioner_id": self.clinic.practitioner_id,
            "appointment_type_id": self.type_id,
            "start_at": start,
        }
        return {"site_id": self.clinic.site.site_id, **wanted, **more}

    def book(self, start: datetime, asker: dict[str, Any] | None = None, **more: Any) -> Appointment:
        command = commands.BookAppointment(**{"patient_id": new_id(), **self.names(start, **more)})
        return operations.book_appointment(command, self.clinic.uow(**(asker or {})), self.clinic.clock)

    def hold(self, start: datetime, **more: Any) -> Hold:
        command = commands.HoldTime(**self.names(start, **more))
        return operations.hold_time(command, self.clinic.uow(), self.clinic.clock)

    def move(self, appointment: Appointment, start: datetime, **more: Any) -> Appointment:
        command = commands.MoveAppointment(appointment_id=appointment.appointment_id, start_at=start, **more)
        return operations.move_appointment(command, self.clinic.uow(), self.clinic.clock)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.clinic.urls.admin)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def free_time_is_right(self) -> None:
        for one in (self.clinic.practitioner_id, self.second, *self.rooms, self.device):
            with self.clinic.uow() as uow:
                place = Place(resource_id=one, site_id=self.clinic.site.site_id)
                assert list(operations.differing_days(place, uow)) == []


@pytest.fixture
def theatre(clinic: Clinic) -> Theatre:
    return Theatre(clinic)
