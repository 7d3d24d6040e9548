"""What is said back to a reply: at most once, never to a number that has opted out, and nothing about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_notifications import Desk

from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.operations import ResponseRun
from services.notifications.operations.gateway import Answer, Outgoing
from services.notifications.queries import sandbox_texts
from shared.ids import new_id
from tests.integration.notifications.test_whose_reply import NUMBER, texted


@dataclass
class Carrier:
    """Says what it is told to, in turn, and then accepts."""

    says: list[Any] = field(default_factory=list)
    had: list[Outgoing] = field(default_factory=list)
    name = "carrier"
    at_once = 1
    per_second: float | None = None

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        self.had += outgoing
        said = self.says.pop(0) if self.says else Answer(status="accepted", sid="S1")
        if isinstance(said, BaseException):
            raise said
        return [said]

    def messages(self, sought: Any) -> Any:
        raise AssertionError("nobody looks up what was said back")


def respond(desk: Desk, carrier: Any = None) -> list[str]:
    """One run; gives the words that went out."""
    used = carrier or Carrier()
    run_of(desk, used).send(desk.network_id)
    return [it.body for it in used.had]


def run_of(desk: Desk, carrier: Any) -> ResponseRun:
    """A worker's run, not started."""
    trouble = lambda _id, error: desk.troubles.append(error)  # noqa: E731
    return ResponseRun(desk.worker_units, carrier, desk.clock, desk.real_time, trouble)


def respond_by_the_sandbox(desk: Desk) -> None:
    run_of(desk, SandboxGateway(desk.worker_units, desk.clock)).send(desk.network_id)


def responses(desk: Desk) -> list[tuple[str, str, str | None]]:
    """(kind, status, reason) of each, in the order of the replies."""
    rows = desk.rows("SELECT kind, status, reason FROM responses ORDER BY response_id")
    return [(row["kind"], row["status"], row["reason"]) for row in rows]


@pytest.mark.requirement("8d")
def test_a_stop_however_often_is_confirmed_once_and_is_in_force_before(notifications: Desk) -> None:
    """Seen red by: respond() whether or not the opt-out was new."""
    for words in ("STOP", "stop. Thank you", "STOP"):
        assert notifications.reply(words).opted_out
    [said] = respond(notifications)
    assert "no more texts" in said
    assert respond(notifications) == []


def test_a_stop_is_confirmed_in_its_own_language(notifications: Desk) -> None:
    notifications.reply("ARRET svp")
    assert "ne recevrez plus" in respond(notifications)[0]


def test_start_is_answered_and_a_word_about_a_stop_that_no_longer_holds_is_not_said(notifications: Desk) -> None:
    """Seen red by: a STOP's confirmation sent whether or not the number is opted out."""
    notifications.reply("STOP")
    notifications.reply("START")
    assert ["again" in said for said in respond(notifications)] == [True]
    assert responses(notifications) == [("opted-out", "skipped", "opted-in"), ("opted-in", "accepted", None)]


def test_to_a_number_that_has_opted_out_nothing_else_is_said(notifications: Desk) -> None:
    """Seen red by: HELP answered whatever the number said before."""
    notifications.reply("HELP")
    notifications.reply("STOP")
    notifications.reply("HELP")
    assert ["no more texts" in said for said in respond(notifications)] == [True]
    assert notifications.tasks() == ["reply"] * 2


def test_help_is_answered_once_a_day_and_then_a_person_reads_it(notifications: Desk) -> None:
    """Two machines end here. Seen red by: respond_seldom that always responds."""
    texted(notifications)
    for _ in range(3):
        notifications.reply("HELP")
    assert len(respond(notifications)) == 1
    assert notifications.tasks() == ["reply"] * 2


@pytest.mark.requirement("10b")
def test_a_doubtful_answer_is_asked_about_once_and_then_a_person_reads_it(notifications: Desk) -> None:
    """Seen red by: `has_asked` never true."""
    texted(notifications)
    notifications.reply("ok")
    [said] = respond(notifications)
    assert "YES or NO" in said
    assert notifications.tasks() == []
    notifications.reply("maybe")
    assert respond(notifications) == []
    assert notifications.tasks() == ["reply"]
    notifications.reply("yes")
    assert [name for name, _ in notifications.events()][-1] == "reply-received"


