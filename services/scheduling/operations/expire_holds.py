"""Holds that nobody booked in time give their time back."""

from uuid import UUID

from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def expired_holds(uow: Unit, clock: Clock) -> list[UUID]:
    """Those to be expired now."""
    with uow:
        return uow.holds.expired(clock.now())


def expire_hold(hold_id: UUID, uow: Unit, clock: Clock) -> None:
    """A small transaction for each; one that was booked or released meanwhile stays as it is."""
    with uow:
        hold = uow.holds.get(hold_id)
        if hold.status == "held" and hold.expires_at <= clock.now():
            uow.holds.lock_what_it_takes(hold)
            uow.holds.end(hold.expired())
        uow.commit()
