"""The clinic day on a real database: rooms, walk-ins, delays, and what the day sheet shows of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_scheduling import NOW, all_at_once, asker_of

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import (
    AppointmentNotBooked,
    AppointmentOverlaps,
    EnteredInError,
    NotYet,
    RoomElsewhere,
)
from shared.errors import NotFound
from shared.ids import new_id
from tests.integration.scheduling.test_life import history_of, in_error, rows, taken, told_types

QUARTER, HALF_HOUR, DAY = timedelta(minutes=15), timedelta(minutes=30), timedelta(days=1)


def room(clinic: Any, site_id: UUID | None = None, kind: str = "room", name: str = "Exam 1") -> UUID:
    command = commands.AddResource(
        site_id=site_id or clinic.site.site_id, kind=kind, type="exam room", name=name, capacity=1
    )
    return operations.add_resource(command, clinic.uow(), clinic.clock).resource_id


def start(clinic: Any, appointment_id: UUID, room_id: UUID | None = None, **asker: Any) -> Any:
    command = commands.StartAppointment(appointment_id=appointment_id, room_id=room_id)
    return operations.start_appointment(command, clinic.uow(**asker), clinic.clock)


def walk_in(clinic: Any, **more: Any) -> Any:
    command = commands.BookWalkIn(
        site_id=clinic.site.site_id,
        practitioner_id=clinic.practitioner_id,
        appointment_type_id=clinic.type_id,
        patient_id=new_id(),
        **more,
    )
    return operations.book_walk_in(command, clinic.uow(), clinic.clock)


def late(clinic: Any, minutes: int, on: date | None = None, **more: Any) -> dict[str, Any]:
    whose = {"site_id": clinic.site.site_id, "practitioner_id": clinic.practitioner_id}
    command = commands.RunLate(**{**whose, **more}, minutes=minutes, on=on)
    return operations.run_late(command, clinic.uow(), clinic.clock)


def day(clinic: Any, **filters: Any) -> list[dict[str, Any]]:
    with clinic.uow() as uow:
        return operations.read_day(clinic.site.site_id, None, uow, clinic.clock, **filters)["items"]


def test_a_patient_goes_in_is_done_and_each_step_is_undone(clinic: Any) -> None:
    """Seen red by: an undone start that keeps its room."""
    mine, exam = clinic.book(NOW).appointment_id, room(clinic)
    clinic.one(operations.check_in, mine)
    clinic.clock.instant = NOW + QUARTER
    start(clinic, mine, exam)
    (item,) = day(clinic)
    assert (item["state"], item["waiting_minutes"], item["room_name"]) == ("in-room", 15, "Exam 1")
    clinic.one(operations.finish_appointment, mine)
    assert [it["state"] for it in day(clinic)] == ["done"]
    clinic.one(operations.undo_finish, mine)
    clinic.one(operations.undo_start, mine)
    (item,) = day(clinic)
    assert (item["state"], item["room_id"], item["in_room_at"]) == ("arrived", None, None)
    clinic.one(operations.undo_check_in, mine)
    assert [it["state"] for it in day(clinic)] == ["late"]
    assert [it["step"] for it in history_of(clinic, mine)["changes"]] == [
        "book",
        "check-in",
        "start",
        "finish",
        "undo-finish",
        "undo-start",
        "undo-check-in",
    ]


def test_nobody_goes_into_what_is_no_room_of_the_site(clinic: Any) -> None:
    """Seen red by: any resource taken for a room; the site not looked at."""
    mine = clinic.book(NOW).appointment_id
    clinic.one(operations.check_in, mine)
    other = operations.add_site(commands.AddSite(name="Oak", zone="America/New_York"), clinic.uow(), clinic.clock)
    for elsewhere in (room(clinic, other.site_id), room(clinic, kind="device")):
        with pytest.raises(RoomElsewhere):
            start(clinic, mine, elsewhere)
    with pytest.raises(NotFound):
        start(clinic, mine, room(clinic, other.site_id), sites=frozenset({clinic.site.site_id}))
    with pytest.raises(NotFound):
        start(clinic, mine, new_id())


def test_a_day_sheet_shows_one_practitioner_or_one_room(clinic: Any) -> None:
    """Seen red by: the filters left out of the statement."""
    one, two = (clinic.book(NOW + turn * HALF_HOUR).appointment_id for turn in (0, 1))
    exam, other = room(clinic), room(clinic, name="Exam 2")
    for mine, where in ((one, exam), (two, other)):
        clinic.one(operations.check_in, mine)
        start(clinic, mine, where)
    assert [it["appointment_id"] for it in day(clinic, room_id=exam)] == [one]
    assert len(day(clinic, practitioner_id=clinic.practitioner_id)) == 2
    assert day(clinic, practitioner_id=new_id()) == day(clinic, room_id=new_id()) == []


def test_a_walk_in_takes_the_present_minute_is_here_and_is_marked(clinic: Any) -> None:
    """One fact that says arrived. Seen red by: a booking told first."""
    clinic.clock.instant = NOW + timedelta(minutes=7, seconds=31)
    mine = walk_in(clinic)
    assert (mine.status, mine.walk_in, mine.start_at) == ("arrived", True, NOW + timedelta(minutes=7))
    assert told_types(clinic, mine.appointment_id) == ["appointment-arrived"]
    assert taken(clinic) == [mine.start_at]
    (item,) = day(clinic)
    assert (item["state"], item["walk_in"], item["waiting_minutes"]) == ("arrived", True, 0)
    assert [it["step"] for it in history_of(clinic, mine.appointment_id)["changes"]] == ["walk-in"]


def test_a_walk_in_finds_no_time_that_is_taken_but_the_next_one_of_today(clinic: Any) -> None:
    clinic.book(NOW)
    with pytest.raises(AppointmentOverlaps) as refused:
        walk_in(clinic)
    assert refused.value.details["next_free_times"][0]["start_at"] == "2026-11-23T14:30:00Z"
    assert walk_in(clinic, start_at=NOW + HALF_HOUR).status == "arrived"
    with pytest.raises(NotYet):
        walk_in(clinic, start_at=NOW + DAY)


def test_a_wrong_walk_in_is_taken_back_as_a_mistake(clinic: Any) -> None:
    mine = walk_in(clinic)
    in_error(clinic, mine.appointment_id)
    assert (taken(clinic), day(clinic)) == ([], [])


def test_running_late_tells_all_who_wait_or_are_on_the_way_and_nobody_else(clinic: Any) -> None:
    """Seen red by: who is in the room told too; tomorrow's told too."""
    waits, inside, off, comes, tomorrow = (
        clinic.book(NOW + turn * HALF_HOUR).appointment_id for turn in (0, 1, 2, 3, 48)
    )
    for mine in (waits, inside):
        clinic.one(operations.check_in, mine)
    start(clinic, inside)
    clinic.cancel(off)
    answer = late(clinic, 20)
    assert {it.appointment_id for it in answer["appointments"]} == {waits, comes}
    delayed = rows(clinic, "SELECT appointment_id, delay_minutes FROM appointments WHERE delay_minutes IS NOT NULL")
    assert sorted(str(row[0]) for row in delayed) == sorted(map(str, (waits, comes)))
    assert told_types(clinic, comes)[-1] == "appointment-delayed"
    assert tomorrow not in {it.appointment_id for it in answer["appointments"]}
    assert {it["appointment_id"]: it["delay_minutes"] for it in day(clinic)}[comes] == 20


