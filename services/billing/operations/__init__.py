"""The use cases of billing, one module a verb. Each shows its transaction."""

from services.billing.operations.follow import follow_encounters, follow_patients
from services.billing.operations.follow_claims import follow_claims
from services.billing.operations.open_network import open_network
from services.billing.operations.set_fees import set_fees
from services.billing.operations.watch_waiting_encounters import watch_waiting_encounters

__all__ = [
    "follow_claims",
    "follow_encounters",
    "follow_patients",
    "open_network",
    "set_fees",
    "watch_waiting_encounters",
]
