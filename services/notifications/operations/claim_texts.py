"""Taking due texts for sending: everything that could forbid one is checked in the claim's own transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.asks import RESCHEDULE_PROPOSAL, Offer
from services.notifications.domain.occasions import OCCASIONS, REMINDER, REMINDER_OF_SEVERAL
from services.notifications.domain.reach import Number, number_for
from services.notifications.domain.tasks import COPY_MISSING
from services.notifications.domain.templates import Said, Wording
from services.notifications.domain.texts import (
    Attempt,
    Candidate,
    Text,
    after_telling,
)
from services.notifications.domain.wording import Facts, VisitTold, Words, digest
from services.notifications.operations.about import Asking, lock_what_they_are_about
from services.notifications.operations.decide_texts import Case, decided
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.group_texts import companions, in_groups, with_groups
from services.notifications.operations.hand_over import CLAIM_LASTS
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from services.notifications.operations.tell_texts import skip_texts
from shared.clock import Clock
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What is to be sent, and the ids of texts that could not be decided now: somebody else has them in hand."""

    outgoing: list[Outgoing]
    passed_by: set[UUID]


def claim_texts(
    candidates: Sequence[Candidate],
    uow: Unit,
    clock: Clock,
    real_now: datetime,
    gateway: str,
    not_these: Collection[UUID] | None = None,
) -> Claim:
    """Claims the texts for that carrier, skips each with its reason, or leaves it until the hour at which it may go.

    Reminders that are to go to the same number anyhow go with them in one text (group_texts.py), but for `not_these`;
    None: nothing goes with them.

    Locks: numbers, appointments, what is asked, texts, patients, runs; the same order as a reply's and an event's. The
    number's rate, where it has one, is locked by the caller before them. Consent,
    opt-out and the condition of what they are about are read after the locks are held. The caller commits before
    anything is sent.
    """
    if not candidates:
        return Claim(outgoing=[], passed_by=set())
    numbers = _numbers_of(candidates, uow)
    uow.lock(*(lock_of(number.number) for number in numbers.values() if number))
    others = [] if not_these is None else companions(candidates, numbers, uow, clock.now(), real_now, not_these)
    if others:
        numbers |= _numbers_of(others, uow)
    wording = _wording([*candidates, *others], uow)
    cases = with_groups(_in_hand([*candidates, *others], numbers, uow, clock.now()), wording, clock.now())
    verdicts = decided(cases, uow, clock.now())
    final = [(it, said) for it, said in verdicts if not it.candidate.is_companion]
    skip_texts([(it.text, it.telling, said.reason) for it, said in final if said.reason], uow, clock)
    uow.texts.put_off_until({it.text.text_id: said.until for it, said in final if said.until})
    groups = list(in_groups([case for case, said in verdicts if said.is_to_go]))
    passed_by = {it.text_id for it in candidates} - {case.text.text_id for case in cases}
    return Claim(outgoing=_take(groups, wording, uow, clock, real_now, gateway), passed_by=passed_by)


def _wording(candidates: Sequence[Candidate], uow: Unit) -> Wording:
    kinds = {it.kind for it in candidates}
    several = {REMINDER_OF_SEVERAL} if REMINDER in kinds else set()
    return uow.templates.wording({it.site_id for it in candidates}, kinds | several)


def _numbers_of(candidates: Sequence[Candidate], uow: Unit) -> dict[UUID, Number | None]:
    """The number for each text: one patient may have agreed to different things at different numbers."""
    known = uow.copies.numbers_of(list({it.patient_id for it in candidates}))
    return {it.text_id: number_for(known.get(it.patient_id, []), OCCASIONS[it.kind]) for it in candidates}


def _in_hand(
    candidates: Sequence[Candidate], numbers: Mapping[UUID, Number | None], uow: Unit, now: datetime
) -> list[Case]:
    """What nobody else has in hand and is as it was listed; the rest is for the next round."""
    about = lock_what_they_are_about(candidates, uow, now)
    locked = uow.texts.lock_due(list(about))
    texts = {text.text_id: text for text in locked}
    versions = uow.copies.hold_patients([text.patient_id for text in locked])
    held = [it for it in candidates if it.text_id in texts and _is_as_listed(it, texts[it.text_id], versions)]
    return [
        Case(candidate=it, text=texts[it.text_id], about=about[it.text_id], number=numbers[it.text_id]) for it in held
    ]


