"""What screens and programs ask: rows as dicts, never another site's."""

from services.notifications.queries.calls import call, calls
from services.notifications.queries.conversations import conversation, conversations, quick_replies, said
from services.notifications.queries.figures import figures
from services.notifications.queries.look_ups import unknown_text, unknown_texts
from services.notifications.queries.network import network_of_sender
from services.notifications.queries.numbers import texting
from services.notifications.queries.runs import text_run, text_runs
from services.notifications.queries.tasks import tasks
from services.notifications.queries.templates import text_template, text_template_versions, text_templates
from services.notifications.queries.texts import sandbox_texts, texts

__all__ = [
    "call",
    "calls",
    "conversation",
    "conversations",
    "figures",
    "network_of_sender",
    "quick_replies",
    "said",
    "sandbox_texts",
    "tasks",
    "text_run",
    "text_runs",
    "text_template",
    "text_template_versions",
    "text_templates",
    "texting",
    "texts",
    "unknown_text",
    "unknown_texts",
]
