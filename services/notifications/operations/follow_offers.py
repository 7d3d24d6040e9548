"""Every event of a waitlist offer: keep the newest condition, and make due what the patient does not know yet."""

from collections.abc import Sequence

from services.notifications.domain.asks import Offer
from services.notifications.operations.ask import tell_what_is_due
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.scheduling import WaitlistOfferCondition
from shared.messaging.facts import newest


def follow_waitlist_offers(facts: Sequence[Event[WaitlistOfferCondition]], uow: Unit, clock: Clock) -> None:
    """Leaves the same rows whatever the order of events and however often each comes.

    The rows of the offers stay locked, so that a claim, a reply and an event take turns.
    """
    offers = {fact.subject: _offer(fact) for fact in newest(facts)}
    news = uow.asks.keep_offers(list(offers.values()))
    tell_what_is_due([offers[it] for it in news], uow, clock)


def _offer(fact: Event[WaitlistOfferCondition]) -> Offer:
    told = fact.data
    return Offer(
        offer_id=told.offer_id,
        version=told.version,
        status=told.status,
        site_id=told.site_id,
        patient_id=told.patient_id,
        appointment_id=told.appointment_id,
        start_at=told.start_at,
        expires_at=told.expires_at,
        changed_at=fact.time,
    )
