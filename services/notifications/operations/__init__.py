"""The use cases of notifications, one module a verb. Each shows its transaction."""

from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.claim_texts import claim_texts
from services.notifications.operations.close_task import close_task
from services.notifications.operations.conversations import (
    give_back_conversation,
    mark_read,
    open_conversation,
    take_conversation,
)
from services.notifications.operations.end_tasks import end_tasks
from services.notifications.operations.follow_appointments import follow_appointments
from services.notifications.operations.follow_copies import follow_patients, follow_sites
from services.notifications.operations.follow_offers import follow_waitlist_offers
from services.notifications.operations.follow_reschedules import follow_reschedules
from services.notifications.operations.look_up_texts import LookUpRun
from services.notifications.operations.open_network import open_network
from services.notifications.operations.quick_replies import add_quick_reply, remove_quick_reply, save_quick_reply
from services.notifications.operations.receive_receipt import receive_receipt
from services.notifications.operations.receive_reply import receive_reply
from services.notifications.operations.reminder_rules import plan_reminders, read_reminder_rules, set_reminder_rules
from services.notifications.operations.report_wrong_number import report_wrong_number
from services.notifications.operations.send_free_texts import FreeTextRun
from services.notifications.operations.send_responses import ResponseRun
from services.notifications.operations.send_texts import SendRun
from services.notifications.operations.settle_text import settle_text
from services.notifications.operations.stop_text_run import stop_text_run
from services.notifications.operations.take_task import give_back_task, take_task
from services.notifications.operations.text_templates import (
    activate_text_template,
    add_text_template,
    preview_text_template,
    save_text_template,
    withdraw_text_template,
)
from services.notifications.operations.texting_limits import read_texting_limits, set_texting_limits
from services.notifications.operations.texting_policy import read_texting_policy, set_texting_policy
from services.notifications.operations.watch_texts import watch_texts
from services.notifications.operations.write_text import preview_text, write_text

__all__ = [
    "CarrierWatch",
    "FreeTextRun",
    "LookUpRun",
    "ResponseRun",
    "SendRun",
    "activate_text_template",
    "add_quick_reply",
    "add_text_template",
    "claim_texts",
    "close_task",
    "end_tasks",
    "follow_appointments",
    "follow_patients",
    "follow_reschedules",
    "follow_sites",
    "follow_waitlist_offers",
    "give_back_conversation",
    "give_back_task",
    "mark_read",
    "open_conversation",
    "open_network",
    "plan_reminders",
    "preview_text",
    "preview_text_template",
    "read_reminder_rules",
    "read_texting_limits",
    "read_texting_policy",
    "receive_receipt",
    "receive_reply",
    "remove_quick_reply",
    "report_wrong_number",
    "save_quick_reply",
    "save_text_template",
    "set_reminder_rules",
    "set_texting_limits",
    "set_texting_policy",
    "settle_text",
    "stop_text_run",
    "take_conversation",
    "take_task",
    "watch_texts",
    "withdraw_text_template",
    "write_text",
]
