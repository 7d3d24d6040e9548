"""Taking one free text for sending: everything that could forbid it is checked in the claim's own transaction."""

from dataclasses import replace
from datetime import datetime

from services.notifications.domain.errors import NumberNotOfPatient
from services.notifications.domain.free_texts import FreeText
from services.notifications.domain.limits import Verdict
from services.notifications.domain.texts import DUE, NO_PHONE
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.hand_over import CLAIM_LASTS
from services.notifications.operations.may_text import verdict_on_words
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_free_text import keep
from shared.clock import Clock
from shared.ids import new_id


def claim_free_text(listed: FreeText, uow: Unit, clock: Clock, real_now: datetime) -> Outgoing | None:
    """Claims it; None where it is skipped with its reason, left until the hour at which it may go, or in other hands.

    Locks: number, free text, patient; the same order as a reply's. The caller commits before anything is sent.
    """
    uow.lock(lock_of(listed.number))
    text = uow.free_texts.lock(listed.free_text_id)
    if text is None or text.status != DUE or not uow.copies.hold_patients([text.patient_id]):
        return None
    verdict = _verdict(text, uow, clock.now())
    if verdict.reason:
        keep(text, text.skip(verdict.reason), uow, clock)
    if verdict.until:
        keep(text, replace(text, due_at=verdict.until), uow, clock)
    if not verdict.is_to_go:
        return None
    outgoing = _outgoing(text, uow)
    claimed = text.claim(outgoing.attempt_id, real_now + CLAIM_LASTS)
    uow.free_texts.change(replace(claimed, claimed_at=clock.now()))
    ids = {"site_id": text.site_id, "patient_id": text.patient_id}
    uow.audit("send_free_text", "free_text", text.free_text_id, **ids)
    return outgoing


def _verdict(text: FreeText, uow: Unit, now: datetime) -> Verdict:
    if too_late := text.why_too_late(now):
        return Verdict(reason=too_late)
    try:
        return verdict_on_words(text.patient_id, text.site_id, text.number, text.written_at, uow, now)
    except NumberNotOfPatient:
        return Verdict(reason=NO_PHONE)


def _outgoing(text: FreeText, uow: Unit) -> Outgoing:
    sender = uow.network.sender()
    assert sender is not None  # noqa: S101  # a network has its number from the beginning
    return Outgoing(
        network_id=uow.network_id,
        text_id=text.free_text_id,
        attempt_id=new_id(),
        from_number=sender,
        to_number=text.number,
        body=text.body,
    )
