"""Receipts in every order: a text keeps the furthest of its states, and an unknown one is settled."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from fix_asked_carrier import NUMBER, book, gateway_at, later, once
from fix_carrier import IN_DOUBT, TAKES, Carrier
from fix_notifications import Desk

from services.notifications.adapters.carrier_words import told_of
from services.notifications.domain.commands import ReceiveReceipt
from services.notifications.operations import receive_receipt
from services.notifications.operations.gateway import Answer, Outgoing
from shared.errors import NotFound
from shared.ids import new_id

DELIVERED, FAILED = ("delivered", ""), ("undelivered", "30003")
SENT, QUEUED = ("sent", ""), ("queued", "")


def text_id_of(desk: Desk) -> UUID:
    [row] = desk.rows("SELECT text_id FROM texts")
    found: UUID = row["text_id"]
    return found


def receipt(desk: Desk, status: str, code: str = "", text_id: UUID | None = None, sid: str = "SM1") -> str:
    command = ReceiveReceipt(text_id=text_id or text_id_of(desk), sid=sid, carrier_status=status, error_code=code)
    uow = desk.units.for_network(desk.network_id)
    return receive_receipt(command, told_of(status, code), uow, desk.clock).status


@pytest.mark.requirement("27a")
def test_receipts_in_every_order_doubled_too_end_in_the_furthest_state(notifications: Desk) -> None:
    """Seen red by: the last receipt wins; failed as far as delivered."""
    histories = {
        *permutations([QUEUED, SENT, DELIVERED, DELIVERED]),
        *permutations([SENT, FAILED, DELIVERED]),
        *permutations([QUEUED, SENT, FAILED, FAILED]),
    }
    for place, history in enumerate(sorted(histories)):
        book(notifications, f"+1202556{place:04}")
        notifications.send()
        [row] = notifications.rows("SELECT text_id FROM texts WHERE number = %s", f"+1202556{place:04}")
        for status, code in history:
            receipt(notifications, status, code, row["text_id"])
        [kept] = notifications.rows("SELECT status, reason FROM texts WHERE text_id = %s", row["text_id"])
        expected = {"status": "delivered", "reason": None}
        if DELIVERED not in history:
            expected = {"status": "failed", "reason": "handset-unreachable"}
        assert (history, kept) == (history, expected)
    open_tasks = notifications.rows("SELECT text_id FROM tasks WHERE done_at IS NULL AND reason = 'text-failed'")
    assert len(open_tasks) == sum(DELIVERED not in history for history in histories)


@pytest.mark.requirement("27a")
def test_a_delivered_text_is_told_as_delivered_once(notifications: Desk) -> None:
    """Seen red by: a repeated receipt told again."""
    book(notifications)
    notifications.send()
    for _ in range(3):
        assert receipt(notifications, "delivered") == "delivered"
    assert notifications.events() == [("text-sent", 1), ("text-delivered", 2)]


@pytest.mark.parametrize("how", sorted(IN_DOUBT & TAKES))
@pytest.mark.parametrize(("word", "status"), [("sent", "accepted"), ("delivered", "delivered")])
def test_a_receipt_that_names_an_unknown_text_settles_it_and_ends_its_task(
    notifications: Desk, carrier: Carrier, how: str, word: str, status: str
) -> None:
    """Seen red by: unknown as far as accepted."""
    carrier.behave = once(how)
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    assert notifications.tasks() == ["text-unknown"]
    assert receipt(notifications, word, sid=carrier.held[0].sid) == status
    later(notifications, hours=1)
    notifications.send(gateway_at(carrier.url))
    assert (len(carrier.held), notifications.tasks()) == (1, [])
    [row] = notifications.rows("SELECT sid FROM texts")
    assert row["sid"] == carrier.held[0].sid


class EarlyReceipt:
    """The carrier tells of the text before it answers, and then says `answer`."""

    name = "early"
    at_once = 50
    per_second = None

    def __init__(self, desk: Desk, answer: Answer) -> None:
        self._desk, self._answer = desk, answer

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        for one in outgoing:
            receipt(self._desk, "delivered", text_id=one.text_id)
        return [self._answer] * len(outgoing)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status="accepted", sid="SM1"),
        Answer(status="unknown", reason="no-answer"),
        Answer(status="not-taken", reason="carrier-busy"),
    ],
)
def test_a_receipt_that_overtakes_the_answer_is_kept_whatever_the_answer_says(
    notifications: Desk, answer: Answer
) -> None:
    """Seen red by: an answer that takes delivered back to accepted; a delivered text put back."""
    book(notifications)
    notifications.send(EarlyReceipt(notifications, answer))
    later(notifications, hours=1)
    assert notifications.send() == 0
    assert notifications.texts() == [("booked", "delivered", None)]


def test_a_text_that_waits_to_be_tried_again_is_not_when_the_carrier_says_that_it_has_it(
    notifications: Desk, carrier: Carrier
) -> None:
    """A 503 of something between us and a carrier that took it. Seen red by: due texts left out of may_become."""
    carrier.behave = once("503")
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send(gateway_at(carrier.url))
    assert receipt(notifications, "sent") == "accepted"
    later(notifications, hours=1)
    notifications.hear(visit)
    assert notifications.send(gateway_at(carrier.url)) == 0
    assert (len(carrier.posted), notifications.texts()) == (1, [("booked", "accepted", None)])


def test_a_receipt_with_an_opt_out_is_believed(notifications: Desk) -> None:
    book(notifications)
    notifications.send()
    receipt(notifications, "failed", "21610")
    book(notifications)
    assert notifications.send() == 0
    [said] = notifications.rows("SELECT number, opted_out, evidence FROM opt_outs")
    assert said == {"number": NUMBER, "opted_out": True, "evidence": "carrier-receipt/SM1"}


def test_a_receipt_of_a_text_that_was_never_sent_or_is_not_there_changes_nothing(notifications: Desk) -> None:
    """Seen red by: a due text without an attempt believed to be with the carrier."""
    book(notifications)
    assert receipt(notifications, "delivered") == "due"
    assert receipt(notifications, "word-of-tomorrow") == "due"
    notifications.clock.instant += timedelta(seconds=1)
    assert notifications.send() == 1
    with pytest.raises(NotFound):
        receipt(notifications, "delivered", text_id=new_id())
