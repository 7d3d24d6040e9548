"""Texts through a carrier over HTTP that misbehaves: its own list says what patients got."""

import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fix_asked_carrier import NUMBER, PUBLIC, book, gateway_at, later, once
from fix_carrier import IN_DOUBT, Carrier
from fix_carrier_http import ACCOUNT, SECRET
from fix_notifications import NOW, SENDER, TOMORROW, Desk

from services.notifications.adapters.exchange import Exchange
from services.notifications.operations import CarrierWatch
from services.notifications.operations.gateway import Answer, Outgoing


def test_a_text_is_posted_with_its_numbers_its_words_and_where_to_tell_what_became_of_it(
    notifications: Desk, carrier: Carrier
) -> None:
    book(notifications)
    assert notifications.send(gateway_at(carrier.url)) == 1
    [row] = notifications.rows("SELECT text_id, sid, status FROM texts")
    [posted], [held] = carrier.posted, carrier.held
    assert (posted["To"], posted["From"]) == (NUMBER, SENDER)
    assert posted["Body"].startswith("North Clinic: you have an appointment")
    where = f"{PUBLIC}/v1/text-gateway/receipts/{notifications.network_id}/{row['text_id']}"
    assert posted["StatusCallback"] == where
    assert (row["sid"], row["status"]) == (held.sid, "accepted")


@pytest.mark.parametrize("how", sorted(IN_DOUBT))
def test_where_nobody_knows_whether_the_carrier_took_it_the_text_is_unknown_and_never_sent_again(
    notifications: Desk, carrier: Carrier, how: str
) -> None:
    """Seen red by: NoAnswer read as not-taken; 5xx read as not-taken; an answer without a sid taken for accepted."""
    carrier.behave = once(how)
    book(notifications)
    gateway = gateway_at(carrier.url)
    notifications.send(gateway)
    for _ in range(3):
        later(notifications, minutes=30)
        notifications.send(gateway)
    assert len(carrier.posted) == 1
    [(_, status, reason)] = notifications.texts()
    assert (status, reason in {"no-answer", "carrier-error", "unreadable-answer"}) == ("unknown", True)
    assert notifications.tasks() == ["text-unknown"]


@pytest.mark.requirement("27b")
@pytest.mark.parametrize("how", ["429", "503"])
def test_what_a_busy_carrier_did_not_take_is_sent_again_after_a_growing_pause(
    notifications: Desk, carrier: Carrier, how: str
) -> None:
    """Seen red by: not-taken settled as refused; no pause; a pause that does not grow."""
    carrier.behave = lambda n: how if n < 3 else "ok"
    book(notifications)
    gateway, pauses = gateway_at(carrier.url), []
    notifications.send(gateway)
    for tries in range(1, 4):
        [row] = notifications.rows("SELECT status, next_try_at, tries FROM texts")
        assert (row["status"], row["tries"], len(carrier.posted)) == ("due", tries, tries)
        notifications.send(gateway)
        assert len(carrier.posted) == tries  # it is left alone meanwhile
        pauses.append(row["next_try_at"] - notifications.real_time.now())
        notifications.real_time.instant = row["next_try_at"]
        notifications.send(gateway)
    assert pauses[2] >= 2 * pauses[0]
    assert (notifications.texts(), len(carrier.held)) == ([("booked", "accepted", None)], 1)
    assert (notifications.tasks(), notifications.events()) == ([], [("text-sent", 1)])


@pytest.mark.requirement("27b")
def test_a_carrier_that_stays_away_is_given_up_after_four_hours_with_a_task(notifications: Desk) -> None:
    """Nobody listens at the address. Seen red by: a budget that begins anew with each try."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gateway = gateway_at(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        book(notifications)
        for _ in range(40):
            notifications.send(gateway)
            later(notifications, minutes=11)
    assert notifications.texts() == [("booked", "refused", "carrier-unreachable")]
    assert (notifications.tasks(), notifications.events()) == (["text-refused"], [("text-failed", 1)])


def test_a_wrong_account_costs_no_text_its_life(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: 401 taken as a refusal of the text."""
    book(notifications)
    notifications.send(gateway_at(carrier.url, "yesterday's"))
    assert notifications.texts() == [("booked", "due", None)]
    later(notifications, minutes=11)
    notifications.send(gateway_at(carrier.url))
    assert (notifications.texts(), len(carrier.held)) == ([("booked", "accepted", None)], 1)


@pytest.mark.parametrize(("how", "reason"), [("bad-number", "invalid-number"), ("odd-refusal", "refused-by-carrier")])
def test_a_refusal_is_final_and_says_why_in_one_word(
    notifications: Desk, carrier: Carrier, how: str, reason: str
) -> None:
    carrier.behave = once(how)
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    later(notifications, hours=1)
    assert notifications.send(gateway_at(carrier.url)) == 0
    assert notifications.texts() == [("booked", "refused", reason)]
    assert notifications.tasks() == ["text-refused"]


