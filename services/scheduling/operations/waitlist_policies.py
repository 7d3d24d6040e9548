"""How freed times are offered."""

from dataclasses import replace
from uuid import UUID

from services.scheduling.domain.commands import SetWaitlistPolicy
from services.scheduling.domain.waitlist import WaitlistPolicy
from services.scheduling.operations.ports import Unit
from shared.clock import Clock
from shared.errors import require_version


def set_waitlist_policy(command: SetWaitlistPolicy, uow: Unit, clock: Clock) -> WaitlistPolicy:
    """From now on offers are made so; those that are open stay as they were made. Raises NotFound (type), Stale."""
    with uow:
        uow.lock("waitlist-policy")
        if command.appointment_type_id is not None:
            uow.places.appointment_type(command.appointment_type_id)
        known = uow.waitlist_offers.policy(command.appointment_type_id)
        require_version(command.version, known.version)
        told = {name: getattr(command, name) for name in ("mode", "hold_minutes", "group_size")}
        policy = replace(known, **told, version=known.version + 1)
        uow.waitlist_offers.keep_policy(command.appointment_type_id, policy)
        uow.audit("set_waitlist_policy", "appointment_type", command.appointment_type_id or uow.network_id)
        return uow.commit(policy)


def read_waitlist_policy(appointment_type_id: UUID | None, uow: Unit) -> WaitlistPolicy:
    """What was set for the type, or for the network where none is named; version 0 where nothing was."""
    if appointment_type_id is not None:
        uow.places.appointment_type(appointment_type_id)
    return uow.waitlist_offers.policy(appointment_type_id)
