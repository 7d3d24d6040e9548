"""One reminder for a family, and the carrier: what is said of its one attempt is said of all that it tells."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fix_asked_carrier import gateway_at, once
from fix_carrier import Carrier
from fix_notifications import Desk

from services.notifications.adapters.carrier_words import told_of
from services.notifications.adapters.form_gateway import FormGateway
from services.notifications.domain.commands import ReceiveReceipt, SettleText
from services.notifications.operations import receive_receipt, settle_text
from services.notifications.operations.carriers import Carriers
from tests.families import HALF_HOUR, OF_TWO, TEN, booked, family, reminders, told_events, when_due
from tests.integration.notifications.test_several_carriers import gateway, send


def test_what_a_carrier_did_not_take_goes_together_again_by_the_next_one_too(
    notifications: Desk, carrier: Carrier
) -> None:
    """Seen red by: the first carrier asked again about whatever is due of them by itself."""
    family(notifications, "Ana", "Ben")
    when_due(notifications, timedelta(days=2) - HALF_HOUR)
    spare = Carrier()
    try:
        carrier.behave = lambda _: "503"
        send(notifications, Carriers(notifications.real_time), [gateway(carrier), gateway(spare)])
        assert [held.body for held in spare.held] == [OF_TWO]
    finally:
        spare.close()
    assert (reminders(notifications), len(carrier.posted)) == (["accepted", "accepted"], 1)


def test_after_a_pause_they_are_one_text_again(
    notifications: Desk, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: a pause of its own for each."""
    family(notifications, "Ana", "Ben")
    when_due(notifications)
    carrier.behave = once("503")
    monkeypatch.setattr("random.random", iter([0.0, 0.9]).__next__)
    notifications.send(gateway_at(carrier.url))
    assert reminders(notifications) == ["due", "due"]
    notifications.real_time.instant += timedelta(seconds=3)
    notifications.send(gateway_at(carrier.url))
    assert [held.body for held in carrier.held] == [OF_TWO]
    assert reminders(notifications) == ["accepted", "accepted"]


def test_a_receipt_of_one_is_of_all(notifications: Desk) -> None:
    """Seen red by: the named one alone settled."""
    family(notifications, "Ana", "Ben")
    when_due(notifications)
    notifications.send()
    [sid] = set(reminders(notifications, "sid"))
    for text_id in reminders(notifications, "text_id"):
        command = ReceiveReceipt(text_id=text_id, sid=sid, carrier_status="delivered", error_code="")
        uow = notifications.units.for_network(notifications.network_id)
        assert receive_receipt(command, told_of("delivered", ""), uow, notifications.clock).status == "delivered"
        assert reminders(notifications) == ["delivered", "delivered"]
    assert told_events(notifications, "text-delivered") == 2


def unknown(desk: Desk, carrier: Carrier, behaves: str) -> None:
    family(desk, "Ana", "Ben")
    when_due(desk)
    carrier.behave = once(behaves)
    desk.send(gateway_at(carrier.url))
    assert reminders(desk) == ["unknown", "unknown"]
    assert desk.tasks() == ["text-unknown", "text-unknown"]


@pytest.mark.parametrize(("outcome", "status"), [("sent", "accepted"), ("not-sent", "refused"), ("send-again", "due")])
def test_what_a_person_says_of_one_is_said_of_all(
    notifications: Desk, carrier: Carrier, outcome: str, status: str
) -> None:
    """Seen red by: the other left unknown, and sent a second time."""
    unknown(notifications, carrier, "silent-before")
    uow = notifications.units.for_network(notifications.network_id)
    command = SettleText(text_id=reminders(notifications, "text_id")[1], outcome=outcome)
    assert settle_text(command, uow, notifications.clock).status == status
    assert (reminders(notifications), notifications.tasks()) == ([status, status], [])
    notifications.real_time.instant += timedelta(hours=1)
    notifications.send(gateway_at(carrier.url))
    assert len(carrier.held) == (1 if outcome == "send-again" else 0)


