"""Conversations: a thread a number, of which each site sees its own, with quick replies."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from at_once import first_has_it
from conversing import WORDS, begun, listed, one, other_site, patient, said, texted_at, write
from fix_notifications import TOMORROW, Desk

from services.notifications import queries
from services.notifications.domain.commands import (
    AddQuickReply,
    MarkRead,
    RemoveQuickReply,
    TakeConversation,
)
from services.notifications.domain.errors import (
    ConversationTaken,
    ImpossibleText,
    QuickReplyExists,
)
from services.notifications.operations import (
    add_quick_reply,
    mark_read,
    remove_quick_reply,
    take_conversation,
)
from shared.errors import NotFound
from tests.integration.notifications.test_responses import respond


def test_a_thread_holds_all_that_was_said_both_ways_in_order(notifications: Desk) -> None:
    """Seen red by: a kind left out of the union."""
    patient_id = patient(notifications, "reminders", "care")
    visit = texted_at(notifications, notifications.site_id, patient_id)
    notifications.clock.instant += timedelta(minutes=1)
    notifications.reply("ok", message_id="SM1")
    respond(notifications)
    [row] = listed(notifications, notifications.site_id, notifications.site_id)
    assert (row["unread"], row["patient_ids"]) == (1, [patient_id])
    notifications.clock.instant += timedelta(minutes=1)
    write(notifications, row["conversation_id"], patient_id)
    found = said(notifications, row["conversation_id"], notifications.site_id)
    assert [(it["kind"], it["says"], it["body"], it["status"]) for it in found] == [
        ("text", "booked", None, "accepted"),
        ("reply", "doubt", "ok", None),
        ("answer", "ask", None, "accepted"),
        ("free-text", None, WORDS, "due"),
    ]
    assert (found[0]["appointment_id"], found[3]["written_by"]) == (visit.appointment_id, "ann")
    backwards = {"conversation_id": row["conversation_id"], "sort": "-at", "limit": 2}
    with notifications.at() as uow:
        first = queries.said(backwards, uow)
        second = queries.said({**backwards, "cursor": first["next"]}, uow)
    assert [it["id"] for it in first["items"] + second["items"]] == [it["id"] for it in reversed(found)]


def test_another_sites_people_see_neither_thread_nor_count_nor_patients(notifications: Desk) -> None:
    """A mother at one site and her child at another, on one phone. Seen red by: parts, entries or patients without
    the asker's sites."""
    south = other_site(notifications)
    mother, child = (patient(notifications, "reminders") for _ in range(2))
    texted_at(notifications, notifications.site_id, mother)
    notifications.reply("who is this?")
    [north] = listed(notifications, notifications.site_id, notifications.site_id)
    for ask in (one, said):
        with pytest.raises(NotFound):
            ask(notifications, north["conversation_id"], south)
    assert listed(notifications, south, south) == []
    texted_at(notifications, south, child)
    notifications.reply("and the other?")
    [hers] = listed(notifications, south, south)
    assert (hers["conversation_id"], hers["heard"], hers["patient_ids"]) == (north["conversation_id"], 1, [child])
    assert [it["patient_id"] for it in one(notifications, hers["conversation_id"], south)["patients"]] == [child]
    bodies = [it["body"] for it in said(notifications, hers["conversation_id"], south) if it["kind"] == "reply"]
    assert bodies == ["and the other?"]
    assert [it["site_id"] for it in one(notifications, hers["conversation_id"], south)["sites"]] == [south]
    assert len(said(notifications, hers["conversation_id"])) == 4
    with pytest.raises(NotFound):
        listed(notifications, notifications.site_id, south)


def test_what_no_site_can_be_told_for_is_for_who_sees_all_sites(notifications: Desk) -> None:
    """It may be another site's patient. Seen red by: parts of no site shown to all."""
    notifications.reply("hello?", "+12025550142")
    [row] = listed(notifications, None)
    assert (row["site_id"], row["unread"]) == (None, 1)
    for ask in (one, said):
        with pytest.raises(NotFound):
            ask(notifications, row["conversation_id"], notifications.site_id)
    with pytest.raises(NotFound):
        listed(notifications, None, notifications.site_id)
    assert "hello?" in [it["body"] for it in said(notifications, row["conversation_id"])]


def test_what_comes_while_somebody_reads_stays_unread_and_a_reply_told_twice_counts_once(notifications: Desk) -> None:
    patient_id = patient(notifications, "reminders")
    texted_at(notifications, notifications.site_id, patient_id)
    for message_id in ("m1", "m1", "m2"):
        notifications.reply("hello", message_id=message_id)
    [row] = listed(notifications, notifications.site_id)
    assert row["heard"] == 2
    notifications.reply("again")
    read = MarkRead(conversation_id=row["conversation_id"], site_id=notifications.site_id, heard=row["heard"])
    assert mark_read(read, notifications.at(notifications.site_id), notifications.clock).unread == 1
    assert len(listed(notifications, notifications.site_id, state="unread")) == 1
    mark_read(replace(read, heard=3), notifications.at(notifications.site_id), notifications.clock)
    assert listed(notifications, notifications.site_id, state="unread") == []


def test_of_two_who_take_one_at_once_one_has_it_and_the_other_is_told_who(notifications: Desk) -> None:
    """The second comes before the first has committed. Seen red by: the part read without its lock."""
    conversation_id = begun(notifications, patient(notifications, "care"))
    command = TakeConversation(conversation_id=conversation_id, site_id=notifications.site_id)
    first_has_it(notifications, take_conversation, command, ConversationTaken)


def test_quick_replies_are_offered_with_the_conversation_until_they_are_removed(notifications: Desk) -> None:
    added = add_quick_reply(
        AddQuickReply(name="Card", body="Bring your card."), notifications.at(), notifications.clock
    )
    with pytest.raises(QuickReplyExists):
        add_quick_reply(AddQuickReply(name="Card", body="Again."), notifications.at(), notifications.clock)
    with pytest.raises(ImpossibleText):
        add_quick_reply(
            AddQuickReply(name="No", body="Reply CANCEL to cancel"),
            notifications.at(),
            notifications.clock,
        )
    conversation_id = begun(notifications, patient(notifications, "care"))
    [offered] = one(notifications, conversation_id, notifications.site_id)["quick_replies"]
    assert (offered["name"], offered["segments"], offered["encoding"]) == ("Card", 1, "GSM-7")
    for _ in range(2):
        command = RemoveQuickReply(quick_reply_id=added.quick_reply_id)
        remove_quick_reply(command, notifications.at(), notifications.clock)
    assert one(notifications, conversation_id, notifications.site_id)["quick_replies"] == []
    add_quick_reply(AddQuickReply(name="Card", body="Again."), notifications.at(), notifications.clock)


def test_whoever_opens_a_conversation_is_named_for_each_patient_that_was_seen(notifications: Desk) -> None:
    """Seen red by: the audit without the patients."""
    patients = sorted(patient(notifications, "reminders") for _ in range(2))
    for patient_id in patients:
        notifications.hear(notifications.visit(patient_id, start_at=TOMORROW))
    conversation_id = begun(notifications, patients[0])
    with notifications.at(notifications.site_id) as uow:
        queries.conversation({"conversation_id": conversation_id}, uow)
        uow.commit()
    rows = notifications.rows("SELECT patient_id FROM audit_entries WHERE action = 'conversation'")
    assert sorted(UUID(str(row["patient_id"])) for row in rows) == patients
