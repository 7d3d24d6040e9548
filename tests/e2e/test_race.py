"""Fifty clients, two gateways, one time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import psycopg2
import pytest
from fix_desk import answer, stamp

CLIENTS = 50


@pytest.fixture
def race(desk, second_gateway):
    """One race for one time: half of the clients ask five minutes later, which overlaps, half at the other gateway."""
    diary = desk.diary()
    people = [desk.newcomer() for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        patients = list(clients.map(desk.register, people))
        gun = Barrier(CLIENTS)

        def ask(place):
            api = (desk.session(), second_gateway)[place % 2]
            shifted = datetime.fromisoformat(diary.start(0)) + timedelta(minutes=place % 4 // 2 * 5)
            body = diary.body(0, patient_id=patients[place]["patient_id"]) | {"start_at": stamp(shifted)}
            gun.wait(30)
            return answer(api, "POST", "/v1/appointments", body)

        answers = list(clients.map(ask, range(CLIENTS)))
    desk.settle()
    return diary, people, answers


@pytest.mark.requirement("1a")
@pytest.mark.requirement("1b")
@pytest.mark.requirement("1c")
@pytest.mark.requirement("1d")
def test_of_fifty_clients_at_two_gateways_one_gets_the_time_and_the_others_the_next_free_times(desk, race):
    """Behind each gateway is a scheduling of its own. Seen red by: no advisory lock and no EXCLUDE on bookings."""
    diary, people, answers = race
    won = [one for one in answers if one.status == 201]
    lost = [one for one in answers if one.status == 409]
    assert (len(won), len(lost)) == (1, CLIENTS - 1), [one.status for one in answers]
    taken = datetime.fromisoformat(won[0].body["start_at"]), datetime.fromisoformat(won[0].body["end_at"])
    for one in lost:
        assert one.slug == "appointment-overlaps"
        free = one.body["details"]["next_free_times"]
        assert free
        for time in free:
            start, end = (datetime.fromisoformat(time[at]) for at in ("start_at", "end_at"))
            assert end <= taken[0] or start >= taken[1]
    assert desk.events_of("scheduling", won[0].body["appointment_id"]) == ["appointment-booked"]
    (count,) = desk.rows(
        "scheduling",
        "SELECT count(*) AS n FROM appointments WHERE practitioner_id = %(id)s",
        id=diary.practitioner_id,
    )
    assert count["n"] == 1
    sent = [text for person in people for text in desk.sent_to(person["phone"])]
    assert len(sent) == 1


@pytest.mark.requirement("1e")
def test_a_row_inserted_by_hand_over_time_that_is_taken_is_refused_by_the_database(desk):
    """Seen red by: the table without its constraint bookings_excl."""
    diary = desk.diary()
    taken, other = desk.book(diary, 0), desk.book(diary, 1)
    desk.act(other, "cancel", {"reason": "patient called"})
    with pytest.raises(psycopg2.errors.ExclusionViolation):
        desk.rows(
            "scheduling",
            "INSERT INTO bookings (network_id, resource_id, lane, appointment_id, site_id, start_at, end_at)"
            " SELECT network_id, resource_id, lane, %(other)s, site_id, start_at + interval '5 minutes', end_at"
            " FROM bookings WHERE appointment_id = %(taken)s",
            other=other["appointment_id"],
            taken=taken["appointment_id"],
        )


@pytest.mark.requirement("7a")
@pytest.mark.requirement("7b")
def test_a_move_to_a_time_that_somebody_else_takes_first_leaves_the_visit_and_tells_nobody(desk):
    """Seen red by: the old time given back, and committed, before the new one is asked for."""
    diary = desk.diary()
    mine, wished = desk.book(diary, 0), desk.book(diary, 1)
    path = f"/v1/appointments/{mine['appointment_id']}"
    refused = answer(desk.session(), "POST", f"{path}/move", {"start_at": wished["start_at"]})
    assert (refused.status, refused.slug) == (409, "appointment-overlaps")
    desk.settle()
    seen = desk.session().get(path)
    assert (seen["status"], seen["start_at"], seen["version"]) == ("booked", mine["start_at"], mine["version"])
    assert desk.events_of("scheduling", mine["appointment_id"]) == ["appointment-booked"]
    assert [kind for kind, *_ in desk.texts(mine)] == ["booked"]
    refused = answer(desk.session(), "POST", "/v1/appointments", diary.body(0, new_patient=desk.newcomer()))
    assert refused.slug == "appointment-overlaps"
