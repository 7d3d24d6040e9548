"""When a network's texts go: within which limits, and how long before a visit."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import texting_limits as schemas

LIMITS = schemas.TextingLimits()
RULES = schemas.ReminderRules()
_QUIET = {"starts": "21:00", "ends": "08:00", "sundays": False, "holidays": True, "answers_wait": True}


@route("GET", "/v1/texting-limits", scope="texts:templates", answer=LIMITS)
def get_texting_limits(call: Call) -> Any:
    """At which hours the network's texts do not go, and how many a patient gets."""
    return call.ask("notifications", "texting_limits")


@route(
    "PUT",
    "/v1/texting-limits",
    scope="texts:templates",
    body=schemas.SetTextingLimits(),
    answer=LIMITS,
    versioned=True,
    example={"quiet": _QUIET, "most_a_day": 1, "most_a_week": 3},
)
def set_texting_limits(call: Call) -> Any:
    """Sets them for what is sent from now on. A text that falls into quiet hours waits for their end; where that
    is too late before the visit, a task asks a person to call. The same becomes of a text that would be one too many;
    what answers the patient's own act, and what becomes of a visit within 48 hours, is neither limited nor counted."""
    return call.tell("notifications", "set_texting_limits", **call.body)


@route("GET", "/v1/reminder-rules", scope="texts:templates", answer=RULES)
def get_reminder_rules(call: Call) -> Any:
    """How long before a visit patients are reminded of it, and whether they are texted after a missed one."""
    return call.ask("notifications", "reminder_rules")


@route(
    "PUT",
    "/v1/reminder-rules",
    scope="texts:templates",
    body=schemas.SetReminderRules(),
    answer=RULES,
    versioned=True,
    example={"rules": [{"before": ["P7D", "P2D", "PT2H"], "after_miss": True}]},
)
def set_reminder_rules(call: Call) -> Any:
    """Replaces all rules; visits that are booked already follow within a minute. Of the rules that concern a visit
    the narrowest holds alone: one for its type before one for its site, both before one for all. `P2D` is at the same
    local hour two days before, `PT2H` two hours before. A window that was over when the visit was booked or moved is
    not made up for."""
    return call.tell("notifications", "set_reminder_rules", **call.body)
