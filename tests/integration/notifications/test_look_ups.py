"""What nobody knows is asked of the carrier; a complete list after the grace time shows what is not there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fix_asked_carrier import NUMBER, book, gateway_at, later, once
from fix_carrier import IN_DOUBT, TAKES, Carrier, Held
from fix_notifications import TOMORROW, Desk

from services.notifications.operations import LookUpRun


def unknown(desk: Desk, carrier: Carrier, how: str, number: str = NUMBER) -> None:
    """A text whose fate nobody knows."""
    carrier.behave = once(how)
    book(desk, number)
    desk.send(gateway_at(carrier.url))
    assert desk.texts()[-1][1] == "unknown"


def looked_up_for(desk: Desk, carrier: Carrier, minutes: int) -> None:
    """The job runs every minute for so long."""
    for _ in range(minutes):
        later(desk, minutes=1)
        desk.look_up(gateway_at(carrier.url))


@pytest.mark.parametrize("how", sorted(IN_DOUBT & TAKES))
def test_a_text_that_the_carrier_lists_is_found_and_its_task_ends(
    notifications: Desk, carrier: Carrier, how: str
) -> None:
    """Seen red by: a list that is asked for and not looked at."""
    unknown(notifications, carrier, how)
    assert notifications.look_up(gateway_at(carrier.url)) == 0  # not before the claim is over
    looked_up_for(notifications, carrier, 2)
    [row] = notifications.rows("SELECT status, sid FROM texts")
    assert (row["status"], row["sid"]) == ("accepted", carrier.held[0].sid)
    assert (notifications.tasks(), len(carrier.posted)) == ([], 1)
    assert notifications.events() == [("text-failed", 1), ("text-sent", 2)]


@pytest.mark.parametrize("how", sorted(IN_DOUBT - TAKES))
def test_a_text_that_a_complete_list_lacks_after_the_grace_time_is_sent_and_no_sooner(
    notifications: Desk, carrier: Carrier, how: str
) -> None:
    """Seen red by: absence believed at the first look."""
    unknown(notifications, carrier, how)
    looked_up_for(notifications, carrier, 7)
    assert (notifications.texts(), len(carrier.posted)) == ([("booked", "unknown", how_it_shows(how))], 1)
    looked_up_for(notifications, carrier, 10)
    assert notifications.texts() == [("booked", "due", None)]
    later(notifications, minutes=1)
    notifications.send(gateway_at(carrier.url))
    assert (notifications.texts(), notifications.tasks()) == ([("booked", "accepted", None)], [])
    assert (len(carrier.posted), len(carrier.held)) == (2, 1)


def how_it_shows(how: str) -> str:
    return "carrier-error" if how.startswith("500") else "no-answer"


def test_a_carrier_that_does_not_list_leaves_the_text_unknown(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: a list that could not be had taken for an empty one."""
    carrier.lists = False
    unknown(notifications, carrier, "silent-before")
    looked_up_for(notifications, carrier, 30)
    assert (notifications.texts()[0][1], notifications.tasks()) == ("unknown", ["text-unknown"])


def test_a_list_of_many_pages_is_read_to_its_end(notifications: Desk, carrier: Carrier) -> None:
    """The text stands on the last page. Seen red by: the first page taken for the whole list."""
    carrier.page_size = 3
    unknown(notifications, carrier, "silent-after")
    wanted = carrier.held[0]
    carrier.held += [replace(wanted, sid=f"later-{place}", body="Another's words") for place in range(9)]
    looked_up_for(notifications, carrier, 2)
    [row] = notifications.rows("SELECT status, sid FROM texts")
    assert (row["status"], row["sid"]) == ("accepted", wanted.sid)


def test_a_message_of_other_words_that_nobody_knows_leaves_it_to_a_person(
    notifications: Desk, carrier: Carrier
) -> None:
    """A carrier may have changed our words. Seen red by: only messages of the same words looked at."""
    unknown(notifications, carrier, "silent-before")
    now = datetime.now(UTC) + timedelta(seconds=1)
    carrier.held.append(Held("SMX", NUMBER, carrier.posted[0]["From"], "Our words, shortened", "", now))
    looked_up_for(notifications, carrier, 30)
    assert (notifications.texts()[0][1], len(carrier.posted)) == ("unknown", 1)


def test_what_the_carrier_holds_of_before_or_of_other_texts_is_not_this_one(
    notifications: Desk, carrier: Carrier
) -> None:
    """Seen red by: messages of before the claim, and those of other texts, looked at."""
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    first = carrier.held[0]
    long_ago = first.created_at - timedelta(hours=3)
    carrier.held.append(replace(first, sid="of-yesterday", created_at=long_ago))
    carrier.behave = lambda n: "silent-before" if n == 1 else "ok"
    book(notifications)
    notifications.send(gateway_at(carrier.url))
    looked_up_for(notifications, carrier, 17)
    assert sorted(status for _, status, _ in notifications.texts()) == ["accepted", "due"]


