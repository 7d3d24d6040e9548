"""Who waits for a time, what would fit, and the offers of what has become free."""

from services.scheduling.domain.waitlist.entry import ENTRY_STATES, EntryState, WaitlistEntry
from services.scheduling.domain.waitlist.free import Desk, FreeOf, local_days
from services.scheduling.domain.waitlist.matching import Claim, Match, Waiting, first_fit, matched
from services.scheduling.domain.waitlist.offer import OFFER_STATES, OfferState, WaitlistOffer
from services.scheduling.domain.waitlist.policy import FIRST_COME, MODES, ONE_BY_ONE, WaitlistPolicy
from services.scheduling.domain.waitlist.wish import Wish, checked_wish

__all__ = [
    "ENTRY_STATES",
    "FIRST_COME",
    "MODES",
    "OFFER_STATES",
    "ONE_BY_ONE",
    "Claim",
    "Desk",
    "EntryState",
    "FreeOf",
    "Match",
    "OfferState",
    "Waiting",
    "WaitlistEntry",
    "WaitlistOffer",
    "WaitlistPolicy",
    "Wish",
    "checked_wish",
    "first_fit",
    "local_days",
    "matched",
]
