"""A patient's yes or no by text to the time that was proposed for a visit that cannot take place."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from fix_absences import EIGHT, SickDay
from fix_told import as_event

from services.scheduling import operations
from shared.events.notifications import ReplyReceived, TextCondition, TextDelivered, TextFailed, TextSkipped
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


def text_about(listed: Json, kind: type[TextCondition], status: str, version: int = 1, **more: Any) -> TextCondition:
    """What became of the text that asked about the best proposal of the list as it was read."""
    best = best_of(listed)
    said: Json = {
        "text_id": listed["reschedule_id"],  # any id: one of its own for each list
        "version": version,
        "appointment_id": listed["appointment_id"],
        "patient_id": listed["patient_id"],
        "site_id": listed["site_id"],
        "kind": "reschedule-proposal",
        "status": status,
        "reason": None,
        "changed_at": EIGHT,
        "start_at": best["start_at"],
        "asked_id": listed["reschedule_id"],
        "asked_site_id": best["site_id"],
    }
    return kind(**said | more)


def skipped(listed: Json, reason: str) -> TextCondition:
    return text_about(listed, TextSkipped, "skipped", reason=reason)


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


@pytest.mark.requirement("5f")
@pytest.mark.parametrize("taken", [1, 2, 3, 4])
def test_a_yes_is_to_the_time_whoever_of_the_colleagues_has_it(sick_day: SickDay, taken: int) -> None:
    """Five have the hour of the visit, of whom three are proposed; some are taken meanwhile. She is not asked about
    the same hour once more, which would be no new text. Seen red by: the first proposal alone tried; none sought beyond
    those that are proposed."""
    for _ in range(4):
        sick_day.colleague()
    sick_day.visits(1)
    sick_day.mark(until_at=EIGHT + timedelta(days=30))
    [listed] = sick_day.listed()
    asked = best_of(listed)
    assert [best_of({"proposals": [it]})["start_at"] for it in listed["proposals"]] == [asked["start_at"]] * 3
    proposed = [best_of({"proposals": [it]})["practitioner_id"] for it in listed["proposals"]]
    others = [it for it in sick_day.colleagues if it not in proposed]
    for colleague in [*proposed, *others][:taken]:
        replace(sick_day.clinic, practitioner_id=colleague).book(asked["start_at"])
    told(sick_day.clinic, follow_replies, [reply_to(listed)])
    assert sick_day.told(listed["reschedule_id"]) == ["reschedule-offered", "reschedule-moved"]
    moved = sick_day.appointment(listed)
    assert (moved.start_at, moved.practitioner_id) == (asked["start_at"], [*proposed, *others][taken])


def test_what_a_yes_brings_about_names_the_reply_as_its_cause(sick_day: SickDay) -> None:
    """Each its own, of several in one transaction; a text that did not come likewise. Seen red by: `because_of` left
    out."""
    _, [first, second, third] = sick(sick_day, 3)
    best = best_of(first)
    replace(sick_day.clinic, practitioner_id=best["practitioner_id"]).book(best["start_at"])
    replies = [as_event(reply_to(each), sick_day.clinic.uow().network_id) for each in (first, second)]
    texts = [as_event(skipped(third, "no-phone"), sick_day.clinic.uow().network_id)]
    facts = [replace(fact, correlationid=f"asked-{place}") for place, fact in enumerate([*replies, *texts])]
    with sick_day.clinic.uow() as uow:
        follow_replies(facts[:2], uow, sick_day.clinic.clock)
        operations.follow_texts(facts[2:], uow, sick_day.clinic.clock)
        uow.commit()
    caused = sick_day.rows(
        "SELECT type, aggregate_id::text, headers->>'correlationid' FROM outbox"
        " WHERE headers->>'causationid' = ANY(%s) ORDER BY 3, 1",
        [str(fact.id) for fact in facts],
    )
    assert caused == [
        ("reschedule-offered", str(first["reschedule_id"]), "asked-0"),
        ("appointment-rescheduled", str(second["appointment_id"]), "asked-1"),
        ("reschedule-moved", str(second["reschedule_id"]), "asked-1"),
        ("reschedule-to-call", str(third["reschedule_id"]), "asked-2"),
    ]


@pytest.mark.requirement("3c")
def test_every_order_of_what_became_of_a_text_ends_alike(sick_day: SickDay) -> None:
    """One by one and in one batch. Seen red by: the newest of a batch alone looked at."""
    seen = set()
    for place, order in enumerate([*permutations(range(3)), None]):
        [visit] = sick_day.visits(1, EIGHT + timedelta(days=place // 5, minutes=30 * (place % 5)))
        sick_day.mark(visit.start_at, visit.end_at)
        [listed] = [it for it in sick_day.listed() if it["appointment_id"] == visit.appointment_id]
        facts = [
            text_about(listed, TextFailed, "unknown", 1),
            text_about(listed, TextFailed, "failed", 2),
            text_about(listed, TextDelivered, "delivered", 3),
        ]
        batches = [[facts[it]] for it in [*order, order[0]]] if order else [facts]
        told(sick_day.clinic, operations.follow_texts, *batches)
        kept = sick_day.rows("SELECT version, status FROM texts WHERE text_id = %s", str(listed["reschedule_id"]))
        seen.add((state(sick_day, listed), *kept))
    assert seen == {("to-call", (3, "delivered"))}


@pytest.mark.requirement("5d")
def test_a_text_that_asked_about_another_time_before_calls_nobody(sick_day: SickDay) -> None:
    """She is asked about the next time by another text. Seen red by: what the text asked not looked at."""
    _, [first, _] = sick(sick_day)
    sick_day.decline(first, then="proposals")
    told(sick_day.clinic, operations.follow_texts, [text_about(first, TextFailed, "failed")])
    assert state(sick_day, first) == "offered"


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
