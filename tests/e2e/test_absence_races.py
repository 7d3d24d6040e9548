"""Absences against bookings, and two accepts of one time, through two gateways with a scheduling each."""

from collections import Counter
from datetime import timedelta

import pytest
from fix_desk import QUARTER, Desk, Diary, stamp
from fix_race import Race, only_winner

from cli.seeding import AROUND_THE_CLOCK

CLIENTS = 24


def test_a_site_that_closes_while_many_book_leaves_no_visit_unaccounted_for(desk: Desk, race: Race) -> None:
    """Who was first stands on the list, who came after is refused.

    Seen red by: a closure without locks, and bookings without theirs.
    """
    manager = desk.session("manager")
    site_id = manager.post("/v1/sites", {"name": "Closing", "zone": "America/New_York"})["site_id"]
    practitioner_id = manager.post("/v1/practitioners", {"given": "Noor", "family": "Closing"})["practitioner_id"]
    place = {"site_id": site_id, "practitioner_id": practitioner_id}
    manager.put("/v1/working-hours", {**place, "lanes": 1, "weekly": AROUND_THE_CLOCK})
    patient_id = manager.post("/v1/patients", {"site_id": site_id, **desk.newcomer()})["patient_id"]
    diary = Diary(site_id, practitioner_id, desk.elm.types[0]["appointment_type_id"], desk.now + timedelta(days=3))
    until = stamp(diary.opens_at + QUARTER * CLIENTS)
    closure = {"site_id": site_id, "from_at": diary.start(0), "until_at": until, "reason": "burst pipe"}
    asks = [("/v1/appointments", diary.body(turn, patient_id=patient_id)) for turn in range(CLIENTS)]
    *answers, absence = race.run(asks, "manager", then=[("/v1/absences", closure)])
    assert absence.status == 200, absence
    for refused in (each for each in answers if each.status != 201):
        assert (refused.status, refused.slug) == (409, "outside-working-hours")
        assert all(each["start_at"] >= until for each in refused.body["details"]["next_free_times"])
    booked = {each.body["appointment_id"] for each in answers if each.status == 201}
    assert {each["appointment_id"] for each in race.taken(diary)} == booked
    listed = manager.all("/v1/reschedules", absence_id=absence.body["absence_id"])
    assert Counter(each["appointment_id"] for each in listed) == Counter(booked)
    assert absence.body["tally"]["touched"] == len(booked)
    assert all(desk.events_of("scheduling", each) == ["appointment-booked"] for each in booked)
    assert all(len(desk.events_of("scheduling", each["reschedule_id"])) == 1 for each in listed)


@pytest.mark.requirement("5f")
def test_of_many_who_accept_one_time_at_two_gateways_one_wins_and_the_others_are_told(desk: Desk, race: Race) -> None:
    """All their visits are given one proposal. Seen red by: no advisory lock and no EXCLUDE on bookings."""
    diary, manager = desk.diary(), desk.session("manager")
    visits = [desk.book(diary, place) for place in range(8)]
    times = {"from_at": visits[0]["start_at"], "until_at": visits[-1]["end_at"], "reason": "sick"}
    absence = manager.post("/v1/absences", {"practitioner_id": diary.practitioner_id, **times})
    listed = manager.all("/v1/reschedules", absence_id=absence["absence_id"])
    desk.rows(
        "scheduling",
        "UPDATE reschedules SET proposals = (SELECT proposals FROM reschedules WHERE reschedule_id = %(first)s)"
        " WHERE absence_id = %(absence)s RETURNING reschedule_id",
        first=listed[0]["reschedule_id"],
        absence=absence["absence_id"],
    )
    answers = race.run([(f"/v1/reschedules/{each['reschedule_id']}/accept", {"number": 1}) for each in listed])
    won = only_winner(answers)
    for lost in (each for each in answers if each is not won):
        assert (lost.status, lost.slug) == (409, "proposal-taken")
        assert lost.body["details"]["proposals"]
    tally = manager.get(f"/v1/absences/{absence['absence_id']}")["tally"]
    assert (tally["moved"], tally["offered"], tally["touched"]) == (1, 7, 8)
    for each in manager.all("/v1/reschedules", absence_id=absence["absence_id"]):
        if each["state"] == "offered":  # what was changed by hand is told to the others too
            manager.post(f"/v1/reschedules/{each['reschedule_id']}/to-call")
    race.taken(diary)
