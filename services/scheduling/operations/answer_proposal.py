"""What a patient answered to the time that was proposed by text, and what follows where nobody could be asked."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.operations.find_proposals import Finding, fresh_proposals, propose
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit, ZipCodes
from services.scheduling.operations.put_on_list import audit_listed
from services.scheduling.operations.reschedule import accepted
from services.scheduling.operations.undone import is_done
from shared.clock import Clock
from shared.errors import Stale
from shared.events.notifications import ReplyReceived, TextCondition
from shared.events.rescheduling import Proposal


def take_proposal(said: ReplyReceived, uow: Unit, clock: Clock, zips: ZipCodes) -> None:
    """The visit moves to the time that the text named, as long as that is proposed, whoever of the colleagues has it.

    Where nobody has it any more the next times are proposed, or somebody calls; either is told. One that is not
    proposed any more has been followed by others already. Raises Stale where somebody is at it in this very moment:
    then the reply is tried again.
    """
    listed = uow.reschedules.open_of(said.appointment_id, lock=False) if said.appointment_id else None
    if listed is None:
        return
    lost: list[Proposal] = []
    for proposal in _of_that_time(said, listed, uow, clock, zips):
        if is_done(partial(accepted, listed, proposal, uow, clock), uow):
            return
        lost.append(proposal)
    taken = _taken(listed, uow) if lost else None
    if taken:
        taken.lose(lost)
        propose([taken], _finding(taken, uow, clock, zips))
        _require_another(taken, said)
        _keep("lose_proposal", taken, uow)


def refuse_proposals(said: ReplyReceived, uow: Unit) -> None:
    """The patient takes none of them: somebody calls. Said again it changes nothing."""
    listed = uow.reschedules.open_of(said.appointment_id, lock=False) if said.appointment_id else None
    taken = _taken(listed, uow) if listed else None
    if taken and taken.proposals:
        taken.refuse_proposals()
        taken.call()
        _keep("decline_proposals", taken, uow)


def call_instead(text: TextCondition, uow: Unit) -> None:
    """Nobody could be asked by that text: somebody calls, with the proposals to be named. Where another time is
    proposed first by now, that is asked by a text of its own."""
    listed = uow.reschedules.open_of(text.appointment_id, lock=False)
    taken = _taken(listed, uow) if listed else None
    if taken and taken.state == "offered" and taken.asks(text.asked_id, text.start_at, text.asked_site_id):
        taken.call()
        _keep("mark_to_call", taken, uow)


def _of_that_time(
    said: ReplyReceived, listed: Reschedule, uow: Unit, clock: Clock, zips: ZipCodes
) -> Iterator[Proposal]:
    """What is proposed of the time that the text named, and then what else of it is free now: the next proposals
    would name it once more, and nobody is asked the same twice."""
    seeking = replace(listed)
    while same := seeking.proposed(said.start_at, said.asked_site_id):
        yield from same
        seeking.lose(same)
        seeking.proposals = fresh_proposals(seeking, _finding(seeking, uow, clock, zips))


def _require_another(taken: Reschedule, said: ReplyReceived) -> None:
    """The time that was just refused came back meanwhile: her yes is to it. Raises Stale."""
    if taken.proposed(said.start_at, said.asked_site_id):
        raise Stale


def _finding(listed: Reschedule, uow: Unit, clock: Clock, zips: ZipCodes) -> Finding:
    return Finding(uow.absences.of_list(listed), uow, clock.now(), zips)


def _taken(listed: Reschedule, uow: Unit) -> Reschedule | None:
    """The visit's place on a list under the lock of the resource that it is booked with; None where it is off it."""
    uow.lock(resource_lock(listed.practitioner_id))
    return uow.reschedules.open_of(listed.appointment_id)


def _keep(action: str, listed: Reschedule, uow: Unit) -> None:
    uow.reschedules.keep([listed])
    audit_listed(action, listed, uow)
