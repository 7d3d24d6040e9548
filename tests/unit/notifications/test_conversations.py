"""What is unread, whose a conversation is, what may be written and what became of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.conversations import Conversation
from services.notifications.domain.errors import ConversationTaken, ImpossibleText
from services.notifications.domain.free_texts import FreeText, require_possible
from services.notifications.domain.texts import Outcome
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HEARD = Conversation(conversation_id=new_id(), number="+12025550100", site_id=new_id(), heard=3, read=1, last_at=NOW)
WRITTEN = FreeText(
    free_text_id=new_id(),
    conversation_id=new_id(),
    number="+12025550100",
    site_id=new_id(),
    patient_id=new_id(),
    body="Hello",
    written_by="ann",
    written_at=NOW,
    due_at=NOW,
)
CLAIMED = WRITTEN.claim(new_id(), NOW + timedelta(minutes=1))


@pytest.mark.parametrize(("heard", "unread"), [(2, 1), (3, 0), (99, 0), (0, 2)])
def test_what_was_read_stays_read_and_what_came_meanwhile_is_unread(heard: int, unread: int) -> None:
    """Seen red by: all that there is marked read; a late reader who makes more unread."""
    assert HEARD.mark_read(heard).unread == unread


def test_a_conversation_is_taken_by_one() -> None:
    hers = HEARD.take("ann", NOW)
    assert hers.take("ann", NOW + timedelta(hours=1)) == hers
    with pytest.raises(ConversationTaken) as told:
        hers.take("bob", NOW)
    assert told.value.details == {"taken_by": "ann"}
    assert hers.give_back().take("bob", NOW).taken_by == "bob"


def test_words_are_counted_and_those_that_would_silence_the_patient_refused() -> None:
    """No sentence on how to opt out is asked for. Seen red by: stop words not looked for."""
    assert require_possible("Bring your card.").segments == 1
    assert (require_possible("¿Viene mañana? 👍").encoding, require_possible("x" * 161).segments) == ("UCS-2", 2)
    for body in ("Reply CANCEL to cancel your visit", "Text END to stop it", "é" * 1000 + "👍"):
        with pytest.raises(ImpossibleText) as told:
            require_possible(body)
        assert {each["field"] for each in told.value.errors} == {"body"}


@pytest.mark.parametrize("order", [("accepted", "failed", "delivered"), ("delivered", "failed", "accepted")])
def test_what_is_known_of_it_only_grows(order: tuple[str, ...]) -> None:
    """Seen red by: the last receipt believed."""
    known = CLAIMED
    for status in order:
        known = known.settle(Outcome(status=status, sid="S1"), NOW)
    assert (known.status, known.sid, known.is_missed) == ("delivered", "S1", False)


def test_what_the_carrier_did_not_take_is_due_again_five_times_and_then_refused() -> None:
    known = WRITTEN
    for tried in range(1, 6):
        known = known.claim(new_id(), NOW).settle(Outcome(status="not-taken", reason="carrier-busy"), NOW)
        assert (known.status, known.tries) == ("due" if tried < 5 else "refused", tried)
    assert known.is_missed


def test_what_was_never_sent_or_skipped_is_settled_by_nothing() -> None:
    for known in (WRITTEN, replace(CLAIMED, status="skipped")):
        assert known.settle(Outcome(status="accepted"), NOW) == known
    assert CLAIMED.settle(Outcome(status="unknown"), NOW).is_missed
