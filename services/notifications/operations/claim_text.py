"""Taking one due text for sending: everything that could forbid it is checked in the claim's own transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.reach import Number, number_for, why_not_reachable
from services.notifications.domain.tasks import COPY_MISSING, TEXT_UNKNOWN, task_about, task_after
from services.notifications.domain.texts import UNKNOWN, Candidate, Outcome, Text, event_of, why_not_about_the_visit
from services.notifications.domain.visits import Visit
from services.notifications.domain.wording import body_of
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id

# Real time. A gateway answers within 20 s; after 60 s without an outcome the process that claimed is gone.
CLAIM_LASTS = timedelta(seconds=60)
COPY_MAY_TAKE = timedelta(seconds=60)
_AT_ONCE = 200


def lock_of(number: str) -> str:
    """The lock that a claim and a STOP of this number share: after the STOP is acknowledged nothing is claimed."""
    return f"number/{number}"


def claim_text(candidate: Candidate, uow: Unit, clock: Clock, real_now: datetime) -> Outgoing | None:
    """Claims the text or skips it with its reason; None where there is nothing to send.

    Locks: number, appointment, text, patient; the same order as a reply's and an event's. Consent, opt-out and
    the visit's condition are read after the locks are held. The caller commits before anything is sent.
    """
    number = _number_of(candidate.patient_id, uow)
    if number:
        uow.lock(lock_of(number.number))
    visit = uow.copies.try_visit(candidate.appointment_id)
    text = uow.texts.lock_due(candidate.text_id) if visit else None
    if visit is None or text is None:
        return None
    if not uow.copies.hold_patient(text.patient_id) or _number_of(text.patient_id, uow) != number:
        return None  # the patient's numbers changed under our hands: the next round sees them
    reason = _why_not(text, visit, number, uow, clock.now())
    if reason:
        skip_text(text, reason, uow, clock)
        return None
    return _take(text, number, uow, clock, real_now)


def forget_lost_claims(uow: Unit, clock: Clock, real_now: datetime) -> int:
    """Claims whose process died become `unknown`: a person decides, no machine sends them again."""
    lost = uow.texts.lost_attempts(real_now, _AT_ONCE)
    for attempt_id in lost:
        settle_attempt(attempt_id, Outcome(status=UNKNOWN, reason="claim-lost"), uow, clock)
    return len(lost)


def settle_attempt(attempt_id: UUID, outcome: Outcome, uow: Unit, clock: Clock) -> None:
    """Records what became of an attempt; an outcome that says nothing new changes nothing."""
    text = uow.texts.lock_attempt(attempt_id)
    if text is None or not text.may_become(outcome.status):
        return
    uow.tasks.close([text.text_id], [TEXT_UNKNOWN], clock.now())
    _tell(text.settle(outcome, clock.now()), uow, clock)


def skip_text(text: Text, reason: str, uow: Unit, clock: Clock) -> None:
    """The text is not sent. The caller holds the locks of appointment and text."""
    telling = uow.texts.tellings([text.appointment_id])[text.appointment_id]
    uow.texts.keep_telling(telling.after_passing(text.kind, text.start_at))
    uow.tasks.close([text.text_id], [COPY_MISSING], clock.now())
    _tell(text.skip(reason, clock.now()), uow, clock)


def watch_waiting_texts(uow: Unit, clock: Clock, real_now: datetime) -> None:
    """A text that has waited too long for a copy becomes a task; it goes on waiting and is never sent unchecked."""
    for text in uow.texts.waiting_too_long(real_now, real_now - COPY_MAY_TAKE, _AT_ONCE):
        uow.tasks.open(task_about(text, COPY_MISSING, clock.now()))


def _number_of(patient_id: UUID, uow: Unit) -> Number | None:
    return number_for(uow.copies.numbers_of([patient_id]).get(patient_id, []))


def _why_not(text: Text, visit: Visit, number: Number | None, uow: Unit, now: datetime) -> str | None:
    telling = uow.texts.tellings([visit.appointment_id])[visit.appointment_id]
    said: OptOut | None = uow.opt_outs.of(number.number) if number else None
    opted_out = said is not None and said.opted_out
    return why_not_about_the_visit(text, visit, telling, now) or why_not_reachable(number, opted_out=opted_out)


def _take(text: Text, number: Number | None, uow: Unit, clock: Clock, real_now: datetime) -> Outgoing | None:
    site, sender = uow.copies.site(text.site_id), uow.network.sender()
    if number is None or site is None or sender is None:
        return None
    claimed = text.claim(number.number, new_id(), clock.now(), real_now + CLAIM_LASTS)
    telling = uow.texts.tellings([text.appointment_id])[text.appointment_id]
    uow.texts.keep_telling(telling.after_telling(text.kind, text.start_at))
    uow.tasks.close([text.text_id], [COPY_MISSING], clock.now())
    uow.texts.change(claimed)
    ids = {"site_id": text.site_id, "patient_id": text.patient_id}
    uow.audit("send_text", "text", text.text_id, **ids)
    return _outgoing(claimed, uow.network_id, sender, body_of(text.kind, site.name, site.zone, text.start_at))


def _outgoing(text: Text, network_id: UUID, sender: str, body: str) -> Outgoing:
    assert text.attempt_id is not None  # noqa: S101  # set by the claim
    assert text.number is not None  # noqa: S101
    return Outgoing(
        network_id=network_id, attempt_id=text.attempt_id, from_number=sender, to_number=text.number, body=body
    )


def _tell(text: Text, uow: Unit, clock: Clock) -> None:
    uow.texts.change(text)
    if task := task_after(text, clock.now()):
        uow.tasks.open(task)
    uow.record(event_of(text))
