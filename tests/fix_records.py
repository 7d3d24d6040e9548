"""Records on a real database: `records` has a network and hands to register, hear and look with."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_servers import execute
from fix_told import NOW, as_event
from psycopg2.extras import RealDictCursor

from services.records import operations, queries
from services.records.domain.commands import FinishEncounter, OpenNetwork, RegisterPatient
from services.records.domain.encounters import Encounter
from services.records.domain.patients import Patient
from services.records.repository import RecordsUnitOfWork
from shared.asker import Asker
from shared.clock import FixedClock
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.envelope import Event
from shared.events.scheduling import AppointmentArrived, AppointmentBooked, AppointmentCondition
from shared.ids import new_id

KEYRING = Keyring({"k1": b"1" * 32})


@dataclass
class RecordsDesk:
    """One network with two sites; the asker is the secretary of the first."""

    units: UnitFactory[RecordsUnitOfWork]
    admin_url: str
    clock: FixedClock
    network_id: UUID = field(default_factory=new_id)
    site_id: UUID = field(default_factory=new_id)
    other_site_id: UUID = field(default_factory=new_id)

    def asker(self, *sites: UUID) -> Asker:
        """A user of these sites; of the first site by default."""
        chosen = frozenset(sites or (self.site_id,))
        return Asker(actor_id="u1", actor_kind="user", network_id=self.network_id, sites=chosen, scopes=frozenset())

    def do(self, command: Any, *sites: UUID) -> Any:
        """Carries out a command by the operation that bears its name."""
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(command).__name__)[1:]
        uow = self.units.for_call(self.asker(*sites), action=name)
        return getattr(operations, name)(command, uow, self.clock)

    def ask(self, name: str, question: dict[str, Any], *sites: UUID) -> Any:
        """Asks a query."""
        with self.units.for_call(self.asker(*sites), action=name) as uow:
            return getattr(queries, name)(question, uow)

    def register(self, site_id: UUID | None = None, **more: Any) -> Patient:
        """A patient with a number, a birth date and a name."""
        chosen = site_id or self.site_id
        given = {"given": "Quillon", "family": "Zephyrine", "birth_on": date(1968, 4, 12), "phone": "+12025550100"}
        patient: Patient = self.do(RegisterPatient(site_id=chosen, **{**given, **more}), chosen)
        return patient

    def hear(self, *facts: Condition | Event[Any]) -> None:
        """Appointment events, in one transaction."""
        events = [fact if isinstance(fact, Event) else as_event(fact, self.network_id) for fact in facts]
        with self.units.for_network(self.network_id) as uow:
            operations.follow_appointments(events, uow, self.clock)
            uow.commit()

    def arrived(self, patient_id: UUID, **more: Any) -> AppointmentCondition:
        """A check-in at the first site, not heard yet."""
        visit = booked(patient_id, more.pop("site_id", self.site_id))
        shown = {"version": 2, "status": "arrived", "arrival_id": new_id(), "arrived_at": NOW}
        return told_as(AppointmentArrived, visit, **{**shown, **more})

    def finish(self, encounter_id: UUID, **more: Any) -> Encounter:
        """Finishes it without codes, or with those given."""
        command = FinishEncounter(**{"encounter_id": encounter_id, "diagnoses": (), "procedures": (), **more})
        finished: Encounter = self.do(command)
        return finished

    def rows(self, statement: str, *params: Any) -> list[dict[str, Any]]:
        """What the database holds, seen by the superuser."""
        connected = closing(psycopg2.connect(self.admin_url, cursor_factory=RealDictCursor))
        with connected as connection, connection.cursor() as cursor:
            cursor.execute(statement, params)
            return [dict(row) for row in cursor.fetchall()]

    def change(self, statement: str) -> None:
        """Changes the database as the superuser."""
        execute(self.admin_url, statement)

    def events(self) -> list[tuple[str, int]]:
        """(type, version) of what was told, in order."""
        return [(row["type"], row["version"]) for row in self.rows("SELECT type, version FROM outbox ORDER BY id")]

    def encounters(self) -> list[tuple[UUID, str, int]]:
        """(arrival, status, version) of every encounter."""
        rows = self.rows("SELECT arrival_id, status, version FROM encounters ORDER BY arrival_id")
        return [(UUID(str(row["arrival_id"])), row["status"], row["version"]) for row in rows]


def booked(patient_id: UUID, site_id: UUID) -> AppointmentCondition:
    """An appointment of this hour."""
    return AppointmentBooked(
        appointment_id=new_id(),
        version=1,
        site_id=site_id,
        practitioner_id=new_id(),
        appointment_type_id=new_id(),
        patient_id=patient_id,
        status="booked",
        start_at=NOW,
        end_at=NOW + timedelta(minutes=30),
        zone="America/New_York",
        previous_start_at=None,
        booked_at=NOW,
        arrival_id=None,
        arrived_at=None,
        cancelled_at=None,
        cancelled_reason=None,
    )


def told_as(event: type[AppointmentCondition], before: AppointmentCondition, **changes: Any) -> AppointmentCondition:
    """What comes after `before`: the next version, told as that event."""
    return event(**{**vars(before), "version": before.version + 1, **changes})


@pytest.fixture
def records(database: Callable[[str], Any]) -> Iterator[RecordsDesk]:
    """An opened network on a fresh database."""
    urls, clock = database("records"), FixedClock(NOW)
    resources = Resources(pool=Pool(urls.app, 10), clock=clock, keyring=KEYRING)
    desk = RecordsDesk(UnitFactory("records", RecordsUnitOfWork, resources), urls.admin, clock)
    desk.do(OpenNetwork(network_id=desk.network_id, name="North"))
    yield desk
    resources.pool.close()
