"""A patient's yes or no by text to the time that was proposed for a visit that cannot take place."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fix_absences import EIGHT, SickDay

from services.scheduling import operations
from shared.events.notifications import ReplyReceived, TextSkipped
from shared.ids import new_id
from tests.integration.scheduling.test_following import told
from tests.integration.scheduling.test_replies import follow_replies

Json = dict[str, Any]


def best_of(listed: Json) -> Json:
    """The first of its proposals, as events name it."""
    best = listed["proposals"][0]
    ids = {name: UUID(str(best[name])) for name in ("site_id", "practitioner_id")}
    return {**ids, "start_at": datetime.fromisoformat(str(best["start_at"]))}


def reply_to(listed: Json, meaning: str = "confirm", **more: Any) -> ReplyReceived:
    """Said to the best proposal of the list as it was read."""
    best = best_of(listed)
    said: Json = {
        "reply_id": new_id(),
        "version": 1,
        "meaning": meaning,
        "answers": "reschedule",
        "text_id": new_id(),
        "site_id": listed["site_id"],
        "patient_id": listed["patient_id"],
        "appointment_id": listed["appointment_id"],
        "start_at": best["start_at"],
        "received_at": EIGHT,
        "asked_id": listed["reschedule_id"],
        "asked_site_id": best["site_id"],
    }
    return ReplyReceived(**said | more)


def skipped(listed: Json, reason: str) -> TextSkipped:
    return TextSkipped(
        text_id=new_id(),
        version=1,
        appointment_id=listed["appointment_id"],
        patient_id=listed["patient_id"],
        site_id=listed["site_id"],
        kind="reschedule-proposal",
        status="skipped",
        reason=reason,
        changed_at=EIGHT,
    )


def sick(sick_day: SickDay, visits: int = 2) -> tuple[Json, list[Json]]:
    """The absence, and its list in the order of the visits."""
    sick_day.visits(visits)
    absence = sick_day.mark()
    return absence, sick_day.listed(absence)


def state(sick_day: SickDay, listed: Json) -> str:
    return next(str(it["state"]) for it in sick_day.listed() if it["reschedule_id"] == listed["reschedule_id"])


def test_a_yes_moves_the_visit_once_however_often_it_is_told(sick_day: SickDay) -> None:
    """Seen red by: replies to proposals passed over."""
    absence, [first, _] = sick(sick_day)
    told(sick_day.clinic, follow_replies, [reply_to(first), reply_to(first)], [reply_to(first)])
    assert sick_day.appointment(first).start_at == best_of(first)["start_at"]
    assert sick_day.told(first["reschedule_id"]) == ["reschedule-offered", "reschedule-moved"]
    assert sick_day.told(first["appointment_id"]) == ["appointment-booked", "appointment-rescheduled"]
    assert (sick_day.tally(absence)["moved"], sick_day.tally(absence)["offered"]) == (1, 1)


@pytest.mark.requirement("5f")
def test_a_yes_to_a_time_that_is_gone_is_followed_by_the_next_times(sick_day: SickDay) -> None:
    """The visit stays; the lost time is not proposed again. Seen red by: nothing told after the refusal."""
    _, [first, second] = sick(sick_day)
    best = best_of(first)
    replace(sick_day.clinic, practitioner_id=best["practitioner_id"]).book(best["start_at"])
    told(sick_day.clinic, follow_replies, [reply_to(first), reply_to(second)])
    assert state(sick_day, second) == "moved"
    assert sick_day.appointment(first).start_at == first["start_at"]
    again = next(it for it in sick_day.listed() if it["reschedule_id"] == first["reschedule_id"])
    assert again["state"] == "offered"
    assert best not in [best_of({"proposals": [it]}) for it in again["proposals"]]
    assert sick_day.told(first["reschedule_id"]) == ["reschedule-offered", "reschedule-offered"]
    told(sick_day.clinic, follow_replies, [reply_to(first)])
    assert sick_day.told(first["reschedule_id"]) == ["reschedule-offered", "reschedule-offered"]


@pytest.mark.requirement("5h")
@pytest.mark.parametrize("meaning", ["decline", "reschedule"])
def test_a_no_is_to_call_once_and_no_time_is_proposed_again(sick_day: SickDay, meaning: str) -> None:
    """Seen red by: a decline that is told again with every reply."""
    absence, [first, _] = sick(sick_day)
    told(sick_day.clinic, follow_replies, [reply_to(first, meaning)], [reply_to(first, meaning), reply_to(first)])
    assert sick_day.told(first["reschedule_id"]) == ["reschedule-offered", "reschedule-to-call"]
    tally = sick_day.tally(absence)
    assert (tally["touched"], tally["to_call"], tally["offered"]) == (2, 1, 1)


@pytest.mark.requirement("5d")
@pytest.mark.parametrize(("reason", "becomes"), [("no-phone", "to-call"), ("no-longer-asked", "offered")])
def test_who_could_not_be_asked_is_to_call(sick_day: SickDay, reason: str, becomes: str) -> None:
    """With the proposals, to be named on the telephone. Seen red by: the reason not looked at."""
    _, [first, second] = sick(sick_day)
    told(sick_day.clinic, operations.follow_texts, [skipped(first, reason)], [skipped(first, reason)])
    assert state(sick_day, first) == becomes
    assert state(sick_day, second) == "offered"
    assert len(sick_day.told(first["reschedule_id"])) == (2 if becomes == "to-call" else 1)


def test_a_reply_to_a_visit_that_is_off_the_list_changes_nothing(sick_day: SickDay) -> None:
    """The absence was undone: the visit stays as it was."""
    absence, [first, _] = sick(sick_day)
    sick_day.undo(absence)
    told(sick_day.clinic, follow_replies, [reply_to(first)], [reply_to(first, "decline")])
    told(sick_day.clinic, operations.follow_texts, [skipped(first, "no-phone")])
    assert sick_day.told(first["reschedule_id"]) == ["reschedule-offered", "reschedule-withdrawn"]
    assert sick_day.appointment(first).start_at == first["start_at"]
