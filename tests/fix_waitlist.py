"""The waitlist on a real database: who waits, what the job offers, and the answers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import Clinic
from psycopg2.extras import RealDictCursor

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.waitlist import WaitlistEntry, WaitlistOffer, Wish
from services.scheduling.domain.working_hours import WeeklyHours
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.ids import new_id

Json = dict[str, Any]

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # Tuesday, by New York's clock
HALF_HOUR = timedelta(minutes=30)


@dataclass
class Waitlist:
    """`work()` does what the process `work` would do now."""

    clinic: Clinic
    worker: UnitFactory[Any]

    def add(self, patient_id: UUID | None = None, visit: Any = None, **wish: Any) -> WaitlistEntry:
        """Somebody waits; `visit`: for a time that is earlier. Priority and the end of waiting may stand in `wish`."""
        command = commands.AddWaitlistEntry(
            patient_id=visit.patient_id if visit else patient_id or new_id(),
            appointment_type_id=self.clinic.type_id,
            appointment_id=visit.appointment_id if visit else None,
            priority=wish.pop("priority", 0),
            active_until=wish.pop("active_until", None),
            wish=Wish(**wish),
        )
        return operations.add_waitlist_entry(command, self.clinic.uow(), self.clinic.clock)

    def withdraw(self, entry: WaitlistEntry) -> WaitlistEntry:
        command = commands.OneWaitlistEntry(entry_id=entry.entry_id)
        return operations.withdraw_waitlist_entry(command, self.clinic.uow(), self.clinic.clock)

    def change(self, entry: WaitlistEntry, **changes: Any) -> WaitlistEntry:
        command = commands.ChangeWaitlistEntry(entry_id=entry.entry_id, changes=changes)
        return operations.change_waitlist_entry(command, self.clinic.uow(), self.clinic.clock)

    def accept(self, offer_id: UUID, **asker: Any) -> WaitlistOffer:
        command = commands.OneWaitlistOffer(offer_id=offer_id)
        return operations.accept_waitlist_offer(command, self.clinic.uow(**asker), self.clinic.clock)

    def decline(self, offer_id: UUID) -> WaitlistOffer:
        command = commands.OneWaitlistOffer(offer_id=offer_id)
        return operations.decline_waitlist_offer(command, self.clinic.uow(), self.clinic.clock)

    def policy(self, mode: str, **more: int) -> None:
        command = commands.SetWaitlistPolicy(
            appointment_type_id=None,
            mode=mode,
            hold_minutes=more.get("hold_minutes", 15),
            group_size=more.get("group_size", 5),
        )
        operations.set_waitlist_policy(command, self.clinic.uow(), self.clinic.clock)

    def work(self) -> int:
        """Closes and offers until nothing is left to do; gives how many offers were made. What fails is raised."""
        made = 0
        while True:
            network_id = self.clinic.uow().network_id
            done = operations.close_waitlist(network_id, self.worker, self.clinic.clock, _never)
            run = operations.OfferRun(self.worker, self.clinic.clock, _raised, _never)
            now = run.offer_freed_times(network_id)
            made += now
            if not (done or now):
                return made

    def pass_by(self, **time: float) -> None:
        """Business time goes on."""
        self.clinic.clock.instant += timedelta(**time)

    def offers(self, state: str | None = None) -> list[Json]:
        """In the order in which they were made."""
        where = "" if state is None else f" WHERE state = '{state}'"
        return self.rows(f"SELECT * FROM waitlist_offers{where} ORDER BY offered_at, offer_id")

    def open_offer(self, entry: WaitlistEntry) -> Json | None:
        """What the entry has to answer."""
        found = [row for row in self.offers("offered") if row["entry_id"] == entry.entry_id]
        return found[0] if found else None

    def state(self, entry: WaitlistEntry) -> str:
        (row,) = self.rows(f"SELECT state FROM waitlist_entries WHERE entry_id = '{entry.entry_id}'")
        return str(row["state"])

    def told(self, offer_id: UUID) -> list[str]:
        """The event types of an offer by their versions."""
        rows = self.rows(f"SELECT type FROM outbox WHERE aggregate_id = '{offer_id}' ORDER BY version")
        return [row["type"] for row in rows]

    def rows(self, statement: str) -> list[Json]:
        with closing(psycopg2.connect(self.clinic.urls.admin, cursor_factory=RealDictCursor)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return [dict(row) for row in cursor.fetchall()] if cursor.description else []

    def hours(self, *weekdays: int, starts: int = 9 * 60, ends: int = 12 * 60, lanes: int = 1) -> None:
        """The practitioner works then alone; from nine to noon there are six half hours."""
        week = tuple(WeeklyHours(weekday=day, starts=starts, ends=ends) for day in weekdays)
        ids = {"practitioner_id": self.clinic.practitioner_id, "site_id": self.clinic.site.site_id}
        command = commands.SetWorkingHours(**ids, lanes=lanes, weekly=week)
        operations.set_working_hours(command, self.clinic.uow(), self.clinic.clock)

    def fill(self, first: datetime, count: int) -> list[Any]:
        """Books `count` half hours, one after the other."""
        return [self.clinic.book(first + n * timedelta(minutes=30)) for n in range(count)]


def _never() -> bool:
    return False


def _raised(error: Exception) -> None:
    raise error


@pytest.fixture
def waitlist(clinic: Clinic) -> Iterator[Waitlist]:
    """The clinic's waitlist; its job works as the worker's role."""
    resources: Callable[..., Resources] = Resources
    pool = Pool(clinic.urls.worker, size=4)
    known = clinic.units.resources
    worker = UnitFactory(
        "scheduling", type(clinic.uow()), resources(pool=pool, clock=clinic.clock, keyring=known.keyring)
    )
    yield Waitlist(clinic, worker)
    pool.close()


@pytest.fixture
def full(waitlist: Waitlist) -> list[Any]:
    """Six visits on Tuesday morning; there is no other working time but a fortnight later."""
    waitlist.hours(2)
    return waitlist.fill(NINE, 6)


def within_the_week(**more: Any) -> dict[str, Any]:
    return {"until_on": NINE.date() + timedelta(days=1), **more}


def one(offer: Any) -> commands.OneWaitlistOffer:
    return commands.OneWaitlistOffer(offer_id=offer["offer_id"])


def other_site(waitlist: Waitlist) -> Any:
    clinic = waitlist.clinic
    command = commands.AddSite(name="Oak", zone="America/New_York")
    return operations.add_site(command, clinic.uow(), clinic.clock).site_id


def other_practitioner(waitlist: Waitlist) -> Any:
    clinic = waitlist.clinic
    command = commands.AddPractitioner(given="C", family="D")
    return operations.add_practitioner(command, clinic.uow(), clinic.clock).practitioner_id


def work_at(waitlist: Waitlist, practitioner_id: Any, site_id: Any) -> None:
    """He works there on Tuesdays from nine to noon."""
    clinic = waitlist.clinic
    known = clinic.practitioner_id, clinic.site
    try:
        clinic.practitioner_id, clinic.site = practitioner_id, type(known[1])(site_id=site_id, name="Oak", zone="UTC")
        waitlist.hours(2)
    finally:
        clinic.practitioner_id, clinic.site = known
