"""What a person found out about a text ends its task; other tasks are closed by hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fix_asked_carrier import book, gateway_at, later, once
from fix_carrier import Carrier
from fix_notifications import TOMORROW, Desk

from services.notifications import queries
from services.notifications.domain.commands import CloseTask, SettleText
from services.notifications.domain.errors import TaskEndsOtherwise, TextNotUnknown
from services.notifications.operations import close_task, settle_text
from shared.errors import NotFound
from shared.ids import new_id


def settle(desk: Desk, outcome: str, text_id: Any = None, sites: frozenset[Any] | None = None) -> str:
    [row] = desk.rows("SELECT text_id FROM texts ORDER BY due_at LIMIT 1")
    command = SettleText(text_id=text_id or row["text_id"], outcome=outcome)
    return settle_text(command, unit_for(desk, sites), desk.clock).status


def unit_for(desk: Desk, sites: frozenset[Any] | None) -> Any:
    """Of somebody who works at these sites."""
    uow = desk.units.for_network(desk.network_id)
    uow.asker = replace(uow.asker, sites=sites)
    return uow


def unknown(desk: Desk, carrier: Carrier) -> None:
    carrier.behave = once("silent-before")
    book(desk)
    desk.send(gateway_at(carrier.url))
    assert desk.tasks() == ["text-unknown"]


@pytest.mark.parametrize(("outcome", "status"), [("sent", "accepted"), ("not-sent", "refused")])
def test_a_person_says_what_became_of_a_text_and_nothing_is_sent(
    notifications: Desk, carrier: Carrier, outcome: str, status: str
) -> None:
    """Seen red by: the refusal of a text that was settled opens a task of its own."""
    unknown(notifications, carrier)
    assert settle(notifications, outcome) == status
    later(notifications, hours=1)
    notifications.send(gateway_at(carrier.url))
    assert notifications.texts() == [("booked", status, "settled-by-hand")]
    assert (notifications.tasks(), len(carrier.posted)) == ([], 1)
    [row] = notifications.rows("SELECT action, decision, detail FROM audit_entries WHERE action = 'settle_text'")
    assert (row["decision"], row["detail"]) == ("allowed", {"outcome": outcome})


def test_a_text_that_a_person_wants_sent_again_is_claimed_like_any_other(notifications: Desk, carrier: Carrier) -> None:
    unknown(notifications, carrier)
    later(notifications, hours=5)
    assert settle(notifications, "send-again") == "due"
    notifications.send(gateway_at(carrier.url))
    assert notifications.texts() == [("booked", "accepted", None)]
    assert (notifications.tasks(), len(carrier.posted), len(carrier.held)) == ([], 2, 1)


def test_send_again_after_a_stop_or_a_move_does_not_send_what_was(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: the text made due whatever the visit has become."""
    carrier.behave = once("silent-before")
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send(gateway_at(carrier.url))
    notifications.hear(replace(visit, version=2, start_at=TOMORROW + timedelta(hours=1)))
    assert settle(notifications, "send-again") == "skipped"
    notifications.send(gateway_at(carrier.url))
    assert ["11:00 AM" in held.body for held in carrier.held] == [True]
    notifications.reply("STOP")
    assert notifications.tasks() == []


def test_only_what_is_unknown_is_settled_and_only_by_its_own_site(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: any text settled; no require_site."""
    unknown(notifications, carrier)
    with pytest.raises(NotFound):
        settle(notifications, "sent", sites=frozenset({new_id()}))
    with pytest.raises(NotFound):
        settle(notifications, "sent", text_id=new_id())
    assert settle(notifications, "sent", sites=frozenset({notifications.site_id})) == "accepted"
    with pytest.raises(TextNotUnknown):
        settle(notifications, "send-again")
    assert len(carrier.posted) == 1


def close(desk: Desk, task_id: Any, sites: frozenset[Any] | None = None) -> str:
    return close_task(CloseTask(task_id=task_id), unit_for(desk, sites), desk.clock).reason


def test_a_task_is_closed_by_hand_once_and_only_at_its_site(notifications: Desk) -> None:
    """Seen red by: no require_site; a task closed twice that changes hands."""
    notifications.hear(notifications.visit(notifications.patient(None)))
    notifications.send()
    [task] = notifications.rows("SELECT task_id FROM tasks")
    with pytest.raises(NotFound):
        close(notifications, task["task_id"], frozenset({new_id()}))
    assert notifications.tasks() == ["no-phone"]
    assert close(notifications, task["task_id"], frozenset({notifications.site_id})) == "no-phone"
    [first] = notifications.rows("SELECT done_at, closed_by FROM tasks")
    notifications.clock.instant += timedelta(hours=1)
    close(notifications, task["task_id"])
    assert notifications.rows("SELECT done_at, closed_by FROM tasks") == [first]
    assert first["closed_by"]


def test_the_task_of_an_unknown_text_ends_with_the_question_alone(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: every task closed by hand."""
    unknown(notifications, carrier)
    [task] = notifications.rows("SELECT task_id FROM tasks")
    with pytest.raises(TaskEndsOtherwise):
        close(notifications, task["task_id"])
    assert notifications.tasks() == ["text-unknown"]


def test_unknown_texts_are_listed_without_and_shown_with_their_number(notifications: Desk, carrier: Carrier) -> None:
    unknown(notifications, carrier)
    with unit_for(notifications, frozenset({new_id()})) as uow:
        assert queries.unknown_texts({}, uow)["items"] == []
    with unit_for(notifications, None) as uow:
        [listed] = queries.unknown_texts({}, uow)["items"]
        assert "number" not in listed
        assert queries.unknown_text({"text_id": listed["text_id"]}, uow)["number"] == "+12025550100"
