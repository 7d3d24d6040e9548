"""What patients answered to texts. Each answer counts for what its own text asked, judged by what that is now."""

from collections.abc import Sequence

from services.scheduling.domain.commands import OneWaitlistOffer
from services.scheduling.operations.answer_proposal import refuse_proposals, take_proposal
from services.scheduling.operations.answer_waitlist_offer import accepted, declined
from services.scheduling.operations.close_waitlist_offer import audited, give_up, locked_group
from services.scheduling.operations.ports import Unit, ZipCodes
from services.scheduling.operations.undone import is_done
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.notifications import ReplyReceived

Reply = Event[ReplyReceived]


def follow_replies(facts: Sequence[Reply], uow: Unit, clock: Clock, zips: ZipCodes) -> None:
    """Confirms visits, then answers offers and proposals; what was answered already, or is over, stays as it is.

    The rows of all visits are locked first, in their order; then each answer takes the locks of its own matter.
    """
    _confirm_visits(facts, uow)
    for fact in facts:
        with uow.because_of(fact):
            _answer(fact.data, uow, clock, zips)


def _answer(said: ReplyReceived, uow: Unit, clock: Clock, zips: ZipCodes) -> None:
    if said.answers == "waitlist-offer":
        _answer_offer(said, uow, clock)
    if said.answers == "reschedule":
        _answer_proposal(said, uow, clock, zips)


def _confirm_visits(facts: Sequence[Reply], uow: Unit) -> None:
    """A yes confirms the visit that its text named, as long as it is what the text said.

    One that has moved or ended since is left alone: the patient has been, or is being, told of that by another text.
    """
    named = {it.data.appointment_id for it in facts if it.data.appointment_id}
    visits = {it.appointment_id: it for it in uow.appointments.lock(sorted(named))}
    for fact in facts:
        visit = visits.get(fact.data.appointment_id) if fact.data.appointment_id else None
        if visit is None or (fact.data.answers, fact.data.meaning) != ("appointment", "confirm"):
            continue
        if visit.confirm_as_told(fact.data.start_at, fact.data.site_id, fact.data.received_at):
            uow.appointments.change(visit, fact)


def _answer_offer(said: ReplyReceived, uow: Unit, clock: Clock) -> None:
    if said.asked_id and said.meaning == "confirm":
        _accept(OneWaitlistOffer(offer_id=said.asked_id), uow, clock)
    if said.asked_id and said.meaning == "decline":
        _decline(OneWaitlistOffer(offer_id=said.asked_id), uow, clock)


def _answer_proposal(said: ReplyReceived, uow: Unit, clock: Clock, zips: ZipCodes) -> None:
    """Whoever wants another time is called, like who wants none."""
    if said.meaning == "confirm":
        take_proposal(said, uow, clock, zips)
    if said.meaning in ("decline", "reschedule"):
        refuse_proposals(said, uow)


def _accept(offer: OneWaitlistOffer, uow: Unit, clock: Clock) -> None:
    """The time is the patient's. Where it cannot be had any more the offer ends, which is told, and she goes on
    waiting; closed already it is where somebody else was quicker, or time was.
    """
    if is_done(lambda: accepted(offer, uow, clock), uow):
        return
    group = locked_group(uow.waitlist_offers.read(offer.offer_id), uow)
    if group.offer.is_open:
        is_over = group.offer.expires_at <= clock.now()
        audited("end_waitlist_offer", give_up(group, "expired" if is_over else "lost", uow, clock), uow)


def _decline(offer: OneWaitlistOffer, uow: Unit, clock: Clock) -> None:
    """Not for this visit: another time is offered to her in its turn."""
    is_done(lambda: declined(offer, uow, clock), uow)
