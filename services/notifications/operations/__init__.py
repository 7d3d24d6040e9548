"""The use cases of notifications, one module a verb. Each shows its transaction."""

from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.claim_texts import claim_texts
from services.notifications.operations.close_task import close_task
from services.notifications.operations.follow_appointments import follow_appointments
from services.notifications.operations.follow_copies import follow_patients, follow_sites
from services.notifications.operations.look_up_texts import LookUpRun
from services.notifications.operations.open_network import open_network
from services.notifications.operations.receive_receipt import receive_receipt
from services.notifications.operations.receive_reply import receive_reply
from services.notifications.operations.send_texts import SendRun
from services.notifications.operations.settle_text import settle_text
from services.notifications.operations.watch_texts import watch_texts

__all__ = [
    "CarrierWatch",
    "LookUpRun",
    "SendRun",
    "claim_texts",
    "close_task",
    "follow_appointments",
    "follow_patients",
    "follow_sites",
    "open_network",
    "receive_receipt",
    "receive_reply",
    "settle_text",
    "watch_texts",
]
