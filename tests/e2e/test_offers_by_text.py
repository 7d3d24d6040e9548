"""A visit is cancelled, the time is offered by text, YES: booked. Two patients share the phone."""

from datetime import datetime

import pytest
from fix_desk import NEW_YORK, QUARTER, Desk, Json, answer

PLACE = 24  # a quarter hour of the afternoon


def waiting(desk: Desk, visit: Json, phone: str, place: int) -> Json:
    """The entry of somebody with that phone, who agreed to texts about care, for the time of that visit."""
    patient = desk.register(desk.newcomer(phone=phone))
    path, consent = f"/v1/patients/{patient['patient_id']}/consents", {"purpose": "care", "given": True}
    given = answer(desk.session(), "POST", path, {**consent, "number": phone, "evidence": "asked at the desk"})
    assert given.status in (200, 201), given.body
    return wants_that_time(desk, visit, patient["patient_id"], place)


def wants_that_time(desk: Desk, visit: Json, patient_id: str, priority: int = 0) -> Json:
    """The entry of a patient who waits for the time of that visit."""
    start = datetime.fromisoformat(visit["start_at"]).astimezone(NEW_YORK)
    wish: Json = {"from_on": str(start.date()), "until_on": str(start.date()), "priority": priority}
    wish |= {"starts": f"{start:%H:%M}", "ends": f"{start + QUARTER:%H:%M}"}
    ids = {name: visit[name] for name in ("practitioner_id", "appointment_type_id")}
    wish |= {"practitioner_ids": [ids["practitioner_id"]], "appointment_type_id": ids["appointment_type_id"]}
    return desk.session().post("/v1/waitlist", {**wish, "patient_id": patient_id})


def texts_of(desk: Desk, entry: Json) -> list[tuple[str, str]]:
    rows = "SELECT kind, status FROM texts WHERE patient_id = %(id)s AND asked_id IS NOT NULL ORDER BY due_at, kind"
    return [(row["kind"], row["status"]) for row in desk.rows("notifications", rows, id=entry["patient_id"])]


@pytest.mark.requirement("10a")
@pytest.mark.requirement("28c")
@pytest.mark.requirement("28e")
def test_a_cancelled_visit_is_offered_by_text_to_one_after_the_other_and_a_yes_books_it(desk: Desk) -> None:
    """A mother says no, then her son says yes, on one phone. Seen red by: replies to offers passed over."""
    diary, phone = desk.diary(), desk.number()
    visit = desk.book(diary, PLACE)
    mother, son = waiting(desk, visit, phone, 1), waiting(desk, visit, phone, 0)
    desk.settle()
    desk.act(visit, "cancel", {"reason": "patient called"})
    desk.wait_until(lambda: texts_of(desk, mother) == [("waitlist-offer", "accepted")])
    assert texts_of(desk, son) == []
    assert desk.reply(phone, "no") == 200
    desk.wait_until(lambda: texts_of(desk, son) == [("waitlist-offer", "accepted")])
    assert desk.reply(phone, "YES") == 200
    desk.settle()
    states = [desk.session().get(f"/v1/waitlist/{each['entry_id']}")["state"] for each in (mother, son)]
    assert states == ["waiting", "booked"]
    [booked] = desk.rows(
        "scheduling",
        "SELECT appointment_id::text, start_at FROM appointments WHERE patient_id = %(id)s AND status = 'booked'",
        id=son["patient_id"],
    )
    assert booked["start_at"] == datetime.fromisoformat(visit["start_at"])
    assert [kind for kind, *_ in desk.texts(booked)] == ["booked"]
    assert desk.checker.faults() == []
