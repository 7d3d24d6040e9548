"""What the carrier tells of a text afterwards: the furthest of its states is kept, whatever the order of receipts."""

from collections.abc import Sequence

from services.notifications.domain.commands import ReceiptReceived, ReceiveReceipt
from services.notifications.domain.responses import Response
from services.notifications.domain.texts import DUE, Outcome, Text, after_telling
from services.notifications.operations.about import lock_what_these_are_about
from services.notifications.operations.gateway import Told
from services.notifications.operations.hear_of_numbers import hear_of_number
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import keep_outcomes
from services.notifications.operations.settle_free_text import receive_receipt_of_free_text
from services.notifications.operations.settle_response import keep_response
from shared.clock import Clock
from shared.errors import NotFound


def receive_receipt(command: ReceiveReceipt, told: Told | None, uow: Unit, clock: Clock) -> ReceiptReceived:
    """`told` is None where the carrier's word says nothing to us. Raises NotFound for what we never sent.

    Locks: the number where something is said of it, then what it is about and text, or response. A receipt is the
    carrier's own word that it has the text: it settles an unknown one, and one that waits to be tried again. So are
    those settled that the text told as well.
    """
    with uow:
        if response := uow.responses.of(command.text_id):
            return uow.commit(_of_response(response, command.sid, told, uow, clock))
        if free_text := uow.free_texts.of(command.text_id):
            return uow.commit(receive_receipt_of_free_text(free_text, command, told, uow, clock))
        seen = uow.texts.of(command.text_id)
        if seen is None:
            raise NotFound
        uow.asker.require_site(seen.site_id)
        if told:
            hear_of_number(seen.number, told, f"carrier-receipt/{command.sid}", uow, clock)
        text = _settle(seen, command.sid, told, uow, clock)
        uow.audit("receive_receipt", "text", text.text_id, site_id=text.site_id, detail={"status": text.status})
        return uow.commit(ReceiptReceived(text_id=text.text_id, status=text.status))


def _of_response(seen: Response, sid: str, told: Told | None, uow: Unit, clock: Clock) -> ReceiptReceived:
    if told:
        hear_of_number(seen.number, told, f"carrier-receipt/{sid}", uow, clock)
    response = uow.responses.lock(seen.response_id)
    assert response is not None  # noqa: S101  # responses are not deleted
    if told:
        known = response.hear(Outcome(status=told.status, sid=sid, reason=told.reason))
        response = keep_response(response, known, uow, clock)
    uow.audit("receive_receipt", "response", response.response_id, detail={"status": response.status})
    return ReceiptReceived(text_id=response.response_id, status=response.status)


def _settle(seen: Text, sid: str, told: Told | None, uow: Unit, clock: Clock) -> Text:
    """With all that it was told with; gives the one that was named."""
    together = _lock_together(seen, sid, uow)
    text = together[0]
    if told is None:
        return text
    known = [(it, Outcome(status=told.status, sid=it.sid or sid, reason=told.reason)) for it in together]
    _keep_what_was_told(known, uow)
    settled = {it.text_id: it for it in keep_outcomes(known, uow, clock)}
    return settled.get(text.text_id, text)


def _lock_together(seen: Text, sid: str, uow: Unit) -> list[Text]:
    """The text, and what the same message told. Raises NotFound for one that is gone."""
    of_attempt = uow.texts.of_attempt(seen.attempt_id) if seen.attempt_id else []
    lock_what_these_are_about(of_attempt or [seen], uow)
    locked = uow.texts.lock_attempts([seen.attempt_id]) if seen.attempt_id else []
    text = next((it for it in locked if it.text_id == seen.text_id), None) or uow.texts.lock(seen.text_id)
    if text is None:
        raise NotFound
    return [text, *(it for it in locked if it.text_id != text.text_id and _is_told_by(sid, text, it))]


def _is_told_by(sid: str, text: Text, other: Text) -> bool:
    """Whether the message told the other too. It may be of an attempt before the last, of which it was thought that the
    carrier had nothing, and which told the one alone; that cannot be where there was no other attempt."""
    return text.sid == sid or (text.sid is None and text.tries == other.tries == 1)


def _keep_what_was_told(known: Sequence[tuple[Text, Outcome]], uow: Unit) -> None:
    """What was to be tried again, and is with the carrier after all, was told of its visit."""
    for text, outcome in known:
        if text.may_become(outcome.status) and text.status == DUE and text.tells and text.appointment_id:
            telling = uow.texts.tellings([text.appointment_id])[text.appointment_id]
            uow.texts.keep_tellings([after_telling(telling, text)])
