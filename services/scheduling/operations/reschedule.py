"""What becomes of a visit on a reschedule list. Each step is one transaction."""

from typing import Protocol
from uuid import UUID

from services.scheduling.domain.commands import (
    AcceptProposal,
    CancelListed,
    DeclineProposals,
    MarkToCall,
    PickTime,
)
from services.scheduling.domain.errors import (
    AppointmentOverlaps,
    BeyondHorizon,
    NoticeTooShort,
    OutsideWorkingHours,
    ProposalTaken,
    ResourceTaken,
    StartInThePast,
)
from services.scheduling.domain.reschedules import Reschedule, shown
from services.scheduling.operations.cancel_appointment import cancelled
from services.scheduling.operations.find_proposals import Finding, fresh_proposals, propose
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.move_appointment import Target, moved
from services.scheduling.operations.ports import Unit, ZipCodes
from services.scheduling.operations.put_on_list import audit_listed
from shared.clock import Clock
from shared.errors import Stale, require_version
from shared.events.rescheduling import Proposal

# Why a time that was proposed cannot be had any more.
GONE = (AppointmentOverlaps, ResourceTaken, OutsideWorkingHours, NoticeTooShort, BeyondHorizon, StartInThePast)


def accept_proposal(command: AcceptProposal, uow: Unit, clock: Clock, zips: ZipCodes) -> Reschedule:
    """Moves the visit to the proposal.

    Raises NotFound, Stale, RescheduleSettled, NoSuchProposal, AppointmentNotBooked, and ProposalTaken with
    `proposals` that are free now: then the visit stays where it was.
    """
    with uow:
        listed = _read(command, uow)
        proposal = listed.proposal(command.number)
        try:
            settled = accepted(listed, proposal, uow, clock)
        except GONE:
            fresh = fresh_proposals(listed, _finding(listed, uow, clock, zips))
            raise ProposalTaken({"proposals": shown(fresh)}) from None
        return uow.commit(settled)


def accepted(listed: Reschedule, proposal: Proposal, uow: Unit, clock: Clock) -> Reschedule:
    """The same within a unit of work. Raises what moving raises."""
    to = Target(site_id=proposal.site_id, practitioner_id=proposal.practitioner_id, start_at=proposal.start_at)
    settled = _moved(listed, to, uow, clock)
    audit_listed("accept_proposal", settled, uow)
    return settled


def pick_time(command: PickTime, uow: Unit, clock: Clock) -> Reschedule:
    """Moves the visit to a time that was not proposed. Raises what accepting and moving raise."""
    with uow:
        listed = _read(command, uow)
        to = Target(
            site_id=command.site_id or listed.site_id,
            practitioner_id=command.practitioner_id or listed.practitioner_id,
            start_at=command.start_at,
        )
        settled = _moved(listed, to, uow, clock)
        audit_listed("pick_time", settled, uow)
        return uow.commit(settled)


def cancel_listed(command: CancelListed, uow: Unit, clock: Clock) -> Reschedule:
    """Cancels the visit. Raises NotFound, Stale, RescheduleSettled, AppointmentNotBooked."""
    with uow:
        listed = _read(command, uow)
        appointment = uow.appointments.get(listed.appointment_id)
        settled = _same(cancelled(appointment, command.reason, "clinic", uow, clock), listed)
        audit_listed("cancel_listed", settled, uow)
        return uow.commit(settled)


def decline_proposals(command: DeclineProposals, uow: Unit, clock: Clock, zips: ZipCodes) -> Reschedule:
    """The patient takes none; `then` come the next proposals, or a call. Raises NotFound, Stale, RescheduleSettled."""
    with uow:
        listed = _taken(command, uow)
        if command.then is None:
            listed.decline()
        else:
            listed.refuse_proposals()
            if command.then == "proposals":
                propose([listed], _finding(listed, uow, clock, zips))
            else:
                listed.call()
        return _kept("decline_proposals", listed, uow)


def mark_to_call(command: MarkToCall, uow: Unit, clock: Clock) -> Reschedule:
    """Somebody has to call; said again, nothing changes. Raises NotFound, Stale, RescheduleSettled."""
    with uow:
        listed = _taken(command, uow)
        if listed.state != "to-call":
            listed.call()
        return _kept("mark_to_call", listed, uow)


class OfReschedule(Protocol):
    """What every step names."""

    @property
    def reschedule_id(self) -> UUID: ...
    @property
    def version(self) -> int | None: ...


def _read(command: OfReschedule, uow: Unit, *, lock: bool = False) -> Reschedule:
    """The visit's place on the list. Raises NotFound, Stale, RescheduleSettled."""
    listed = uow.reschedules.read(command.reschedule_id, lock=lock)
    require_version(command.version, listed.version)
    listed.require_open()
    return listed


def _taken(command: OfReschedule, uow: Unit) -> Reschedule:
    """The same under the lock of the resource that the visit is booked with, as it is then."""
    uow.lock(resource_lock(_read(command, uow).practitioner_id))
    return _read(command, uow, lock=True)


def _finding(listed: Reschedule, uow: Unit, clock: Clock, zips: ZipCodes) -> Finding:
    return Finding(uow.absences.of_list(listed), uow, clock.now(), zips)


def _moved(listed: Reschedule, to: Target, uow: Unit, clock: Clock) -> Reschedule:
    """The appointment's row is locked first, then resources: so does whoever moves it otherwise."""
    appointment = uow.appointments.get(listed.appointment_id)
    return _same(moved(appointment, to, uow, clock), listed)


def _same(settled: Reschedule | None, listed: Reschedule) -> Reschedule:
    """What was settled under the locks, where it is still what was read before them. Raises Stale."""
    if settled is None or (settled.reschedule_id, settled.version) != (listed.reschedule_id, listed.version + 1):
        raise Stale
    return settled


def _kept(action: str, listed: Reschedule, uow: Unit) -> Reschedule:
    uow.reschedules.keep([listed] if listed.events else [])
    audit_listed(action, listed, uow)
    return uow.commit(listed)
