"""A clinic with a second site, in another zone, between which visits move."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import Clinic, rows

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.free_days import Place
from services.scheduling.domain.places import Site
from services.scheduling.domain.resources import Need
from services.scheduling.domain.working_hours import WeeklyHours


@dataclass
class TwoSites:
    """`here` is the clinic's own site, in New York; at `there`, in Chicago, a doctor works around the clock.

    `room_here` and `room_there` are what `scan_id` needs.
    """

    clinic: Clinic
    there: Site
    doctor: UUID
    room_here: UUID
    room_there: UUID
    scan_id: UUID

    @property
    def here(self) -> Site:
        return self.clinic.site

    def move(
        self, visit: Appointment, start_at: datetime | None = None, *, to: Any = None, **asker: Any
    ) -> Appointment:
        """To the doctor there (or to `to`: site and practitioner), at the same time where none is named."""
        site_id, practitioner_id = to or (self.there.site_id, self.doctor)
        command = commands.MoveAppointment(
            appointment_id=visit.appointment_id,
            start_at=start_at or visit.start_at,
            site_id=site_id,
            practitioner_id=practitioner_id,
        )
        return operations.move_appointment(command, self.clinic.uow(**asker), self.clinic.clock)

    def back(self, visit: Appointment) -> Appointment:
        return self.move(visit, to=(self.here.site_id, self.clinic.practitioner_id))

    def read(self, visit: Appointment) -> Appointment:
        with self.clinic.uow() as uow:
            return uow.appointments.read(visit.appointment_id)

    def works(self, practitioner_id: UUID, site_id: UUID) -> None:
        works_around_the_clock(self.clinic, practitioner_id, site_id)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return rows(self.clinic, statement)

    def write(self, statement: str) -> None:
        with closing(psycopg2.connect(self.clinic.urls.admin)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def free_time_is_right(self) -> None:
        resources: Sequence[tuple[UUID, Site]] = (
            (self.clinic.practitioner_id, self.here),
            (self.doctor, self.there),
            (self.room_here, self.here),
            (self.room_there, self.there),
        )
        for resource_id, site in resources:
            with self.clinic.uow() as uow:
                place = Place(resource_id=resource_id, site_id=site.site_id)
                assert list(operations.differing_days(place, uow)) == []


def works_around_the_clock(clinic: Clinic, practitioner_id: UUID, site_id: UUID) -> None:
    week = tuple(WeeklyHours(weekday=day, starts=0, ends=1440) for day in range(1, 8))
    hours = commands.SetWorkingHours(practitioner_id=practitioner_id, site_id=site_id, lanes=1, weekly=week)
    operations.set_working_hours(hours, clinic.uow(), clinic.clock)


def added_site(clinic: Clinic, name: str = "Oak", zone: str = "America/Chicago", **more: Any) -> Site:
    return operations.add_site(commands.AddSite(name=name, zone=zone, **more), clinic.uow(), clinic.clock)


def _room(clinic: Clinic, site: Site) -> UUID:
    command = commands.AddResource(site_id=site.site_id, kind="room", type="scanner", name="Scanner")
    return operations.add_resource(command, clinic.uow(), clinic.clock).resource_id


@pytest.fixture
def two_sites(clinic: Clinic) -> TwoSites:
    there = added_site(clinic)
    doctor = operations.add_practitioner(commands.AddPractitioner(given="C", family="D"), clinic.uow(), clinic.clock)
    works_around_the_clock(clinic, doctor.practitioner_id, there.site_id)
    scan = commands.AddAppointmentType(name="Scan", minutes=30, needs=(Need(kind="room", type="scanner"),))
    kind = operations.add_appointment_type(scan, clinic.uow(), clinic.clock)
    here, over_there = _room(clinic, clinic.site), _room(clinic, there)
    return TwoSites(clinic, there, doctor.practitioner_id, here, over_there, kind.appointment_type_id)
