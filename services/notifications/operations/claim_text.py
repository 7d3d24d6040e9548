"""Taking one due text for sending: everything that could forbid it is checked in the claim's own transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.reach import Number, number_for, why_not_reachable
from services.notifications.domain.tasks import COPY_MISSING, task_about
from services.notifications.domain.texts import Attempt, Candidate, Text, why_not_about_the_visit
from services.notifications.domain.visits import Visit
from services.notifications.domain.wording import body_of, digest
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from services.notifications.operations.tell_text import skip_text
from shared.clock import Clock
from shared.ids import new_id

# Real time. A gateway answers within 20 s; after 60 s without an outcome the process that claimed is gone.
CLAIM_LASTS = timedelta(seconds=60)
COPY_MAY_TAKE = timedelta(seconds=60)
_AT_ONCE = 200


def claim_text(candidate: Candidate, uow: Unit, clock: Clock, real_now: datetime, gateway: str) -> Outgoing | None:
    """Claims the text for that carrier or skips it with its reason; None where there is nothing to send.

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
    return _take(text, number, uow, clock, real_now, gateway)


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


def _take(
    text: Text, number: Number | None, uow: Unit, clock: Clock, real_now: datetime, gateway: str
) -> Outgoing | None:
    site, sender = uow.copies.site(text.site_id), uow.network.sender()
    if number is None or site is None or sender is None:
        return None
    body = body_of(text.kind, site.name, site.zone, text.start_at)
    attempt = Attempt(
        attempt_id=new_id(), gateway=gateway, from_number=sender, number=number.number, body_hash=digest(body)
    )
    claimed = text.claim(attempt, clock.now(), real_now, real_now + CLAIM_LASTS)
    telling = uow.texts.tellings([text.appointment_id])[text.appointment_id]
    uow.texts.keep_telling(telling.after_telling(text.kind, text.start_at, text.text_id))
    uow.tasks.close([text.text_id], [COPY_MISSING], clock.now())
    uow.texts.change(claimed)
    ids = {"site_id": text.site_id, "patient_id": text.patient_id}
    uow.audit("send_text", "text", text.text_id, **ids)
    return _outgoing(claimed, attempt, uow.network_id, body)


def _outgoing(text: Text, attempt: Attempt, network_id: UUID, body: str) -> Outgoing:
    return Outgoing(
        network_id=network_id,
        text_id=text.text_id,
        attempt_id=attempt.attempt_id,
        from_number=attempt.from_number,
        to_number=attempt.number,
        body=body,
    )
