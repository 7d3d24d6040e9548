"""What patients' replies mean, in English, Spanish and French (grammar.py tells what errors cost)."""

from services.notifications.domain.replies.grammar import understand
from services.notifications.domain.replies.meanings import (
    CANCEL,
    CONFIRM,
    DECLINE,
    DOUBT,
    HELP,
    MEANINGS,
    OTHER,
    RESCHEDULE,
    START,
    STOP,
    WRONG_NUMBER,
    Understood,
)

__all__ = [
    "CANCEL",
    "CONFIRM",
    "DECLINE",
    "DOUBT",
    "HELP",
    "MEANINGS",
    "OTHER",
    "RESCHEDULE",
    "START",
    "STOP",
    "WRONG_NUMBER",
    "Understood",
    "understand",
]
