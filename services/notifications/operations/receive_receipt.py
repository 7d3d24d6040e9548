"""What the carrier tells of a text afterwards: the furthest of its states is kept, whatever the order of receipts."""

from services.notifications.domain.commands import ReceiptReceived, ReceiveReceipt
from services.notifications.domain.texts import DUE, Outcome, Text
from services.notifications.operations.gateway import Told
from services.notifications.operations.opt_out import lock_of, opt_out
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import keep_outcomes
from shared.clock import Clock
from shared.errors import NotFound


def receive_receipt(command: ReceiveReceipt, told: Told | None, uow: Unit, clock: Clock) -> ReceiptReceived:
    """`told` is None where the carrier's word says nothing to us. Raises NotFound for a text that we never sent.

    Locks: number, appointment, text. A receipt is the carrier's own word that it has the text: it settles an unknown
    one, and one that waits to be tried again.
    """
    with uow:
        seen = uow.texts.of(command.text_id)
        if seen is None:
            raise NotFound
        uow.asker.require_site(seen.site_id)
        if told and told.opted_out and seen.number:
            uow.lock(lock_of(seen.number))
            opt_out(seen.number, f"carrier-receipt/{command.sid}", uow, clock)
        uow.copies.lock_visits([seen.appointment_id])
        text = uow.texts.lock(command.text_id)
        if text is None:
            raise NotFound
        if told:
            text = _settle(text, command.sid, told, uow, clock)
        uow.audit("receive_receipt", "text", text.text_id, site_id=text.site_id, detail={"status": text.status})
        return uow.commit(ReceiptReceived(text_id=text.text_id, status=text.status))


def _settle(text: Text, sid: str, told: Told, uow: Unit, clock: Clock) -> Text:
    outcome = Outcome(status=told.status, sid=text.sid or sid, reason=told.reason)
    settled = keep_outcomes([(text, outcome)], uow, clock)
    if settled and text.status == DUE:
        telling = uow.texts.tellings([text.appointment_id])[text.appointment_id]
        uow.texts.keep_tellings([telling.after_telling(text.kind, text.start_at, text.text_id)])
    return settled[0] if settled else text