def test_an_opt_out_that_only_the_carrier_heard_of_is_ours_from_then_on(notifications: Desk, carrier: Carrier) -> None:
    """Both patients share the number. Seen red by: the refusal recorded without the opt-out."""
    carrier.behave = once("opted-out")
    book(notifications)
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    assert len(carrier.posted) == 1
    assert sorted(notifications.texts(), key=str) == [
        ("booked", "refused", "opted-out-at-carrier"),
        ("booked", "skipped", "opted-out"),
    ]
    [said] = notifications.rows("SELECT number, opted_out, evidence FROM opt_outs")
    assert (said["number"], said["opted_out"]) == (NUMBER, True)
    assert said["evidence"].startswith("carrier-refusal/")
    notifications.reply("START")
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    assert len(carrier.held) == 1


def test_a_visit_that_moves_while_its_text_waits_for_the_carrier_is_told_once_with_its_new_time(
    notifications: Desk, carrier: Carrier
) -> None:
    """Nobody was told of the first time, so the second is no news. Seen red by: the telling not taken back."""
    carrier.behave = once("503")
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send(gateway_at(carrier.url))
    notifications.hear(replace(visit, version=2, start_at=TOMORROW + timedelta(hours=1)))
    later(notifications, minutes=1)
    notifications.send(gateway_at(carrier.url))
    assert notifications.texts() == [("booked", "accepted", None)]
    assert "11:00 AM" in carrier.held[0].body


class MovingGateway:
    """The visit moves while the carrier is asked, and the carrier takes nothing; then it takes everything."""

    name = "moving"
    at_once = 50
    per_second = None

    def __init__(self, desk: Desk, moved: object) -> None:
        self._desk, self._moved = desk, moved
        self.taken: list[Outgoing] = []

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        if self._moved is not None:
            self._desk.hear(self._moved)  # type: ignore[arg-type]
            self._moved = None
            assert self._desk.send(self) == 0  # the new text waits for what becomes of the first
            return [Answer(status="not-taken", reason="carrier-busy")]
        self.taken += outgoing
        return [Answer(status="accepted", sid=f"S{len(self.taken)}")]


@pytest.mark.parametrize(
    ("change", "told"), [({"start_at": TOMORROW + timedelta(hours=1)}, 1), ({"status": "cancelled"}, 0)]
)
def test_a_visit_that_changes_while_the_carrier_refuses_is_told_as_if_nothing_had_been_said(
    notifications: Desk, change: dict[str, object], told: int
) -> None:
    """Seen red by: the newer text sent as `rescheduled` beside it; a cancellation told of what was never told."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    gateway = MovingGateway(notifications, replace(visit, version=2, **change))
    for _ in range(3):
        notifications.send(gateway)
        later(notifications, minutes=11)
    assert len(gateway.taken) == told
    kinds = sorted((kind, status) for kind, status, _ in notifications.texts())
    assert kinds == [("booked", "accepted")] * told + [("booked", "skipped")]
    assert notifications.troubles == []


def test_stop_while_a_text_waits_for_the_carrier_is_in_force(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: a text with a try behind it neither skipped by STOP nor asked for the opt-out when claimed."""
    carrier.behave = once("429")
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    notifications.reply("STOP")
    later(notifications, minutes=11)
    notifications.send(gateway_at(carrier.url))
    assert (notifications.texts(), carrier.held) == ([("booked", "skipped", "opted-out")], [])


def test_a_carrier_that_is_gone_is_not_asked_for_every_text_but_for_one_in_a_pause(
    notifications: Desk, carrier: Carrier
) -> None:
    """Seen red by: `heard` that counts nothing."""
    carrier.behave = lambda _: "500-before"
    for place in range(20):
        book(notifications, f"+1202555{place:04}")
    watch = CarrierWatch(notifications.real_time)
    for _ in range(4):
        notifications.run(gateway_at(carrier.url), watch).send(notifications.network_id)
        later(notifications, minutes=2)
    assert len(carrier.posted) == 3 + 3  # three in a row, then one in each pause
    carrier.behave = lambda _: "ok"
    notifications.run(gateway_at(carrier.url), watch).send(notifications.network_id)
    assert len(carrier.held) == 14


def test_only_https_carries_patients_numbers_to_another_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        Exchange("http://carrier.example/2010-04-01", ACCOUNT, SECRET)
    assert Exchange("https://carrier.example/2010-04-01", ACCOUNT, SECRET)


def test_a_text_that_is_too_late_when_the_carrier_is_back_is_not_sent(notifications: Desk, carrier: Carrier) -> None:
    carrier.behave = once("503")
    notifications.hear(notifications.visit(notifications.patient(), start_at=NOW + timedelta(minutes=5)))
    notifications.send(gateway_at(carrier.url))
    notifications.clock.instant += timedelta(minutes=10)
    later(notifications, minutes=10)
    notifications.send(gateway_at(carrier.url))
    assert notifications.texts() == [("booked", "skipped", "too-late")]
