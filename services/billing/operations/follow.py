"""What records tells of patients and encounters; a finished encounter is billed when both are here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.billing.domain.bills import Bill, bill
from services.billing.domain.tasks import PATIENT_MISSING, Task, task_of
from services.billing.operations.ports import Unit
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.records import EncounterCondition, PatientCondition


def follow_patients(facts: Sequence[Event[PatientCondition]], uow: Unit, clock: Clock) -> None:
    """Keeps who pays in every version told, and bills the encounters that waited for it."""
    causes = {fact.data.patient_id: fact for fact in facts}
    _lock_patients(uow, causes)
    uow.copies.keep_patients([fact.data for fact in facts])
    _bill(uow, causes, {})


def follow_encounters(facts: Sequence[Event[EncounterCondition]], uow: Unit, clock: Clock) -> None:
    """Keeps the newest condition; a finished encounter is billed now, or when its patient's version comes."""
    patients = {fact.data.patient_id: fact for fact in facts}
    _lock_patients(uow, patients)
    newest: dict[UUID, Event[EncounterCondition]] = {}
    for fact in sorted(facts, key=lambda fact: fact.version):
        newest[fact.data.encounter_id] = fact
    uow.copies.keep_encounters([fact.data for fact in newest.values()])
    _bill(uow, patients, newest)


def _lock_patients(uow: Unit, patient_ids: Collection[UUID]) -> None:
    # Patient and encounter may come at the same moment: each must see the other, or neither would bill.
    uow.lock(*(f"patient/{patient_id}" for patient_id in patient_ids))


def _bill(uow: Unit, patients: Mapping[UUID, Event[Any]], encounters: Mapping[UUID, Event[Any]]) -> None:
    due = uow.copies.billable(patients)
    if not due:
        return
    fees = uow.fees.of([done for encounter, _ in due for done in encounter.procedures])
    bills = [(encounter, bill(encounter, coverages, fees)) for encounter, coverages in due]
    uow.bills.add([made for _, made in bills])
    uow.copies.billed([encounter.encounter_id for encounter, _ in bills])
    uow.tasks.open([task for encounter, made in bills for task in _tasks(encounter, made)])
    uow.tasks.close([_task(encounter, PATIENT_MISSING).task_id for encounter, _ in bills])
    for encounter, made in bills:
        _tell(uow, made, encounters.get(encounter.encounter_id) or patients[encounter.patient_id])


def _tell(uow: Unit, made: Bill, cause: Event[Any]) -> None:
    for charge in made.charges:
        uow.record(charge.captured(), cause)
    if made.claim:
        uow.record(made.claim.told(), cause)


def _tasks(encounter: EncounterCondition, made: Bill) -> list[Task]:
    return [_task(encounter, cause) for cause in made.causes]


def _task(encounter: EncounterCondition, cause: str) -> Task:
    return task_of(
        encounter_id=encounter.encounter_id,
        patient_id=encounter.patient_id,
        site_id=encounter.site_id,
        cause=cause,
        at=encounter.finished_at or encounter.started_at,
    )
