"""Which message a reply answers, where the last one may never have come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.questions import Message, answered_by, in_one_text

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


CHILD, ATTEMPT = UUID(int=21), UUID(int=22)
OF_ONE = message("reminder", attempt_id=ATTEMPT)
OF_THE_CHILD = message("reminder", attempt_id=ATTEMPT, appointment_id=CHILD, start_at=TEN + timedelta(hours=1))
CHILD_BOOKED = message("booked", appointment_id=CHILD, start_at=TEN + timedelta(hours=1))
ANOTHER = message("booked", appointment_id=UUID(int=23))


@pytest.mark.requirement("10c")
@pytest.mark.parametrize(
    ("messages", "confirms"),
    [
        ([OF_ONE, OF_THE_CHILD], [VISIT, CHILD]),
        ([OF_ONE, OF_THE_CHILD, CHILD_BOOKED, BOOKED], [VISIT, CHILD]),
        ([OF_ONE, replace(OF_THE_CHILD, holds=False)], [VISIT]),
        ([replace(OF_ONE, holds=False), OF_THE_CHILD], [CHILD]),
        ([OF_ONE, OF_THE_CHILD, ANOTHER], None),
        ([replace(OF_ONE, went=False), replace(OF_THE_CHILD, went=False), CHILD_BOOKED], None),
        ([CHILD_BOOKED, OF_ONE, OF_THE_CHILD], None),
        ([CHILD_BOOKED, replace(OF_ONE, confirmed=True), replace(OF_THE_CHILD, confirmed=True)], [CHILD]),
    ],
    ids=["both", "booked-before", "first-holds", "last-holds", "a-third", "never-came", "one-of-them", "confirmed"],
)
def test_a_yes_to_a_text_of_several_visits_is_said_to_all_of_them(
    messages: list[Message], confirms: list[UUID] | None
) -> None:
    """Seen red by: texts of one attempt taken for two questions; a visit that has moved since confirmed too."""
    answered = answered_by(in_one_text(messages), None)
    assert (answered and [it.appointment_id for it in answered.holding]) == confirms
