"""A number wants no more texts, or wants them again. The caller holds the number's lock."""

from collections.abc import Sequence
from uuid import UUID

from services.notifications.domain.occasions import OCCASIONS
from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.reach import Number, number_for
from services.notifications.domain.texts import OPTED_OUT, Text
from services.notifications.operations.ports import Unit
from services.notifications.operations.tell_texts import skip_texts
from shared.clock import Clock
from shared.ids import new_id


def lock_of(number: str) -> str:
    """The lock that a claim and a STOP of this number share: after the STOP is acknowledged nothing is claimed."""
    return f"number/{number}"


def opt_out(number: str, evidence: str, uow: Unit, clock: Clock) -> bool:
    """In force when this commits; whatever is due to the number dies here. False: it was said before."""
    said = uow.opt_outs.of(number)
    is_new = said is None or not said.opted_out
    if is_new:
        _say(said or _silent(number, clock), evidence, uow, clock, opted_out=True)
    _skip_queued(number, uow, clock)
    return is_new


def opt_in(number: str, evidence: str, uow: Unit, clock: Clock) -> bool:
    """Takes an opt-out back; False where there is none."""
    said = uow.opt_outs.of(number)
    if said is None or not said.opted_out:
        return False
    _say(said, evidence, uow, clock, opted_out=False)
    return True


def _silent(number: str, clock: Clock) -> OptOut:
    return OptOut(opt_out_id=new_id(), number=number, opted_out=False, version=0, changed_at=clock.now(), evidence="")


def _say(said: OptOut, evidence: str, uow: Unit, clock: Clock, *, opted_out: bool) -> None:
    now_said = said.say(opted_out=opted_out, evidence=evidence, now=clock.now())
    uow.opt_outs.keep(now_said)
    uow.record(now_said.event())


def _skip_queued(number: str, uow: Unit, clock: Clock) -> None:
    """What is due to patients who would be texted on this number dies here and now, each with its event."""
    skip_due_to(number, uow.copies.patients_with(number), OPTED_OUT, uow, clock)


def skip_due_to(number: str, patient_ids: Sequence[UUID], reason: str, uow: Unit, clock: Clock) -> None:
    """What is due to these patients and would go to that number is skipped."""
    numbers = uow.copies.numbers_of(patient_ids)
    due = [it for it in _lock_due(patient_ids, uow) if _goes_to(number, numbers[it.patient_id], it.kind)]
    tellings = uow.texts.tellings([it.appointment_id for it in due if it.appointment_id and not it.asked_id])
    told = [None if it.asked_id or it.appointment_id is None else tellings[it.appointment_id] for it in due]
    skip_texts([(text, telling, reason) for text, telling in zip(due, told, strict=True)], uow, clock)


def _lock_due(patient_ids: Sequence[UUID], uow: Unit) -> list[Text]:
    appointment_ids, asked_ids = uow.texts.appointments_with_due(patient_ids), uow.asks.with_due(patient_ids)
    uow.copies.lock_visits(appointment_ids)
    uow.asks.lock(asked_ids)
    return [*uow.texts.lock_due_of(appointment_ids), *uow.asks.lock_due_of(asked_ids)]


def _goes_to(number: str, numbers: Sequence[Number], kind: str) -> bool:
    chosen = number_for(numbers, OCCASIONS[kind])
    return chosen is not None and chosen.number == number