def test_the_carriers_list_settles_all(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: the others of the attempt taken for twins; the message taken for another text's."""
    unknown(notifications, carrier, "silent-after")
    notifications.real_time.instant += timedelta(minutes=1)
    notifications.look_up(gateway_at(carrier.url))
    assert (reminders(notifications), notifications.tasks()) == (["accepted", "accepted"], [])
    assert len(set(reminders(notifications, "sid"))) == 1


def test_runs_side_by_side_send_a_family_one_text(notifications: Desk) -> None:
    """Seen red by: no companions looked for: each run sends what it chose."""
    for place in range(20):
        family(notifications, "Ana", "Ben", "Cleo", number=f"+1202555{place:04}")
    when_due(notifications, timedelta(days=2) - 2 * HALF_HOUR)
    with ThreadPoolExecutor(4) as workers:
        sent = [run.result() for run in [workers.submit(notifications.send) for _ in range(4)]]
    while more := notifications.send():
        sent.append(more)
    assert (sum(sent), reminders(notifications)) == (20, ["accepted"] * 60)
    assert (len(notifications.bodies()), notifications.troubles) == (20, [])


def test_a_text_that_cannot_be_claimed_keeps_the_first_that_it_would_go_with_no_longer_than_itself(
    notifications: Desk,
) -> None:
    """Seen red by: the first claimed with it again and again."""
    family(notifications, "Ana", "Ben")
    notifications.forbid("new.status = 'claimed' AND new.start_at = '2026-12-01 15:30Z'")
    when_due(notifications)
    assert (notifications.send(), reminders(notifications)) == (1, ["accepted", "due"])


def test_who_went_along_is_tried_anew_at_her_own_time_where_the_carrier_took_nothing_for_hours(
    notifications: Desk, carrier: Carrier
) -> None:
    """Seen red by: her call opened hours before she would be texted."""
    family(notifications, "Ana")
    booked(notifications, notifications.patient(), TEN + timedelta(hours=7))
    when_due(notifications)
    carrier.behave = lambda _: "503"
    notifications.send(gateway_at(carrier.url))
    assert reminders(notifications) == ["due", "due"]
    notifications.real_time.instant += timedelta(hours=5)
    notifications.send(gateway_at(carrier.url))
    assert (reminders(notifications), notifications.tasks()) == (["refused", "due"], ["text-refused"])
    when_due(notifications, timedelta(days=2) - timedelta(hours=7))
    carrier.behave = lambda _: "ok"
    notifications.send(gateway_at(carrier.url))
    assert reminders(notifications) == ["refused", "accepted"]


def test_a_receipt_of_an_attempt_before_the_last_settles_none_that_joined_since(
    notifications: Desk, carrier: Carrier
) -> None:
    """The carrier had the first text after all. Seen red by: whoever is in the last attempt settled."""
    [patient_id] = family(notifications, "Ana")
    when_due(notifications)
    carrier.behave = lambda _: "503"
    notifications.send(gateway_at(carrier.url))
    booked(notifications, patient_id, TEN + HALF_HOUR)
    notifications.real_time.instant += timedelta(minutes=1)
    notifications.send(gateway_at(carrier.url))
    assert len(set(reminders(notifications, "attempt_id"))) == 1
    [first, _] = reminders(notifications, "text_id")
    command = ReceiveReceipt(text_id=first, sid="SM1", carrier_status="delivered", error_code="")
    uow = notifications.units.for_network(notifications.network_id)
    receive_receipt(command, told_of("delivered", ""), uow, notifications.clock)
    assert reminders(notifications) == ["delivered", "due"]


def test_an_unknown_group_is_looked_for_once(
    notifications: Desk, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: the carrier asked for each visit."""
    unknown(notifications, carrier, "silent-after")
    sought = list[Any]()
    ask = FormGateway.messages
    monkeypatch.setattr(FormGateway, "messages", lambda gateway, it: (sought.append(it), ask(gateway, it))[1])
    notifications.real_time.instant += timedelta(minutes=1)
    notifications.look_up(gateway_at(carrier.url))
    assert (len(sought), reminders(notifications)) == (1, ["accepted", "accepted"])
