"""Notifications on a real database: `notifications` has a network, a site, and hands to book, tell and send with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from psycopg2.extras import RealDictCursor

from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.domain.commands import OpenNetwork, ReceiveReply
from services.notifications.operations import (
    CarrierWatch,
    LookUpRun,
    SendRun,
    follow_appointments,
    follow_patients,
    follow_reschedules,
    follow_sites,
    follow_waitlist_offers,
    open_network,
    receive_reply,
    watch_texts,
)
from services.notifications.operations.gateway import TextGateway
from services.notifications.repository import NotificationsUnitOfWork
from shared.asker import Asker
from shared.clock import FixedClock
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.envelope import Event
from shared.events.records import Consent, PatientUpdated, Phone
from shared.events.rescheduling import Proposal, RescheduleCondition, RescheduleOffered
from shared.events.scheduling import (
    AppointmentBooked,
    AppointmentCondition,
    SiteChanged,
    WaitlistOfferCondition,
    WaitlistOffered,
)
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
SENDER = "+12025550999"


def told(condition: Condition, network_id: UUID, at: datetime = NOW) -> Event[Any]:
    """The condition as an event."""
    return Event(
        id=new_id(),
        source=condition.source,
        type=condition.type,
        subject=condition.subject,
        time=at,
        networkid=network_id,
        version=condition.version,
        correlationid="test",
        causationid=None,
        traceparent=None,
        data=condition,
    )


@dataclass
class Desk:
    """One network with one site, and what a test does with it."""

    units: UnitFactory[NotificationsUnitOfWork]
    worker_units: UnitFactory[NotificationsUnitOfWork]
    admin_url: str
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    real_time: FixedClock = field(default_factory=lambda: FixedClock(datetime.now(UTC)))
    network_id: UUID = field(default_factory=new_id)
    site_id: UUID = field(default_factory=new_id)
    troubles: list[Exception] = field(default_factory=list)

    def open(self, name: str = "North", sender: str = SENDER) -> None:
        """The network and its site."""
        command = OpenNetwork(network_id=self.network_id, name=name, sender_number=sender)
        open_network(command, self.units.for_network(self.network_id), self.clock)
        self.hear(
            SiteChanged(site_id=self.site_id, version=1, name="North Clinic", zone="America/New_York", phone=None)
        )

    def at(self, *sites: UUID, who: str = "ann", patients_seen: bool = True) -> NotificationsUnitOfWork:
        """What somebody of these sites, or of all, works in; records has said that the patient is hers to see."""
        asker = Asker(
            actor_id=who,
            actor_kind="user",
            network_id=self.network_id,
            sites=frozenset(sites) or None,
            scopes=frozenset(),
            patients_seen=patients_seen,
        )
        return self.units.for_call(asker, action="test")

    def hear(self, *facts: Condition | Event[Any]) -> None:
        """Events of one aggregate, in one transaction, as the messaging layer would hand them over."""
        events = [fact if isinstance(fact, Event) else told(fact, self.network_id) for fact in facts]
        follow = _follower_of(events[0])
        with self.units.for_network(self.network_id) as uow:
            follow(events, uow, self.clock)
            uow.commit()

    def patient(self, number: str | None = "+12025550100", consented: bool | None = True, **more: Any) -> UUID:
        """A patient that this service has heard of."""
        patient = patient_with(number, consented, **more)
        self.hear(patient)
        return patient.patient_id

    def visit(self, patient_id: UUID, **more: Any) -> AppointmentCondition:
        """A booked visit of tomorrow, not told yet."""
        return visit_of(patient_id, **{"site_id": self.site_id, **more})

    def offer(self, patient_id: UUID, **more: Any) -> WaitlistOfferCondition:
        """A time of tomorrow that is offered for the next quarter hour, not texted yet."""
        return offer_of(patient_id, **{"site_id": self.site_id, **more})

    def listed(self, visit: AppointmentCondition, **more: Any) -> RescheduleCondition:
        """The visit cannot take place: the day after is proposed, not texted yet."""
        return listed_of(visit, **more)

    def reply(self, body: str, number: str = "+12025550100", message_id: str = "") -> Any:
        """A reply to the network's number."""
        command = ReceiveReply(from_number=number, to_number=SENDER, body=body, message_id=message_id or str(new_id()))
        return receive_reply(command, self.units.for_network(self.network_id), self.clock)

    def send(self, gateway: TextGateway | None = None) -> int:
        """One run of each of the jobs that send."""
        watch_texts(self.worker_units.for_network(self.network_id), self.clock, self.real_time.now())
        return self.run(gateway).send(self.network_id)

    def run(self, gateway: TextGateway | None = None, watch: CarrierWatch | None = None, **more: Any) -> SendRun:
        """A worker's run, not started; without a watch of its own it begins as if nothing were known of the carrier."""
        chosen = gateway or SandboxGateway(self.worker_units, self.clock)
        trouble: Callable[[UUID, Exception], None] = lambda _id, error: self.troubles.append(error)  # noqa: E731
        return SendRun(self.worker_units, chosen, self.clock, self.real_time, trouble, watch=watch, **more)

    def look_up(self, gateway: TextGateway | None = None) -> int:
        """One run of the job that asks about unknown texts."""
        chosen = gateway or SandboxGateway(self.worker_units, self.clock)
        return LookUpRun(self.worker_units, chosen, self.clock, self.real_time).look_up_texts(self.network_id)

    def rows(self, statement: str, *params: Any) -> list[dict[str, Any]]:
        """What the database holds, seen by the superuser."""
        with (
            closing(psycopg2.connect(self.admin_url)) as connection,
            connection.cursor(cursor_factory=RealDictCursor) as cursor,
        ):
            cursor.execute(statement, params)
            found = [dict(row) for row in cursor.fetchall()] if cursor.description else []
            connection.commit()
            return found

    def forbid(self, condition: str, table: str = "texts") -> None:
        """From now on no row of the table can become such a one (`new`)."""
        self.rows(
            f"""
            CREATE FUNCTION not_this_one() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN RAISE 'not this one'; END IF;
                RETURN new;
            END $$;
            CREATE TRIGGER not_this_one BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION not_this_one()
            """
        )

    def texts(self) -> list[tuple[str, str, str | None]]:
        """(kind, status, reason) of every text, oldest due first."""
        rows = self.rows("SELECT kind, status, reason FROM texts ORDER BY due_at, text_id")
        return [(row["kind"], row["status"], row["reason"]) for row in rows]

    def tasks(self) -> list[str]:
        """Reasons of the open tasks."""
        rows = self.rows("SELECT reason FROM tasks WHERE done_at IS NULL ORDER BY opened_at, task_id")
        return [row["reason"] for row in rows]

    def bodies(self) -> list[str]:
        """What the sandbox was handed."""
        return [row["body"] for row in self.rows("SELECT body FROM sandbox_texts ORDER BY accepted_at, attempt_id")]

    def events(self) -> list[tuple[str, int]]:
        """(type, version) of what was told, in order."""
        return [(row["type"], row["version"]) for row in self.rows("SELECT type, version FROM outbox ORDER BY id")]


