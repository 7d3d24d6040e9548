"""Scheduling's operations on a real database."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.places import Site
from services.scheduling.domain.working_hours import WeeklyHours
from services.scheduling.repository import SchedulingUnitOfWork
from shared.asker import Asker
from shared.clock import FixedClock
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.events.encryption import Keyring
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 09:00 in New York
NETWORK = UUID("0190f6a0-0000-7000-8000-00000000aaaa")
# Who waits for an advisory lock of this database.
WAITING = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass
class Clinic:
    """A site with one practitioner who works around the clock in `lanes` lanes, and a type of 30 minutes."""

    urls: Any
    units: UnitFactory[SchedulingUnitOfWork]
    clock: FixedClock
    site: Site
    practitioner_id: UUID
    type_id: UUID

    def uow(self, **asker: Any) -> SchedulingUnitOfWork:
        return self.units.for_call(asker_of(**asker), action="test")

    def book(self, start_at: datetime, patient_id: UUID | None = None, **asker: Any) -> Appointment:
        command = commands.BookAppointment(
            site_id=self.site.site_id,
            practitioner_id=self.practitioner_id,
            appointment_type_id=self.type_id,
            patient_id=patient_id or new_id(),
            start_at=start_at,
        )
        return operations.book_appointment(command, self.uow(**asker), self.clock)

    def one(self, verb: Any, appointment_id: UUID) -> Appointment:
        return verb(commands.OneAppointment(appointment_id=appointment_id), self.uow(), self.clock)

    def cancel(self, appointment_id: UUID) -> Appointment:
        command = commands.CancelAppointment(appointment_id=appointment_id, reason="asked")
        return operations.cancel_appointment(command, self.uow(), self.clock)

    def move(self, appointment_id: UUID, start_at: datetime) -> Appointment:
        command = commands.MoveAppointment(appointment_id=appointment_id, start_at=start_at)
        return operations.move_appointment(command, self.uow(), self.clock)

    def set_lanes(self, lanes: int) -> None:
        week = tuple(WeeklyHours(weekday=day, starts=0, ends=1440) for day in range(1, 8))
        command = commands.SetWorkingHours(
            practitioner_id=self.practitioner_id, site_id=self.site.site_id, lanes=lanes, weekly=week
        )
        operations.set_working_hours(command, self.uow(), self.clock)


def asker_of(
    sites: frozenset[UUID] | None = None, scopes: frozenset[str] = frozenset(), *, patients_seen: bool = True
) -> Asker:
    return Asker(
        actor_id="ann",
        actor_kind="user",
        network_id=NETWORK,
        sites=sites,
        scopes=scopes,
        patients_seen=patients_seen,
    )


def rows(clinic: Any, statement: str) -> list[tuple[Any, ...]]:
    """What stands in scheduling's database, as its administrator sees it."""
    with closing(psycopg2.connect(clinic.urls.admin)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def warm(pool: Pool, size: int) -> None:
    """Opens the connections beforehand: while they open one by one, nobody races."""
    for connection in [pool.take() for _ in range(size)]:
        pool.give_back(connection)


def all_at_once(act: Callable[[int], Any], times: int, together: int = 25) -> list[Any]:
    """`act(turn)` for each turn, `together` threads starting each round at the same moment."""
    start = Barrier(together)

    def at_the_signal(turn: int) -> Any:
        start.wait(timeout=30)
        return act(turn)

    with ThreadPoolExecutor(together) as many:
        return list(many.map(at_the_signal, range(times)))


@pytest.fixture
def clinic(database: Callable[[str], Any]) -> Iterator[Clinic]:
    urls = database("scheduling")
    pool, clock = Pool(urls.app, size=30), FixedClock(NOW)
    warm(pool, 30)
    keyring = Keyring.parse("k1:" + base64.b64encode(b"1" * 32).decode())
    units = UnitFactory("scheduling", SchedulingUnitOfWork, Resources(pool=pool, clock=clock, keyring=keyring))
    uow = lambda: units.for_call(asker_of(), action="test")  # noqa: E731
    site = operations.add_site(commands.AddSite(name="Elm", zone="America/New_York"), uow(), clock)
    practitioner = operations.add_practitioner(commands.AddPractitioner(given="A", family="B"), uow(), clock)
    kind = operations.add_appointment_type(commands.AddAppointmentType(name="Visit", minutes=30), uow(), clock)
    made = Clinic(urls, units, clock, site, practitioner.practitioner_id, kind.appointment_type_id)
    made.set_lanes(1)
    yield made
    pool.close()
