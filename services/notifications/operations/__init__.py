"""The use cases of notifications, one module a verb. Each shows its transaction."""

from services.notifications.operations.claim_text import claim_text, forget_lost_claims, watch_waiting_texts
from services.notifications.operations.follow_appointments import follow_appointments
from services.notifications.operations.follow_copies import follow_patients, follow_sites
from services.notifications.operations.open_network import open_network
from services.notifications.operations.receive_reply import receive_reply
from services.notifications.operations.send_texts import SendRun

__all__ = [
    "SendRun",
    "claim_text",
    "follow_appointments",
    "follow_patients",
    "follow_sites",
    "forget_lost_claims",
    "open_network",
    "receive_reply",
    "watch_waiting_texts",
]
