"""Responses that wait: which of them is said, and what becomes of those that cannot be, or are of no use any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from fix_notifications import Desk

from services.notifications.operations import ResponseRun
from services.notifications.operations.gateway import Answer
from tests.integration.notifications.test_receipts import receipt
from tests.integration.notifications.test_responses import Carrier, respond, responses
from tests.integration.notifications.test_whose_reply import NUMBER, texted

OTHER = "+12025550177"


@dataclass
class StandsStill:
    """Real time, of which 40 s go by as soon as a response is claimed."""

    desk: Desk

    def now(self) -> datetime:
        is_claimed = self.desk.rows("SELECT 1 FROM responses WHERE status = 'claimed'")
        return self.desk.real_time.now() + timedelta(seconds=40 if is_claimed else 0)


def test_a_claim_that_grew_stale_in_our_hands_is_not_sent(notifications: Desk) -> None:
    """Seen red by: `_is_fresh` that is always true."""
    notifications.reply("STOP")
    carrier = Carrier()
    run = ResponseRun(
        notifications.worker_units, carrier, notifications.clock, StandsStill(notifications), lambda *_: None
    )
    run.send(notifications.network_id)
    assert carrier.had == []
    assert responses(notifications) == [("opted-out", "due", None)]
    notifications.real_time.instant += timedelta(minutes=1)
    assert len(respond(notifications)) == 1


@pytest.mark.requirement("8d")
def test_of_several_changes_the_one_that_is_in_force_is_confirmed_once(notifications: Desk) -> None:
    """Seen red by: a change confirmed whichever reply made the one in force."""
    for words in ("STOP", "START", "STOP"):
        notifications.reply(words)
    assert ["no more texts" in said for said in respond(notifications)] == [True]
    assert responses(notifications) == [
        ("opted-out", "skipped", "superseded"),
        ("opted-in", "skipped", "opted-out"),
        ("opted-out", "accepted", None),
    ]
    for words in ("START", "STOP", "START"):
        notifications.reply(words)
    assert ["texts again" in said for said in respond(notifications)] == [True]


def test_a_response_that_cannot_be_claimed_keeps_no_other(notifications: Desk) -> None:
    """Seen red by: `passed_by` left out of the listing."""
    texted(notifications, OTHER)
    notifications.reply("HELP")
    notifications.reply("HELP", OTHER)
    notifications.forbid("new.number = '+12025550100'", "responses")
    assert len(respond(notifications)) == 1
    assert responses(notifications) == [("help", "due", None), ("help", "accepted", None)]
    assert len(notifications.troubles) == 1


@pytest.mark.parametrize(
    ("words", "minutes", "said", "tasks"),
    [
        ("STOP", 60, [("opted-out", "accepted", None)], []),
        ("STOP", 61, [("opted-out", "skipped", "too-late")], []),
        ("HELP", 60, [("help", "accepted", None)], []),
        ("HELP", 61, [("help", "skipped", "too-late")], ["reply"]),
    ],
)
def test_what_nobody_waits_for_any_more_is_not_said_and_a_person_reads_what_was_asked(
    notifications: Desk, words: str, minutes: int, said: list[tuple[str, str, str | None]], tasks: list[str]
) -> None:
    """Seen red by: `why_not` that knows no too-late; `is_missed` that takes what was skipped for said."""
    texted(notifications)
    notifications.reply(words)
    notifications.clock.instant += timedelta(minutes=minutes)
    respond(notifications)
    assert responses(notifications) == said
    assert notifications.tasks() == tasks


def test_an_opt_out_that_a_receipt_tells_is_believed(notifications: Desk) -> None:
    """Seen red by: receipts of responses left unread."""
    texted(notifications)
    notifications.reply("HELP")
    respond(notifications)
    [row] = notifications.rows("SELECT response_id FROM responses")
    assert receipt(notifications, "failed", "21610", row["response_id"], "SM7") == "failed"
    [opted_out] = notifications.rows("SELECT number, opted_out, evidence FROM opt_outs")
    assert opted_out == {"number": NUMBER, "opted_out": True, "evidence": "carrier-receipt/SM7"}
    assert notifications.tasks() == ["reply"]
    notifications.hear(notifications.visit(notifications.patient()))
    assert notifications.send() == 0


def test_an_opt_out_that_a_refusal_tells_is_believed(notifications: Desk) -> None:
    """Seen red by: `settle_response` that does not ask for it."""
    texted(notifications)
    notifications.reply("HELP")
    respond(notifications, Carrier([Answer(status="refused", reason="opted-out-at-carrier", opted_out=True)]))
    [opted_out] = notifications.rows("SELECT number, opted_out FROM opt_outs")
    assert opted_out == {"number": NUMBER, "opted_out": True}


def test_what_is_known_of_a_response_only_grows(notifications: Desk) -> None:
    """What came after all needs no person any more. Seen red by: the last receipt wins; the task that stays."""
    texted(notifications)
    notifications.reply("HELP")
    respond(notifications, Carrier([TimeoutError()]))
    [row] = notifications.rows("SELECT response_id FROM responses")
    told = [receipt(notifications, word, "", row["response_id"]) for word in ("sent", "delivered", "undelivered")]
    assert told == ["accepted", "delivered", "delivered"]
    assert notifications.tasks() == []


def test_a_name_is_written_as_in_every_text(notifications: Desk) -> None:
    """One sign beyond GSM would halve what fits. Seen red by: the name taken as it is."""
    notifications.rows("UPDATE networks SET name = %s", "Clínica \u201cNuñez\u201d")
    notifications.reply("STOP")
    assert respond(notifications)[0].startswith('Clinica "Nuñez":')