@pytest.mark.parametrize("words", ["thanks", "gracias", "merci", "👍", "🙏", "ok"])
def test_thanks_after_a_visit_was_confirmed_need_nothing_and_are_kept(notifications: Desk, words: str) -> None:
    """Seen red by: `adds_nothing` not asked for."""
    texted(notifications)
    notifications.reply("YES")
    notifications.reply(words)
    assert respond(notifications) == []
    assert notifications.tasks() == []
    assert len(notifications.rows("SELECT 1 FROM replies")) == 2


def test_thanks_before_a_visit_was_confirmed_are_a_persons_to_read(notifications: Desk) -> None:
    """Seen red by: thanks that need nothing whatever they answer."""
    texted(notifications)
    notifications.reply("thanks")
    assert notifications.tasks() == ["reply"]


@pytest.mark.requirement("10d")
def test_a_stranger_is_told_that_somebody_reads_it_and_nothing_about_anybody(notifications: Desk) -> None:
    """Seen red by: strangers not answered."""
    texted(notifications)
    for _ in range(2):
        notifications.reply("YES", "+12025550142")
    assert respond(notifications) == ["North: thank you. Somebody will read your message."]
    assert notifications.tasks() == ["reply-unmatched"] * 2


def test_what_may_have_gone_out_is_not_said_again_and_a_person_reads_the_reply(notifications: Desk) -> None:
    """Seen red by: `unknown` taken for not-taken; `is_missed` always false."""
    texted(notifications)
    notifications.reply("ok")
    assert len(respond(notifications, Carrier([TimeoutError()]))) == 1
    assert respond(notifications) == []
    assert responses(notifications) == [("ask", "unknown", "no-answer")]
    assert notifications.tasks() == ["reply"]


def test_what_the_carrier_certainly_did_not_take_is_tried_again_after_a_pause(notifications: Desk) -> None:
    """Seen red by: no pause; no last try."""
    notifications.reply("STOP")
    busy = Answer(status="not-taken", reason="carrier-busy")
    for _ in range(5):
        assert len(respond(notifications, Carrier([busy]))) == 1
        assert respond(notifications) == []
        notifications.real_time.instant += timedelta(minutes=5)
    assert responses(notifications) == [("opted-out", "refused", "carrier-busy")]


def test_a_response_whose_process_died_is_given_up_and_never_sent_again(notifications: Desk) -> None:
    """Seen red by: a claim that ends as due."""
    notifications.reply("STOP")
    with pytest.raises(KeyboardInterrupt):
        respond(notifications, Carrier([KeyboardInterrupt()]))
    notifications.real_time.instant += timedelta(seconds=61)
    assert respond(notifications) == []
    assert responses(notifications) == [("opted-out", "unknown", "no-answer")]


def test_the_sandbox_keeps_what_was_said_and_its_words_stand_nowhere_else(notifications: Desk) -> None:
    notifications.reply("STOP")
    respond_by_the_sandbox(notifications)
    [kept] = notifications.rows("SELECT to_number, body FROM sandbox_texts")
    assert kept["to_number"] == NUMBER
    assert kept["body"] not in str(notifications.rows("SELECT * FROM responses"))


def _listed(desk: Desk, *sites: UUID) -> list[str]:
    """Kinds of what the sandbox shows somebody with these sites, or with all."""
    with desk.at(*sites) as uow:
        return sorted(
            it["kind"] for it in sandbox_texts({"limit": 50, "cursor": None, "sort": "accepted_at"}, uow)["items"]
        )


def test_the_sandbox_shows_what_was_said_back_to_the_site_that_texted_and_to_strangers_to_none(
    notifications: Desk,
) -> None:
    """Seen red by: responses of every number shown to each site; responses left out."""
    texted(notifications)
    notifications.reply("HELP")
    notifications.reply("YES", "+12025550142")
    respond_by_the_sandbox(notifications)
    assert _listed(notifications, notifications.site_id) == ["booked", "help"]
    assert _listed(notifications, new_id()) == []
    assert _listed(notifications) == ["booked", "help", "received"]
