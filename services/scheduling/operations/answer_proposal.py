"""What a patient answered to the time that was proposed by text, and what follows where nobody could be asked."""

from uuid import UUID

from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.operations.find_proposals import Finding, propose
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit, ZipCodes
from services.scheduling.operations.put_on_list import audit_listed
from services.scheduling.operations.reschedule import accepted
from services.scheduling.operations.undone import is_done
from shared.clock import Clock
from shared.events.notifications import ReplyReceived


def take_proposal(said: ReplyReceived, uow: Unit, clock: Clock, zips: ZipCodes) -> None:
    """The visit moves to the time that the text named, as long as that is proposed.

    Where it cannot be had any more the next times are proposed, or somebody calls; either is told. One that is not
    proposed any more has been followed by others already. Raises Stale where somebody is at it in this very moment:
    then the reply is tried again.
    """
    listed = uow.reschedules.open_of(said.appointment_id, lock=False) if said.appointment_id else None
    proposal = listed.proposed(said.start_at, said.asked_site_id) if listed else None
    if listed is None or proposal is None or is_done(lambda: accepted(listed, proposal, uow, clock), uow):
        return
    if taken := _taken(listed, uow):
        taken.lose(proposal)
        propose([taken], Finding(uow.absences.of_list(taken), uow, clock.now(), zips))
        _keep("lose_proposal", taken, uow)


def refuse_proposals(said: ReplyReceived, uow: Unit) -> None:
    """The patient takes none of them: somebody calls. Said again it changes nothing."""
    listed = uow.reschedules.open_of(said.appointment_id, lock=False) if said.appointment_id else None
    taken = _taken(listed, uow) if listed else None
    if taken and taken.proposals:
        taken.refuse_proposals()
        taken.call()
        _keep("decline_proposals", taken, uow)


def call_instead(appointment_id: UUID, uow: Unit) -> None:
    """Nobody could be asked by text: somebody calls, with the proposals to be named."""
    listed = uow.reschedules.open_of(appointment_id, lock=False)
    taken = _taken(listed, uow) if listed else None
    if taken and taken.state == "offered":
        taken.call()
        _keep("mark_to_call", taken, uow)


def _taken(listed: Reschedule, uow: Unit) -> Reschedule | None:
    """The visit's place on a list under the lock of the resource that it is booked with; None where it is off it."""
    uow.lock(resource_lock(listed.practitioner_id))
    return uow.reschedules.open_of(listed.appointment_id)


def _keep(action: str, listed: Reschedule, uow: Unit) -> None:
    uow.reschedules.keep([listed])
    audit_listed(action, listed, uow)
