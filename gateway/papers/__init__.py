"""What a desk prints: plain HTML without a script, what comes from people escaped, times on the site's clock."""

from gateway.papers.appointment_card import appointment_card
from gateway.papers.day_sheet import day_sheet

__all__ = ["appointment_card", "day_sheet"]
