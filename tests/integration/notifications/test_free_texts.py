"""What people write to a patient: it goes once, or never, under consent, STOP and quiet hours."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from at_once import paused_before_commit, until, waits_for_a_lock
from conversing import NUMBER, WORDS, begun, listed, one, other_site, patient, send, states, texted_at, write
from fix_notifications import Desk, patient_with

from services.notifications.adapters.carrier_words import told_of
from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.domain.commands import (
    ReceiveReceipt,
    ReceiveReply,
    WriteText,
)
from services.notifications.domain.errors import (
    ImpossibleText,
    NotToBeTexted,
    NumberNotOfPatient,
)
from services.notifications.operations import (
    preview_text,
    receive_receipt,
    receive_reply,
    write_text,
)
from services.notifications.operations.gateway import Answer
from shared.errors import NotFound
from shared.events.scheduling import SiteChanged
from shared.ids import new_id
from tests.integration.notifications.test_responses import Carrier


def test_a_claim_that_meets_a_stop_waits_for_it_and_sends_nothing(notifications: Desk) -> None:
    """A STOP acknowledged has no claim after it. Seen red by: claim_free_text without the number's lock."""
    patient_id = patient(notifications, "care")
    write(notifications, begun(notifications, patient_id), patient_id)
    stop = notifications.units.for_network(notifications.network_id)
    there, go_on = paused_before_commit(stop)
    reply = ReceiveReply(from_number=NUMBER, to_number="+12025550999", body="STOP", message_id="m1")
    with ThreadPoolExecutor(2) as pool:
        stopping = pool.submit(receive_reply, reply, stop, notifications.clock)
        assert there.wait(20)
        sending = pool.submit(send, notifications)
        until(lambda: waits_for_a_lock(notifications) or sending.done())
        go_on.set()
        assert stopping.result().opted_out
        assert sending.result() == []
    assert states(notifications) == [("skipped", "opted-out")]


def test_what_is_written_in_quiet_hours_waits_for_their_end(notifications: Desk) -> None:
    """By the clock of the site, in New York. Seen red by: due at once."""
    patient_id = patient(notifications, "care")
    notifications.clock.instant = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert write(notifications, begun(notifications, patient_id), patient_id).due_at.hour == 13
    assert send(notifications) == []
    notifications.clock.instant = datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert send(notifications) == [WORDS]


def test_what_could_not_go_before_quiet_hours_waits_for_their_end_too(notifications: Desk) -> None:
    """The carrier was busy until night. Seen red by: quiet hours looked at only where it is written."""
    patient_id = patient(notifications, "care")
    notifications.clock.instant = datetime(2026, 11, 24, 1, 50, tzinfo=UTC)
    write(notifications, begun(notifications, patient_id), patient_id)
    assert len(send(notifications, Carrier([Answer(status="not-taken", reason="carrier-busy")]))) == 1
    notifications.real_time.instant += timedelta(minutes=30)
    notifications.clock.instant += timedelta(minutes=30)
    assert send(notifications) == []
    assert states(notifications) == [("due", None)]
    notifications.clock.instant = datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert send(notifications) == [WORDS]


def test_on_a_holiday_of_the_site_nothing_is_written_that_could_not_go_within_a_day(notifications: Desk) -> None:
    """Seen red by: the site's holidays not looked at."""
    site = SiteChanged(site_id=notifications.site_id, version=2, name="North", zone="America/New_York", phone=None)
    two_days = (date(2026, 11, 23), date(2026, 11, 24))
    notifications.hear(replace(site, holidays=two_days))
    patient_id = patient(notifications, "care")
    with pytest.raises(NotToBeTexted) as told:
        write(notifications, begun(notifications, patient_id), patient_id)
    assert told.value.details == {"why_not": "quiet-hours"}


def test_words_go_out_once_as_they_were_written(notifications: Desk) -> None:
    patient_id = patient(notifications, "care")
    conversation_id = begun(notifications, patient_id)
    assert begun(notifications, patient_id) == conversation_id
    assert write(notifications, conversation_id, patient_id).length.segments == 1
    assert [send(notifications), send(notifications)] == [[WORDS], []]
    assert states(notifications) == [("accepted", None)]
    [sent] = notifications.rows("SELECT free_text_id FROM free_texts")
    command = ReceiveReceipt(text_id=sent["free_text_id"], sid="S1", carrier_status="delivered")
    receive_receipt(command, told_of("delivered", ""), notifications.at(), notifications.clock)
    assert states(notifications) == [("delivered", None)]


def test_a_yes_to_a_persons_words_confirms_no_visit_and_is_heard_where_they_were_written(notifications: Desk) -> None:
    """ "Can you come at 3 instead?" - "YES". Seen red by: the last text taken for what was answered."""
    south, patient_id = other_site(notifications), patient(notifications, "reminders", "care")
    texted_at(notifications, south, patient_id)
    notifications.clock.instant += timedelta(minutes=1)
    write(notifications, begun(notifications, patient_id), patient_id)
    assert send(notifications) == [WORDS]
    notifications.clock.instant += timedelta(minutes=1)
    notifications.reply("YES")
    assert "reply-received" not in [name for name, _ in notifications.events()]
    assert notifications.tasks() == ["reply-unmatched"]
    assert [row["unread"] for row in listed(notifications, notifications.site_id)] == [1]
    texted_at(notifications, south, patient_id)
    notifications.reply("YES")
    assert notifications.tasks() == ["reply-unmatched"] * 2  # two visits wait for an answer
    assert [row["unread"] for row in listed(notifications, south)] == [1]