def patient_with(
    number: str | None = "+12025550100",
    consented: bool | None = True,
    version: int = 1,
    patient_id: UUID | None = None,
    purposes: Sequence[str] = ("reminders",),
) -> PatientUpdated:
    """A patient with at most one number, and what was said of these purposes."""
    phones = (Phone(number=number, use="mobile"),) if number else ()
    consents = tuple(
        Consent(number=number, purpose=purpose, given=consented, at=NOW, evidence="asked")
        for purpose in purposes
        if number and consented is not None
    )
    return PatientUpdated(
        patient_id=patient_id or new_id(),
        version=version,
        given="Quillon",
        family="Zephyrine",
        birth_on=None,
        phones=phones,
        consents=consents,
        coverages=(),
    )


def visit_of(patient_id: UUID, site_id: UUID, **more: Any) -> AppointmentCondition:
    """A booked visit of tomorrow."""
    visit = AppointmentBooked(
        appointment_id=new_id(),
        version=1,
        site_id=site_id,
        practitioner_id=new_id(),
        appointment_type_id=new_id(),
        patient_id=patient_id,
        status="booked",
        start_at=TOMORROW,
        end_at=TOMORROW + timedelta(minutes=30),
        zone="America/New_York",
        previous_start_at=None,
        booked_at=NOW,
        arrival_id=None,
        arrived_at=None,
        cancelled_at=None,
        cancelled_reason=None,
    )
    return replace(visit, **more)


def offer_of(patient_id: UUID, site_id: UUID, **more: Any) -> WaitlistOfferCondition:
    """A time of tomorrow that is offered for a quarter of an hour."""
    offer = WaitlistOffered(
        offer_id=new_id(),
        version=1,
        entry_id=new_id(),
        patient_id=patient_id,
        site_id=site_id,
        practitioner_id=new_id(),
        appointment_type_id=new_id(),
        start_at=TOMORROW,
        end_at=TOMORROW + timedelta(minutes=30),
        zone="America/New_York",
        expires_at=NOW + timedelta(minutes=15),
        status="offered",
        is_held=True,
        appointment_id=None,
        earlier_than=None,
        booked_id=None,
    )
    return replace(offer, **more)


def proposal(start_at: datetime, site_id: UUID) -> Proposal:
    """Half an hour there."""
    ends = start_at + timedelta(minutes=30)
    return Proposal(start_at=start_at, end_at=ends, practitioner_id=new_id(), site_id=site_id, zone="America/New_York")


def listed_of(visit: AppointmentCondition, **more: Any) -> RescheduleCondition:
    """The visit on a reschedule list, the same hour of the day after proposed."""
    of_the_visit = ("appointment_id", "site_id", "patient_id", "practitioner_id", "appointment_type_id")
    listed = RescheduleOffered(
        reschedule_id=new_id(),
        version=1,
        **{name: getattr(visit, name) for name in of_the_visit},
        state="offered",
        start_at=visit.start_at,
        end_at=visit.end_at,
        zone=visit.zone,
        proposals=(proposal(visit.start_at + timedelta(days=1), visit.site_id),),
        expires_at=visit.start_at + timedelta(days=1),
        listed_at=NOW,
    )
    return replace(listed, **more)


def units_of(url: str, clock: FixedClock, size: int = 10) -> UnitFactory[NotificationsUnitOfWork]:
    """Units of work on that database."""
    resources = Resources(pool=Pool(url, size), clock=clock, keyring=Keyring({"k1": b"1" * 32}))
    return UnitFactory("notifications", NotificationsUnitOfWork, resources)


def _follower_of(event: Event[Any]) -> Callable[[Sequence[Event[Any]], Any, Any], None]:
    if isinstance(event.data, AppointmentCondition):
        return follow_appointments
    if isinstance(event.data, RescheduleCondition):
        return follow_reschedules
    if isinstance(event.data, WaitlistOfferCondition):
        return follow_waitlist_offers
    return follow_sites if isinstance(event.data, SiteChanged) else follow_patients


@pytest.fixture
def notifications(database: Callable[[str], Any]) -> Iterator[Desk]:
    """An opened network on a fresh database."""
    urls, clock = database("notifications"), FixedClock(NOW)
    desk = Desk(units_of(urls.app, clock), units_of(urls.worker, clock), urls.admin, clock)
    desk.open()
    yield desk
    desk.units.resources.pool.close()
    desk.worker_units.resources.pool.close()
