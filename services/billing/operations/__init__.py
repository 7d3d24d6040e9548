"""The use cases of billing, one module a verb."""

from services.billing.operations.feed import follow_claims
from services.billing.operations.fees import set_fees
from services.billing.operations.follow import follow_encounters, follow_patients
from services.billing.operations.networks import open_network
from services.billing.operations.waiting import watch_waiting_encounters

__all__ = [
    "follow_claims",
    "follow_encounters",
    "follow_patients",
    "open_network",
    "set_fees",
    "watch_waiting_encounters",
]
