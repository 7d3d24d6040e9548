"""Finishing encounters."""

from collections.abc import Sequence

from services.records.domain.commands import FinishEncounter
from services.records.domain.encounters import Encounter
from services.records.operations.ports import Unit
from shared.clock import Clock
from shared.events.records import EncounterFinished

STATE_PRICES = "fees:write"


def take_encounters(commands: Sequence[FinishEncounter], uow: Unit) -> None:
    """Before many are finished: all encounters, then all their patients, locked in the order of their ids."""
    patient_ids = uow.encounters.take_ahead([command.encounter_id for command in commands])
    uow.patients.hold_versions(patient_ids)


def finish_encounter(command: FinishEncounter, uow: Unit, clock: Clock) -> Encounter:
    """Codes the visit; this is final. Raises NotFound and the reasons of `Encounter.finished`.

    Raises Forbidden where a price is stated by somebody who may not set fees.
    """
    with uow:
        if any(done.amount_cents is not None for done in command.procedures):
            uow.asker.require(STATE_PRICES)
        encounter = uow.encounters.take(command.encounter_id)
        finished = encounter.finished(
            diagnoses=command.diagnoses,
            procedures=command.procedures,
            patient_version=uow.patients.version_of(encounter.patient_id),
            at=clock.now(),
            version=command.version,
        )
        uow.encounters.save([finished])
        uow.record(finished.told_as(EncounterFinished))
        uow.audit(
            uow.action, "encounter", finished.encounter_id, site_id=finished.site_id, patient_id=finished.patient_id
        )
        return uow.commit(finished)
