"""Encounters whose patient does not come: after a minute a person has to know."""

from services.billing.domain.tasks import PATIENT_MISSING, WAIT_SECONDS, task_of
from services.billing.operations.ports import Unit
from shared.clock import Clock

_AT_ONCE = 200


def watch_waiting_encounters(uow: Unit, clock: Clock) -> int:
    """Opens a task for each finished encounter that has waited for its patient too long; the bill closes it again."""
    with uow:
        waiting = uow.copies.waiting(WAIT_SECONDS, PATIENT_MISSING, _AT_ONCE)
        uow.tasks.open(
            [
                task_of(
                    encounter_id=encounter_id,
                    patient_id=patient_id,
                    site_id=site_id,
                    cause=PATIENT_MISSING,
                    at=clock.now(),
                )
                for encounter_id, patient_id, site_id in waiting
            ]
        )
        return uow.commit(len(waiting))
