"""Billing on a real database: `billing` has a network, a fee schedule, and hands to hear and look with."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_servers import execute
from fix_told import NOW, as_event
from psycopg2.extras import RealDictCursor

from services.billing import operations, queries
from services.billing.domain.commands import OpenNetwork, SetFees
from services.billing.domain.fees import Fee
from services.billing.repository import BillingUnitOfWork
from shared.asker import Asker
from shared.clock import FixedClock
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.events.base import Condition
from shared.events.billing import ClaimCondition
from shared.events.encryption import Keyring
from shared.events.envelope import Event, decode
from shared.events.records import (
    Coding,
    Coverage,
    EncounterCondition,
    EncounterFinished,
    EncounterOpened,
    PatientCondition,
    PatientRegistered,
    Procedure,
)
from shared.ids import new_id

KEYRING = Keyring({"k1": b"1" * 32})
ICD, CPT, SNOMED = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt", "http://snomed.info/sct"
FEES = {(CPT, "99213"): 12_550, (CPT, "85025"): 1_999, (SNOMED, "185349003"): 8_555}
VISIT = Procedure(system=CPT, code="99213", units=1, diagnosis_pointers=(1,))
TEST = Procedure(system=CPT, code="85025", units=3, diagnosis_pointers=(1,))
COLD = Coding(system=ICD, code="J06.9")


@dataclass
class BillingDesk:
    """One network; the asker is the biller of the first site."""

    units: UnitFactory[BillingUnitOfWork]
    admin_url: str
    clock: FixedClock
    network_id: UUID = field(default_factory=new_id)
    site_id: UUID = field(default_factory=new_id)
    other_site_id: UUID = field(default_factory=new_id)

    def do(self, command: Any, operation: Callable[..., Any]) -> Any:
        """Carries out a command."""
        uow = self.units.for_call(self.asker(), action=operation.__name__)
        return operation(command, uow, self.clock)

    def asker(self, *sites: UUID) -> Asker:
        """A user of these sites; of the first site by default."""
        chosen = frozenset(sites or (self.site_id,))
        return Asker(actor_id="u1", actor_kind="user", network_id=self.network_id, sites=chosen, scopes=frozenset())

    def ask(self, name: str, question: dict[str, Any], *sites: UUID) -> Any:
        """Asks a query."""
        with self.units.for_call(self.asker(*sites), action=name) as uow:
            return getattr(queries, name)(question, uow)

    def hear(self, *facts: Condition | Event[Any]) -> None:
        """Events of one aggregate, in one transaction."""
        events = [fact if isinstance(fact, Event) else as_event(fact, self.network_id) for fact in facts]
        with self.units.for_network(self.network_id) as uow:
            follower_of(events[0])(events, uow, self.clock)
            uow.commit()

    def finished(self, patient: PatientCondition, **more: Any) -> EncounterCondition:
        """A finished encounter of the first site that names this version of the patient."""
        return finished(patient, **{"site_id": self.site_id, **more})

    def watch(self) -> int:
        """One run of the job."""
        return operations.watch_waiting_encounters(self.units.for_network(self.network_id), self.clock)

    def rows(self, statement: str, *params: Any) -> list[dict[str, Any]]:
        """What the database holds, seen by the superuser."""
        connected = closing(psycopg2.connect(self.admin_url, cursor_factory=RealDictCursor))
        with connected as connection, connection.cursor() as cursor:
            cursor.execute(statement, params)
            return [dict(row) for row in cursor.fetchall()]

    def change(self, statement: str) -> None:
        """Changes the database as the superuser."""
        execute(self.admin_url, statement)

    def told(self, aggregate: str) -> list[Event[Any]]:
        """The events of that aggregate, in order."""
        rows = self.rows("SELECT headers, data FROM outbox WHERE aggregate_type = %s ORDER BY id", aggregate)
        return [decode({**row["headers"], "data": row["data"]}, KEYRING) for row in rows]

    def charges(self) -> list[tuple[int, str, int]]:
        """(line, who is asked, cents) of every charge."""
        rows = self.rows("SELECT line, payer, amount_cents FROM charges ORDER BY encounter_id, line")
        return [(row["line"], row["payer"], row["amount_cents"]) for row in rows]

    def claims(self) -> list[tuple[str, str | None, int]]:
        """(status, reason, total) of every claim."""
        rows = self.rows("SELECT status, held_reason, total_cents FROM claims ORDER BY created_at, claim_id")
        return [(row["status"], row["held_reason"], row["total_cents"]) for row in rows]

    def causes(self) -> list[str]:
        """Causes of the open tasks."""
        rows = self.rows("SELECT cause FROM tasks WHERE done_at IS NULL ORDER BY cause")
        return [row["cause"] for row in rows]


def patient(member_id: str | None = "M-1", *, insured: bool = True, **more: Any) -> PatientCondition:
    """A patient as registered."""
    acme = Coverage(coverage_id=new_id(), payer_id="60054", payer_name="Acme Health", member_id=member_id)
    fields = {"patient_id": new_id(), "version": 1, "given": "Quillon", "family": "Zephyrine", "birth_on": None}
    lists = {"phones": (), "consents": (), "coverages": (acme,) if insured else ()}
    return PatientRegistered(**{**fields, **lists, **more})


def opened(who: PatientCondition, site_id: UUID, **more: Any) -> EncounterCondition:
    """An encounter as a check-in opens it."""
    fields = {
        "encounter_id": new_id(),
        "version": 1,
        "appointment_id": new_id(),
        "arrival_id": new_id(),
        "patient_id": who.patient_id,
        "site_id": site_id,
        "practitioner_id": new_id(),
        "status": "in-progress",
        "started_at": NOW,
        "finished_at": None,
        "diagnoses": (),
        "procedures": (),
    }
    return EncounterOpened(**{**fields, **more})


def finished(who: PatientCondition, site_id: UUID, **more: Any) -> EncounterCondition:
    """An encounter with a visit and three tests for a cold."""
    before = opened(who, site_id)
    shown = {"version": 2, "status": "finished", "finished_at": NOW, "patient_version": who.version}
    codes = {"diagnoses": (COLD,), "procedures": (VISIT, TEST)}
    return EncounterFinished(**{**vars(before), **shown, **codes, **more})


def follower_of(event: Event[Any]) -> Callable[..., None]:
    """The operation that follows events of this aggregate."""
    if isinstance(event.data, PatientCondition):
        return operations.follow_patients
    return operations.follow_claims if isinstance(event.data, ClaimCondition) else operations.follow_encounters


@pytest.fixture
def billing(database: Callable[[str], Any]) -> Iterator[BillingDesk]:
    """An opened network with a fee schedule on a fresh database."""
    urls, clock = database("billing"), FixedClock(NOW)
    resources = Resources(pool=Pool(urls.app, 10), clock=clock, keyring=KEYRING)
    desk = BillingDesk(UnitFactory("billing", BillingUnitOfWork, resources), urls.admin, clock)
    desk.do(OpenNetwork(network_id=desk.network_id, name="North"), operations.open_network)
    fees = tuple(Fee(system=s, code=c, amount_cents=cents, currency="USD") for (s, c), cents in FEES.items())
    desk.do(SetFees(fees=fees), operations.set_fees)
    yield desk
    resources.pool.close()
