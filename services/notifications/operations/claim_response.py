"""Taking one due response for sending: what its number said last decides, in the claim's own transaction."""

from datetime import datetime

from services.notifications.domain.responses import Response
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.hand_over import CLAIM_LASTS
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_response import keep_response
from shared.clock import Clock
from shared.ids import new_id


def claim_response(listed: Response, uow: Unit, clock: Clock, real_now: datetime) -> Outgoing | None:
    """Claims it, or skips it with its reason (None); None too where another worker had it in hand.

    Locks: number, response; the same order as a reply's. The caller commits before anything is sent.
    """
    uow.lock(lock_of(listed.number))
    response = uow.responses.lock(listed.response_id)
    if response is None or response != listed:
        return None
    if reason := response.why_not(uow.opt_outs.of(response.number), clock.now()):
        keep_response(response, response.skip(reason), uow, clock)
        return None
    outgoing = _outgoing(response, uow)
    uow.responses.change(response.claim(outgoing.attempt_id, real_now + CLAIM_LASTS))
    uow.audit("send_response", "response", response.response_id, detail={"kind": response.kind})
    return outgoing


def _outgoing(response: Response, uow: Unit) -> Outgoing:
    sender = uow.network.sender()
    assert sender is not None  # noqa: S101  # a reply came to it
    return Outgoing(
        network_id=uow.network_id,
        text_id=response.response_id,
        attempt_id=new_id(),
        from_number=sender,
        to_number=response.number,
        body=response.body(uow.templates.network_name()),
    )
