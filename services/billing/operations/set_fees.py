"""The fee schedule."""

from services.billing.domain.commands import SetFees
from services.billing.operations.ports import Unit
from shared.clock import Clock


def set_fees(command: SetFees, uow: Unit, clock: Clock) -> SetFees:
    """Sets the fees of these codes; others stay, and so does what was charged before."""
    with uow:
        uow.fees.set(command.fees)
        uow.audit(uow.action, "fee-schedule", uow.network_id, detail={"fees": len(command.fees)})
        return uow.commit(command)
