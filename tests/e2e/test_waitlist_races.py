"""Answers to what the waitlist offers, through two gateways with a scheduling each."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from fix_desk import NEW_YORK, QUARTER, Desk, Diary, Json
from fix_race import Race, only_winner, refused_with_times_beside

PLACE = 20  # a quarter hour of the afternoon


def wait_for_it(desk: Desk, diary: Diary) -> Json:
    """The entry of a newcomer who waits for that quarter hour of that diary."""
    start = datetime.fromisoformat(diary.start(PLACE)).astimezone(NEW_YORK)
    wish: Json = {"from_on": str(start.date()), "until_on": str(start.date())}
    wish |= {"starts": f"{start:%H:%M}", "ends": f"{start + QUARTER:%H:%M}"}
    ids = {"practitioner_ids": [diary.practitioner_id], "appointment_type_id": diary.appointment_type_id}
    wish |= ids | {"patient_id": desk.register()["patient_id"]}
    return desk.session().post("/v1/waitlist", wish)


def offered(desk: Desk, entry: Json) -> str:
    """The offer that the entry has to answer, once it has one."""
    found: dict[str, Any] = {}

    def looked() -> bool:
        found.update(desk.session().get(f"/v1/waitlist/{entry['entry_id']}"))
        return found["open_offer_id"] is not None

    desk.wait_until(looked)
    return str(found["open_offer_id"])


@pytest.mark.requirement("28c")
def test_of_many_who_accept_one_offer_one_books_it_and_who_books_beside_it_does_not(desk: Desk, race: Race) -> None:
    """The time is held for the patient. Seen red by: an offer judged as it was before its locks."""
    diary, other = desk.diary(), desk.register()
    offer_id = offered(desk, wait_for_it(desk, diary))
    beside = ("/v1/appointments", diary.body(PLACE, patient_id=other["patient_id"]))
    accept = (f"/v1/waitlist/offers/{offer_id}/accept", None)
    answers = race.run([*[beside] * 12, *[accept] * 6])
    won, accepted = only_winner(answers), answers[12:]
    assert won in accepted
    for each in accepted:
        assert each is won or (each.slug, each.body["details"]) == ("offer-closed", {"state": "accepted"})
    assert all(refused_with_times_beside(each, won.body) for each in answers[:12])
    booked = won.body["booked_id"]
    assert [(each["appointment_id"], each["hold_id"]) for each in race.taken(diary)] == [(booked, None)]
    assert desk.events_of("scheduling", offer_id) == ["waitlist-offered", "waitlist-accepted"]
    assert desk.events_of("scheduling", booked) == ["appointment-booked"]
    assert [kind for kind, *_ in desk.texts({"appointment_id": booked})] == ["booked"]


@pytest.mark.requirement("28b")
@pytest.mark.requirement("28c")
def test_of_a_group_that_accepts_through_two_gateways_one_has_the_time(desk: Desk, race: Race) -> None:
    """It was asked together when a visit was cancelled. Seen red by: others of the group whose offers stay open."""
    manager = desk.session("manager")
    kind = manager.post("/v1/appointment-types", {"name": "Brief visit", "minutes": 15})["appointment_type_id"]
    manager.put("/v1/waitlist/policy", {"appointment_type_id": kind, "mode": "first-come", "group_size": 8})
    diary = replace(desk.diary(), appointment_type_id=kind)
    visit = desk.book(diary, PLACE)
    waiting = [wait_for_it(desk, diary) for _ in range(8)]
    desk.act(visit, "cancel", {"reason": "patient called"})
    offers = [offered(desk, entry) for entry in waiting]
    answers = race.run([(f"/v1/waitlist/offers/{offer_id}/accept", None) for offer_id in offers])
    won = only_winner(answers)
    booked = won.body["booked_id"]
    assert [each["appointment_id"] for each in race.taken(diary)] == [booked]
    for entry, offer_id, told in zip(waiting, offers, answers, strict=True):
        mine = told is won
        assert mine or (told.status, told.slug, told.body["details"]) == (409, "offer-closed", {"state": "lost"})
        last = "waitlist-accepted" if mine else "waitlist-lost"
        assert desk.events_of("scheduling", offer_id) == ["waitlist-offered", last]
        state = desk.session().get(f"/v1/waitlist/{entry['entry_id']}")["state"]
        assert state == ("booked" if mine else "waiting")
    assert desk.events_of("scheduling", booked) == ["appointment-booked"]
    assert [kind for kind, *_ in desk.texts({"appointment_id": booked})] == ["booked"]
