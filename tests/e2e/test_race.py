"""Many clients, two gateways, one time: fifty who book, who hold and book, who move and book."""

from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from fix_desk import Desk, answer
from fix_race import Race, during, only_winner, overlapping, refused_with_times_beside

CLIENTS = 50


@pytest.mark.requirement("1a")
@pytest.mark.requirement("1b")
@pytest.mark.requirement("1c")
@pytest.mark.requirement("1d")
def test_of_fifty_clients_at_two_gateways_one_gets_the_time_and_the_others_the_next_free_times(
    desk: Desk, race: Race
) -> None:
    """Half of them ask for a time that overlaps it. Seen red by: no advisory lock and no EXCLUDE on bookings."""
    diary, people = desk.diary(), [desk.newcomer() for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        patients = list(clients.map(desk.register, people))
    bodies = [
        diary.body(0, patient_id=patient["patient_id"]) | {"start_at": overlapping(diary, 0, turn)}
        for turn, patient in enumerate(patients)
    ]
    answers = race.run([("/v1/appointments", body) for body in bodies])
    won = only_winner(answers).body
    assert all(refused_with_times_beside(each, won) for each in answers if each.status != 201)
    assert [each["appointment_id"] for each in race.taken(diary)] == [won["appointment_id"]]
    assert desk.events_of("scheduling", won["appointment_id"]) == ["appointment-booked"]
    (count,) = desk.rows(
        "scheduling", "SELECT count(*) AS n FROM appointments WHERE practitioner_id = %(id)s", id=diary.practitioner_id
    )
    assert count["n"] == 1
    assert len([text for person in people for text in desk.sent_to(person["phone"])]) == 1


@pytest.mark.requirement("1e")
def test_a_row_inserted_by_hand_over_time_that_is_taken_is_refused_by_the_database(desk: Desk) -> None:
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


def test_of_who_holds_and_who_books_one_time_one_has_it(desk: Desk, race: Race) -> None:
    """Three times over; half of either ask five minutes later. Seen red by: no advisory lock and no EXCLUDE on
    bookings."""
    diary, person = desk.diary(), desk.newcomer()
    who = {"patient_id": desk.register(person)["patient_id"]}
    winners = []
    for place in (0, 4, 8):
        bodies = [diary.body(0) | {"start_at": overlapping(diary, place, turn)} for turn in range(24)]
        asks = [
            ("/v1/holds", body) if turn // 4 % 2 else ("/v1/appointments", body | who)
            for turn, body in enumerate(bodies)
        ]
        answers = race.run(asks)
        winners.append(won := only_winner(answers).body)
        assert all(refused_with_times_beside(each, won) for each in answers if each.status != 201)
    taken = [(each["appointment_id"], each["hold_id"]) for each in race.taken(diary)]
    assert taken == [(won.get("appointment_id"), won.get("hold_id")) for won in winners]
    booked = [won["appointment_id"] for won in winners if "appointment_id" in won]
    assert [desk.events_of("scheduling", each) for each in booked] == [["appointment-booked"]] * len(booked)
    assert len(desk.sent_to(person["phone"])) == len(booked)


def test_of_who_book_from_a_hold_and_beside_it_the_first_from_the_hold_has_the_time(desk: Desk, race: Race) -> None:
    """Seen red by: a hold that is read without its lock."""
    diary, person = desk.diary(), desk.newcomer()
    body = diary.body(0, patient_id=desk.register(person)["patient_id"])
    hold = desk.session().post("/v1/holds", diary.body(0))
    asks = [body | {"hold_id": hold["hold_id"]} if turn // 2 % 2 else body for turn in range(16)]
    answers = race.run([("/v1/appointments", each) for each in asks])
    won = only_winner(answers)
    assert "hold_id" in asks[answers.index(won)]
    for asked, told in zip(asks, answers, strict=True):
        if told is not won and "hold_id" in asked:
            assert (told.status, told.slug, told.body["details"]) == (409, "hold-over", {"status": "booked"})
        elif told is not won:
            assert refused_with_times_beside(told, won.body)
    assert [each["appointment_id"] for each in race.taken(diary)] == [won.body["appointment_id"]]
    assert desk.events_of("scheduling", won.body["appointment_id"]) == ["appointment-booked"]
    assert len(desk.sent_to(person["phone"])) == 1


@pytest.mark.requirement("7a")
@pytest.mark.requirement("7b")
def test_of_who_move_and_who_book_to_one_time_one_has_it_and_the_other_visits_stay(desk: Desk, race: Race) -> None:
    """Half of either ask five minutes later. Seen red by: no advisory lock and no EXCLUDE on bookings."""
    diary, person = desk.diary(), desk.newcomer()
    visits = [desk.book(diary, 4 + place) for place in range(6)]
    who = {"patient_id": desk.register(person)["patient_id"]}
    wished = [{"start_at": overlapping(diary, 0, turn)} for turn in range(6)]
    moves = [(f"/v1/appointments/{visits[turn]['appointment_id']}/move", wished[turn]) for turn in range(6)]
    bookings = [("/v1/appointments", diary.body(0, **who) | wished[turn]) for turn in range(6)]
    answers = race.run(moves + bookings)
    won = only_winner(answers).body
    assert all(refused_with_times_beside(each, won) for each in answers if each.body != won)
    after = {visit["appointment_id"]: visit for visit in visits} | {won["appointment_id"]: won}
    taken = {each["appointment_id"]: during(each) for each in race.taken(diary)}
    assert taken == {name: during(visit) for name, visit in after.items()}
    for visit in visits:
        moved = visit["appointment_id"] == won["appointment_id"]
        told = ["appointment-booked", "appointment-rescheduled"] if moved else ["appointment-booked"]
        assert desk.events_of("scheduling", visit["appointment_id"]) == told
        assert [kind for kind, *_ in desk.texts(visit)] == (["booked", "rescheduled"] if moved else ["booked"])
        assert desk.session().get(f"/v1/appointments/{visit['appointment_id']}")["version"] == len(told)
    assert len(desk.sent_to(person["phone"])) == len(after) - len(visits)


@pytest.mark.requirement("7a")
@pytest.mark.requirement("7b")
def test_a_move_to_a_time_that_somebody_else_takes_first_leaves_the_visit_and_tells_nobody(desk: Desk) -> None:
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
