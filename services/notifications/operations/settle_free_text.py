"""What became of a free text: recorded where it is news, and a call where it may not have come."""

from dataclasses import replace
from datetime import datetime

from services.notifications.domain.commands import ReceiptReceived, ReceiveReceipt
from services.notifications.domain.free_texts import FreeText, task_about_free_text
from services.notifications.domain.texts import UNKNOWN, Outcome
from services.notifications.operations.gateway import Outgoing, Told
from services.notifications.operations.hear_of_numbers import hear_of_number, keep_what_they_say_of_numbers
from services.notifications.operations.ports import Unit
from shared.clock import Clock


def settle_free_text(
    sent: Outgoing, outcome: Outcome, uow: Unit, clock: Clock, real_now: datetime, *, for_another: bool = False
) -> None:
    """With what the carrier said of that attempt; `for_another`: another one is asked next.

    Locks: number, free text.
    """
    hear_of_number(sent.to_number, outcome, f"carrier-refusal/{sent.attempt_id}", uow, clock)
    text = uow.free_texts.lock(sent.text_id)
    if text is not None and text.attempt_id == sent.attempt_id:
        keep(text, text.settle(outcome, real_now, for_another=for_another), uow, clock)


def give_up_lost_free_texts(uow: Unit, clock: Clock, real_now: datetime) -> None:
    """The process that claimed it is gone: nobody knows, and it is not sent again."""
    while lost := uow.free_texts.lost(real_now):
        keep(lost, lost.hear(Outcome(status=UNKNOWN, reason="claim-lost")), uow, clock)


def receive_receipt_of_free_text(
    seen: FreeText, command: ReceiveReceipt, told: Told | None, uow: Unit, clock: Clock
) -> ReceiptReceived:
    """What the carrier tells of it afterwards, in any order. Locks: number, free text."""
    uow.asker.require_site(seen.site_id)
    if told:
        hear_of_number(seen.number, told, f"carrier-receipt/{command.sid}", uow, clock)
    text = uow.free_texts.lock(seen.free_text_id)
    assert text is not None  # noqa: S101  # free texts are not deleted
    if told:
        known = text.hear(Outcome(status=told.status, sid=command.sid, reason=told.reason))
        text = keep(text, known, uow, clock)
    uow.audit("receive_receipt", "free_text", text.free_text_id, site_id=text.site_id, detail={"status": text.status})
    return ReceiptReceived(text_id=text.free_text_id, status=text.status)


def keep(before: FreeText, text: FreeText, uow: Unit, clock: Clock) -> FreeText:
    """Writes what the locked free text has become, and what a person has to do about it; gives it."""
    if text == before:
        return text
    uow.free_texts.change(text)
    task = task_about_free_text(text, clock.now())
    if text.is_missed and not before.is_missed:
        uow.tasks.open(task)
    if before.is_missed and not text.is_missed and (known := uow.tasks.lock(task.task_id)) and known.done_at is None:
        uow.tasks.change(replace(known, done_at=clock.now()))
    keep_what_they_say_of_numbers([text], uow, clock)
    return text
