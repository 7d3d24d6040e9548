"""Finishing encounters."""

from services.records.domain.commands import FinishEncounter
from services.records.domain.encounters import Encounter
from services.records.operations.ports import Unit
from shared.clock import Clock
from shared.events.records import EncounterFinished


def finish_encounter(command: FinishEncounter, uow: Unit, clock: Clock) -> Encounter:
    """Codes the visit; this is final. Raises NotFound and the reasons of `Encounter.finished`."""
    with uow:
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