def test_the_same_delay_again_tells_nobody_a_longer_one_all_and_none_takes_it_back(clinic: Any) -> None:
    """Seen red by: every appointment told each time."""
    mine = clinic.book(NOW + HALF_HOUR).appointment_id
    assert [len(late(clinic, minutes)["appointments"]) for minutes in (20, 20, 35, 0, 0)] == [1, 0, 1, 1, 0]
    (item,) = day(clinic)
    assert (item["appointment_id"], item["delay_minutes"], item["version"]) == (mine, None, 4)


def test_a_delay_does_not_follow_an_appointment_that_moves(clinic: Any) -> None:
    mine = clinic.book(NOW + HALF_HOUR).appointment_id
    late(clinic, 20)
    assert clinic.move(mine, NOW + DAY).delay_minutes is None


def test_nobody_runs_late_at_a_site_or_by_a_name_that_is_not_there(clinic: Any) -> None:
    for wrong in ({"site_id": new_id()}, {"practitioner_id": new_id()}):
        with pytest.raises(NotFound):
            late(clinic, 20, **wrong)


def test_an_appointment_card_is_of_ones_own_site_and_of_no_mistake(clinic: Any) -> None:
    """Seen red by: the card of a mistake shown."""
    mine = clinic.book(NOW).appointment_id
    with clinic.uow() as uow:
        card = operations.read_card(mine, uow, clinic.clock)
    assert (card["site"].name, card["appointment"]["appointment_id"]) == ("Elm", mine)
    elsewhere = clinic.units.for_call(asker_of(sites=frozenset({new_id()})), action="test")
    with elsewhere as uow, pytest.raises(NotFound):
        operations.read_card(mine, uow, clinic.clock)
    in_error(clinic, mine)
    with clinic.uow() as uow, pytest.raises(EnteredInError):
        operations.read_card(mine, uow, clinic.clock)


def test_the_day_sheet_is_read_from_indexes_as_the_application(clinic: Any) -> None:
    """Under row-level security only leakproof operators reach one. Seen red by: days compared as ranges."""
    asked = {"from_at": NOW, "until_at": NOW + DAY, "practitioner_id": None, "room_id": None, "appointment_ids": None}
    with clinic.uow() as uow, uow.connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        params = {"network_id": uow.network_id, "site_id": clinic.site.site_id, **asked}
        cursor.execute("EXPLAIN " + uow.statements["day"], params)
        plan = "\n".join(row["QUERY PLAN"] for row in cursor.fetchall())
    for index in ("appointments_site_start_idx", "texts_appointment_idx", "bookings_appointment_key", "resources_pkey"):
        assert index in plan, plan
    of_the_day = plan.partition("appointments_site_start_idx")[2].splitlines()[1]
    assert "Index Cond" in of_the_day, plan
    assert "start_at >=" in of_the_day, plan
    assert "Seq Scan" not in plan, plan


def test_of_a_check_in_and_a_no_show_at_one_moment_one_is_done_and_the_other_is_told(clinic: Any) -> None:
    """Each round a visit of its own. Seen red by: the appointment read without its lock."""
    visits = [clinic.book(NOW + turn * HALF_HOUR) for turn in range(8)]
    clinic.clock.instant = NOW + 5 * timedelta(hours=1)
    steps = (operations.check_in, operations.mark_noshow)

    def act(turn: int) -> str:
        try:
            return clinic.one(steps[turn % 2], visits[turn // 2].appointment_id).status
        except AppointmentNotBooked as refused:
            return f"not {refused.details['status']}"

    ends = all_at_once(act, 2 * len(visits), together=2)
    for one, other in zip(ends[::2], ends[1::2], strict=True):
        assert (one, other) in {("arrived", "not arrived"), ("not noshow", "noshow")}
    assert rows(clinic, "SELECT count(*) FROM appointment_changes WHERE version = 2") == [(len(visits),)]