def test_two_texts_of_the_same_words_whose_fate_is_open_are_not_told_apart_by_guessing(
    notifications: Desk, carrier: Carrier
) -> None:
    """A family at one hour: one message, two texts. Seen red by: each takes the message for its own."""
    carrier.behave = lambda n: ("silent-after", "silent-before")[n]
    for _ in range(2):
        book(notifications)
        notifications.send(gateway_at(carrier.url))
    looked_up_for(notifications, carrier, 30)
    assert [status for _, status, _ in notifications.texts()] == ["unknown", "unknown"]
    assert (len(carrier.posted), notifications.tasks()) == (2, ["text-unknown"] * 2)


def test_what_is_looked_up_when_the_visit_has_moved_is_told_with_the_new_time(
    notifications: Desk, carrier: Carrier
) -> None:
    """The first text never left, so the second is the first to be told. Seen red by: the telling not taken back."""
    carrier.behave = once("silent-before")
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send(gateway_at(carrier.url))
    looked_up_for(notifications, carrier, 17)
    notifications.hear(replace(visit, version=2, start_at=TOMORROW + timedelta(hours=1)))
    later(notifications, minutes=1)
    notifications.send(gateway_at(carrier.url))
    assert notifications.texts() == [("booked", "accepted", None)]
    assert "11:00 AM" in carrier.held[0].body


@pytest.mark.requirement("27d")
@pytest.mark.parametrize("how", sorted(IN_DOUBT & TAKES))
def test_another_carrier_is_not_asked_about_what_the_first_was_sent_and_sends_nothing_of_it(
    notifications: Desk, carrier: Carrier, how: str
) -> None:
    """The second knows nothing of the text, which proves nothing. Seen red by: look-ups at whoever texts now."""
    unknown(notifications, carrier, how)
    second = Carrier()
    for _ in range(30):
        later(notifications, minutes=1)
        notifications.look_up(gateway_at(second.url))
        notifications.send(gateway_at(second.url))
    second.close()
    assert (notifications.texts()[0][1], notifications.tasks()) == ("unknown", ["text-unknown"])
    assert (len(carrier.held), len(second.posted)) == (1, 0)
    looked_up_for(notifications, carrier, 1)
    assert notifications.texts()[0][1] == "accepted"


def test_a_text_is_looked_up_by_the_number_that_it_was_sent_from(notifications: Desk, carrier: Carrier) -> None:
    """The network texts from another number by now."""
    unknown(notifications, carrier, "silent-after")
    notifications.open(sender="+12025550998")
    looked_up_for(notifications, carrier, 20)
    assert (notifications.texts()[0][1], len(carrier.posted)) == ("accepted", 1)


def test_the_sandbox_knows_of_each_attempt_whether_it_has_it(notifications: Desk) -> None:
    book(notifications)
    notifications.send()
    notifications.rows("UPDATE texts SET status = 'unknown', sid = NULL")
    later(notifications, minutes=2)
    assert notifications.look_up() == 1
    assert notifications.texts() == [("booked", "accepted", None)]


def test_after_a_day_the_carrier_is_not_asked_any_more(notifications: Desk, carrier: Carrier) -> None:
    carrier.lists = False
    unknown(notifications, carrier, "silent-before")
    for _ in range(60):
        later(notifications, hours=1)
        notifications.look_up(gateway_at(carrier.url))
    [row] = notifications.rows("SELECT looks, next_look_at FROM texts")
    assert row["next_look_at"] is None
    assert row["looks"] < 40


def test_a_text_that_a_receipt_settles_while_the_carrier_is_asked_keeps_what_the_receipt_said(
    notifications: Desk, carrier: Carrier
) -> None:
    """Seen red by: the text as it was before the question settled after it."""
    unknown(notifications, carrier, "silent-before")
    later(notifications, minutes=20)
    inner = gateway_at(carrier.url)

    class Overtaken:
        name, send = inner.name, inner.send

        def messages(self, sought):  # type: ignore[no-untyped-def]
            notifications.rows("UPDATE texts SET status = 'delivered', sid = 'SM9'")
            return inner.messages(sought)

    run = LookUpRun(notifications.worker_units, Overtaken(), notifications.clock, notifications.real_time)
    assert run.look_up_texts(notifications.network_id) == 0
    assert notifications.texts()[0][1] == "delivered"
