"""Taking due texts for sending: everything that could forbid one is checked in the claim's own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.reach import Number, number_for, why_not_reachable
from services.notifications.domain.tasks import COPY_MISSING
from services.notifications.domain.texts import Attempt, Candidate, Text, why_not_about_the_visit
from services.notifications.domain.visits import Telling, Visit
from services.notifications.domain.wording import body_of, digest
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from services.notifications.operations.tell_texts import skip_texts
from shared.clock import Clock
from shared.ids import new_id

# Real time. A gateway answers within 20 s; after 60 s without an outcome the process that claimed is gone.
CLAIM_LASTS = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What is to be sent, and the ids of texts that could not be decided now: somebody else has them in hand."""

    outgoing: list[Outgoing]
    passed_by: set[UUID]


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A due text under its locks, and what decides about it."""

    candidate: Candidate
    text: Text
    visit: Visit
    telling: Telling
    number: Number | None


def claim_texts(candidates: Sequence[Candidate], uow: Unit, clock: Clock, real_now: datetime, gateway: str) -> Claim:
    """Claims the texts for that carrier or skips each with its reason.

    Locks: numbers, appointments, texts, patients; the same order as a reply's and an event's. Consent, opt-out and
    the visit's condition are read after the locks are held. The caller commits before anything is sent.
    """
    numbers = _numbers_of(candidates, uow)
    uow.lock(*(lock_of(number.number) for number in numbers.values() if number))
    cases = _in_hand(candidates, numbers, uow)
    reasons = _why_not(cases, uow, clock.now())
    skip_texts([(it.text, it.telling, reason) for it, reason in zip(cases, reasons, strict=True) if reason], uow, clock)
    taken = [case for case, reason in zip(cases, reasons, strict=True) if not reason]
    passed_by = {it.text_id for it in candidates} - {case.text.text_id for case in cases}
    return Claim(outgoing=_take(taken, uow, clock, real_now, gateway), passed_by=passed_by)


def _numbers_of(candidates: Sequence[Candidate], uow: Unit) -> dict[UUID, Number | None]:
    patient_ids = {it.patient_id for it in candidates}
    known = uow.copies.numbers_of(list(patient_ids))
    return {it: number_for(known.get(it, [])) for it in patient_ids}


def _in_hand(candidates: Sequence[Candidate], numbers: Mapping[UUID, Number | None], uow: Unit) -> list[_Case]:
    """What nobody else has in hand and is as it was listed; the rest is for the next round."""
    visits = uow.copies.try_visits([it.appointment_id for it in candidates])
    locked = uow.texts.lock_due([it.text_id for it in candidates if it.appointment_id in visits])
    texts = {text.text_id: text for text in locked}
    versions = uow.copies.hold_patients([text.patient_id for text in locked])
    held = [it for it in candidates if it.text_id in texts and _is_as_listed(it, texts[it.text_id], versions)]
    tellings = uow.texts.tellings([it.appointment_id for it in held])
    return [
        _Case(
            candidate=it,
            text=texts[it.text_id],
            visit=visits[it.appointment_id],
            telling=tellings[it.appointment_id],
            number=numbers[it.patient_id],
        )
        for it in held
    ]


def _is_as_listed(candidate: Candidate, text: Text, versions: Mapping[UUID, int]) -> bool:
    """Whether the number that is locked is still the one to text: a patient's numbers change with her version."""
    same_ids = (text.patient_id, text.site_id) == (candidate.patient_id, candidate.site_id)
    return same_ids and versions.get(text.patient_id) == candidate.patient_version


def _why_not(cases: Sequence[_Case], uow: Unit, now: datetime) -> list[str | None]:
    opted_out = uow.opt_outs.opted_out({it.number.number for it in cases if it.number})
    return [
        why_not_about_the_visit(it.text, it.visit, it.telling, now)
        or why_not_reachable(it.number, opted_out=it.number is not None and it.number.number in opted_out)
        for it in cases
    ]


def _take(cases: Sequence[_Case], uow: Unit, clock: Clock, real_now: datetime, gateway: str) -> list[Outgoing]:
    outgoing = [_outgoing(case, uow.network_id) for case in cases]
    uow.texts.keep_tellings([it.telling.after_telling(it.text.kind, it.text.start_at, it.text.text_id) for it in cases])
    uow.tasks.close([it.text.text_id for it in cases if it.candidate.waited], [COPY_MISSING], clock.now())
    ends_at = real_now + CLAIM_LASTS
    attempts = [_attempt(each, gateway) for each in outgoing]
    uow.texts.change(
        [it.text.claim(attempt, clock.now(), real_now, ends_at) for it, attempt in zip(cases, attempts, strict=True)]
    )
    for it in cases:
        ids = {"site_id": it.text.site_id, "patient_id": it.text.patient_id}
        uow.audit("send_text", "text", it.text.text_id, **ids)
    return outgoing


def _outgoing(case: _Case, network_id: UUID) -> Outgoing:
    assert case.number is not None  # noqa: S101  # without one it is skipped
    text, listed = case.text, case.candidate
    return Outgoing(
        network_id=network_id,
        text_id=text.text_id,
        attempt_id=new_id(),
        from_number=listed.sender,
        to_number=case.number.number,
        body=body_of(text.kind, listed.site.name, listed.site.zone, text.start_at),
    )


def _attempt(outgoing: Outgoing, gateway: str) -> Attempt:
    return Attempt(
        attempt_id=outgoing.attempt_id,
        gateway=gateway,
        from_number=outgoing.from_number,
        number=outgoing.to_number,
        body_hash=digest(outgoing.body),
    )
