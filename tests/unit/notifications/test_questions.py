"""Which message a reply answers, where the last one may never have come."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.questions import Message, answered_by

TEN = datetime(2026, 11, 24, 15, tzinfo=UTC)
VISIT, OFFER = UUID(int=1), UUID(int=2)


def message(kind: str, **more: Any) -> Message:
    made: dict[str, Any] = {
        "text_id": UUID(int=9),
        "appointment_id": VISIT,
        "patient_id": UUID(int=3),
        "site_id": UUID(int=4),
        "start_at": TEN,
        "body_hash": None,
        "holds": True,
        "confirmed": False,
    }
    return Message(kind=kind, **made | more)


BOOKED = message("booked")
REMINDER = message("reminder", went=False)
# About the same visit: a yes to it would move it to an earlier time.
EARLIER = message("waitlist-offer", asked_id=OFFER, start_at=TEN - timedelta(days=1), went=False)
SAYS = message("waitlist-lost", asked_id=OFFER)
OVER = message("booked", holds=False)
# The same visit at the same hour, at another site.
THERE = message("rescheduled", site_id=UUID(int=5), went=False)


@pytest.mark.requirement("10c")
@pytest.mark.parametrize(
    ("messages", "is_plain"),
    [
        ([EARLIER], True),
        ([EARLIER, BOOKED], False),
        ([EARLIER, SAYS, BOOKED], False),
        ([EARLIER, OVER], False),
        ([EARLIER, REMINDER], False),
        ([THERE, BOOKED], False),
        ([REMINDER, BOOKED], True),
        ([REMINDER, SAYS], True),
        ([BOOKED, EARLIER], True),
    ],
)
def test_a_yes_is_no_answer_to_what_may_never_have_come_after_another_question(
    messages: list[Message], is_plain: bool
) -> None:
    """Where it would do the same either way it is one.

    Seen red by: `went` not looked at; the site not looked at; what is over passed by.
    """
    assert answered_by(messages, None) == (messages[0] if is_plain else None)
