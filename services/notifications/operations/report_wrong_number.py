"""Somebody has said that a number is not the patient's, or that it is after all."""

from services.notifications.domain.commands import ReportWrongNumber
from services.notifications.domain.errors import NumberNotOfPatient
from services.notifications.domain.texts import WRONG_NUMBER
from services.notifications.domain.wrong_numbers import WrongNumber, task_to_ask_for_a_number
from services.notifications.operations.opt_out import lock_of, skip_due_to
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id


def report_wrong_number(command: ReportWrongNumber, uow: Unit, clock: Clock) -> WrongNumber:
    """In force when this commits: no text for this patient goes there; others who have the number are texted as before.

    What was due there dies here, unless another number takes its place. Said again it changes nothing. A number
    that is said to be right is texted again, whatever a carrier has said of it so far. Raises
    NotFound for a patient of whom nobody has said that the asker may see her, NumberNotOfPatient.
    """
    with uow:
        uow.asker.require_patients_seen()
        uow.lock(lock_of(command.number))
        if command.number not in {it.number for it in uow.copies.numbers_of([command.patient_id])[command.patient_id]}:
            raise NumberNotOfPatient
        known = uow.numbers.wrong(command.patient_id, command.number)
        said = known if known and known.wrong and command.wrong else _say(command, uow, clock)
        if not said.wrong:
            uow.numbers.forget_failures([said.number])
        ids = {"patient_id": command.patient_id, "detail": {"wrong": said.wrong}}
        uow.audit("report_wrong_number", "patient", command.patient_id, **ids)
        return uow.commit(said)


def _say(command: ReportWrongNumber, uow: Unit, clock: Clock) -> WrongNumber:
    now, by = clock.now(), uow.asker.principal
    said = WrongNumber(**vars(command), report_id=new_id(), reported_at=now, reported_by=by)
    uow.numbers.keep_wrong(said)
    if said.wrong:
        uow.tasks.open(task_to_ask_for_a_number(said, uow.numbers.site_of(said.patient_id)))
        skip_due_to(said.number, [said.patient_id], WRONG_NUMBER, uow, clock)
    return said