@pytest.mark.parametrize("purposes", [(), ("reminders",)])
def test_without_consent_to_texts_about_care_nothing_is_written(notifications: Desk, purposes: tuple[str, ...]) -> None:
    """Seen red by: any consent taken for one."""
    patient_id = patient(notifications, *purposes)
    conversation_id = begun(notifications, patient_id)
    with pytest.raises(NotToBeTexted) as told:
        write(notifications, conversation_id, patient_id)
    assert told.value.details == {"why_not": "no-consent"}
    command = WriteText(
        conversation_id=conversation_id, site_id=notifications.site_id, patient_id=patient_id, body="x" * 161
    )
    with notifications.at(notifications.site_id) as uow:
        tried = preview_text(command, uow, notifications.clock)
    assert (tried.length.segments, tried.why_not) == (2, "no-consent")


def test_after_a_stop_nothing_that_was_written_goes_and_nothing_more_is_written(notifications: Desk) -> None:
    """Seen red by: the claim without its look at opt-outs."""
    patient_id = patient(notifications, "care")
    conversation_id = begun(notifications, patient_id)
    write(notifications, conversation_id, patient_id)
    notifications.reply("STOP")
    assert send(notifications) == []
    assert states(notifications) == [("skipped", "opted-out")]
    assert notifications.tasks() == ["free-text-not-sent"]
    with pytest.raises(NotToBeTexted):
        write(notifications, conversation_id, patient_id)
    assert one(notifications, conversation_id, notifications.site_id)["patients"][0]["why_not"] == "opted-out"


def test_a_consent_that_is_withdrawn_meanwhile_holds_back_what_was_written(notifications: Desk) -> None:
    patient_id = patient(notifications, "care")
    write(notifications, begun(notifications, patient_id), patient_id)
    notifications.hear(patient_with(NUMBER, False, version=2, patient_id=patient_id))
    assert send(notifications) == []
    assert states(notifications) == [("skipped", "no-consent")]


def test_one_number_is_written_to_for_whom_it_is_and_nobody_else(notifications: Desk) -> None:
    patient_id, stranger = patient(notifications, "care"), patient(notifications, "care", number="+12025550142")
    conversation_id = begun(notifications, patient_id)
    with pytest.raises(NumberNotOfPatient):
        write(notifications, conversation_id, stranger)
    command = WriteText(conversation_id=conversation_id, site_id=new_id(), patient_id=patient_id, body=WORDS)
    with pytest.raises(NotFound):
        write_text(command, notifications.at(notifications.site_id), notifications.clock)
    with pytest.raises(ImpossibleText):
        write(notifications, conversation_id, patient_id, "Reply CANCEL to cancel")


def test_what_may_have_gone_is_not_sent_again_and_is_a_call(notifications: Desk) -> None:
    """Seen red by: `unknown` taken for not-taken; a claim that ends as due."""
    patient_id = patient(notifications, "care")
    conversation_id = begun(notifications, patient_id)
    write(notifications, conversation_id, patient_id)
    assert len(send(notifications, Carrier([TimeoutError()]))) == 1
    write(notifications, conversation_id, patient_id)
    with pytest.raises(KeyboardInterrupt):
        send(notifications, Carrier([KeyboardInterrupt()]))
    notifications.real_time.instant += timedelta(seconds=61)
    assert send(notifications) == []
    assert states(notifications) == [("unknown", "claim-lost"), ("unknown", "no-answer")]
    assert notifications.tasks() == ["free-text-not-sent"] * 2


def test_what_the_carrier_did_not_take_is_tried_again_after_a_pause(notifications: Desk) -> None:
    patient_id = patient(notifications, "care")
    write(notifications, begun(notifications, patient_id), patient_id)
    assert len(send(notifications, Carrier([Answer(status="not-taken", reason="carrier-busy")]))) == 1
    assert send(notifications) == []
    notifications.real_time.instant += timedelta(minutes=1)
    assert send(notifications) == [WORDS]


def test_what_is_written_keeps_to_the_numbers_rate_and_waits_for_no_bulk(notifications: Desk) -> None:
    """One may go ahead of what is due by itself, which waits the longer. Seen red by: a rate that is not asked; what is
    written not counted; a person's words behind all that is due."""
    patient_id = patient(notifications, "care")
    conversation_id = begun(notifications, patient_id)
    for each in range(3):
        notifications.hear(notifications.visit(notifications.patient(f"+1202555014{each}")))
        write(notifications, conversation_id, patient_id)
    slow = Carrier()
    slow.per_second = 2
    assert notifications.send(slow) == 2
    written, due = [], []
    for _ in range(6):
        had = len(slow.had)
        written.append(len(send(notifications, slow)) - had)
        due.append(notifications.send(slow))
        notifications.real_time.instant += timedelta(seconds=0.5)
    assert (written, due) == ([1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0])


def test_words_stand_where_they_belong_and_nowhere_else(notifications: Desk) -> None:
    patient_id = patient(notifications, "care")
    write(notifications, begun(notifications, patient_id), patient_id)
    send(notifications, SandboxGateway(notifications.worker_units, notifications.clock))
    elsewhere = ("outbox", "audit_entries", "tasks", "conversations", "conversation_sites", "texts")
    for table in elsewhere:
        assert WORDS not in str(notifications.rows(f"SELECT * FROM {table}")), table
    [kept] = notifications.rows("SELECT to_number, body FROM sandbox_texts")
    assert (kept["to_number"], kept["body"]) == (NUMBER, WORDS)
