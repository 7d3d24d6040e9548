"""A number wants no more texts, or wants them again. The caller holds the number's lock."""

from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.reach import number_for
from services.notifications.domain.texts import OPTED_OUT
from services.notifications.operations.ports import Unit
from services.notifications.operations.tell_texts import skip_texts
from shared.clock import Clock
from shared.ids import new_id


def lock_of(number: str) -> str:
    """The lock that a claim and a STOP of this number share: after the STOP is acknowledged nothing is claimed."""
    return f"number/{number}"


def opt_out(number: str, evidence: str, uow: Unit, clock: Clock) -> None:
    """In force when this commits; whatever is due to the number dies here. Said again it changes nothing."""
    said = uow.opt_outs.of(number)
    if said is None or not said.opted_out:
        _say(said or _silent(number, clock), evidence, uow, clock, opted_out=True)
    _skip_queued(number, uow, clock)


def opt_in(number: str, evidence: str, uow: Unit, clock: Clock) -> None:
    """Takes an opt-out back, where there is one."""
    said = uow.opt_outs.of(number)
    if said and said.opted_out:
        _say(said, evidence, uow, clock, opted_out=False)


def _silent(number: str, clock: Clock) -> OptOut:
    return OptOut(opt_out_id=new_id(), number=number, opted_out=False, version=0, changed_at=clock.now(), evidence="")


def _say(said: OptOut, evidence: str, uow: Unit, clock: Clock, *, opted_out: bool) -> None:
    now_said = said.say(opted_out=opted_out, evidence=evidence, now=clock.now())
    uow.opt_outs.keep(now_said)
    uow.record(now_said.event())


def _skip_queued(number: str, uow: Unit, clock: Clock) -> None:
    """What is due to patients who would be texted on this number dies here and now, each with its event."""
    numbers = uow.copies.numbers_of(uow.copies.patients_with(number))
    reached = [it for it, theirs in numbers.items() if (chosen := number_for(theirs)) and chosen.number == number]
    appointment_ids = uow.texts.appointments_with_due(reached)
    uow.copies.lock_visits(appointment_ids)
    due = uow.texts.lock_due_of(appointment_ids)
    tellings = uow.texts.tellings([text.appointment_id for text in due])
    skip_texts([(text, tellings[text.appointment_id], OPTED_OUT) for text in due], uow, clock)