def _is_as_listed(candidate: Candidate, text: Text, versions: Mapping[UUID, int]) -> bool:
    """Whether number and language are still those to text in: what is known of a patient changes with her version."""
    same_ids = (text.patient_id, text.site_id) == (candidate.patient_id, candidate.site_id)
    return same_ids and versions.get(text.patient_id) == candidate.patient_version


def _take(
    groups: Sequence[Sequence[Case]], wording: Wording, uow: Unit, clock: Clock, real_now: datetime, gateway: str
) -> list[Outgoing]:
    if not groups:
        return []
    said = [_said(group, wording) for group in groups]
    outgoing = [_outgoing(group, it.text, uow.network_id) for group, it in zip(groups, said, strict=True)]
    attempts = [_attempt(each, it.words, gateway) for each, it in zip(outgoing, said, strict=True)]
    of_cases = [(case, attempt) for group, attempt in zip(groups, attempts, strict=True) for case in group]
    _keep(of_cases, uow, clock, real_now)
    return outgoing


def _keep(taken: Sequence[tuple[Case, Attempt]], uow: Unit, clock: Clock, real_now: datetime) -> None:
    cases = [case for case, _ in taken]
    told = [(telling, it.text) for it in cases if (telling := it.telling)]
    uow.texts.keep_tellings([after_telling(telling, text) for telling, text in told])
    uow.tasks.close([it.text.text_id for it in cases if it.candidate.waited], [COPY_MISSING], clock.now())
    ends_at = real_now + CLAIM_LASTS
    uow.texts.change([it.text.claim(attempt, clock.now(), real_now, ends_at) for it, attempt in taken])
    for it in cases:
        ids = {"site_id": it.text.site_id, "patient_id": it.text.patient_id}
        uow.audit("send_text", "text", it.text.text_id, **ids)


def _said(group: Sequence[Case], wording: Wording) -> Said:
    first, *others = group
    listed, text = first.candidate, first.text
    facts = Facts(site=listed.site, network_name=listed.network_name, start_at=text.start_at, first_name=listed.given)
    if others:
        return wording.said(text.site_id, REMINDER_OF_SEVERAL, listed.language, _facts_of_several(group, facts))
    if isinstance(first.about, Asking):
        facts = _facts_asked(first.about, facts, text.kind)
    return wording.said(text.site_id, text.kind, listed.language, facts)


def _facts_of_several(group: Sequence[Case], facts: Facts) -> Facts:
    """Of one patient it is her name, of several it is said who comes when."""
    several = len({it.text.patient_id for it in group}) > 1
    visits = [VisitTold(start_at=it.text.start_at, name=it.candidate.given if several else None) for it in group]
    return replace(facts, first_name=None if several else facts.first_name, visits=visits)


def _facts_asked(about: Asking, facts: Facts, kind: str) -> Facts:
    if isinstance(about.ask, Offer):
        return replace(facts, until=about.ask.expires_at)
    return replace(facts, instead_of=about.ask.start_at, place=about.place) if kind == RESCHEDULE_PROPOSAL else facts


def _outgoing(group: Sequence[Case], body: str, network_id: UUID) -> Outgoing:
    """Under the id of one that was due: whatever the carrier tells of that it tells of all."""
    first = next(it for it in group if not it.candidate.is_companion)
    assert first.number is not None  # noqa: S101  # without one it is skipped
    return Outgoing(
        network_id=network_id,
        text_id=first.text.text_id,
        with_texts=tuple(it.text.text_id for it in group if it is not first),
        attempt_id=new_id(),
        from_number=first.candidate.sender,
        to_number=first.number.number,
        body=body,
    )


def _attempt(outgoing: Outgoing, words: Words, gateway: str) -> Attempt:
    return Attempt(
        attempt_id=outgoing.attempt_id,
        gateway=gateway,
        from_number=outgoing.from_number,
        number=outgoing.to_number,
        body_hash=digest(outgoing.body),
        words=words,
    )
