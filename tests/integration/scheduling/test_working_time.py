"""Changes of working time: in force at once or from a day on, for booking too, and each says what it strands."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import NOW, Clinic, all_at_once

from services.scheduling import operations, queries
from services.scheduling.domain import commands
from services.scheduling.domain.errors import ImpossibleHours, OutsideWorkingHours
from services.scheduling.domain.opening import OpeningWeek
from services.scheduling.domain.patterns import Pattern, Stay
from services.scheduling.domain.spans import Span
from services.scheduling.domain.weeks import WeeklyHours
from shared.errors import NotFound, Stale

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in New York
MONDAY = date(2026, 11, 23)
A_WEEK = timedelta(days=7)


def week(*days: int, starts: int = 540, ends: int = 1020) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(weekday=day, starts=starts, ends=ends) for day in days)


def set_hours(clinic: Clinic, **more: Any) -> dict[str, Any]:
    place = {"practitioner_id": clinic.practitioner_id, "site_id": clinic.site.site_id, "lanes": 1}
    return operations.set_working_hours(commands.SetWorkingHours(**place | more), clinic.uow(), clinic.clock)


def except_(clinic: Clinic, kind: str, span: Span, asker: dict[str, Any] | None = None, **place: Any) -> dict[str, Any]:
    place = place or {"practitioner_id": clinic.practitioner_id, "site_id": clinic.site.site_id}
    command = commands.AddWorkingException(kind=kind, span=span, **place)  # type: ignore[arg-type]
    return operations.add_working_exception(command, clinic.uow(**asker or {}), clinic.clock)


def close(clinic: Clinic, span: Span, kind: Any = "closure") -> dict[str, Any]:
    command = commands.AddClosure(site_id=clinic.site.site_id, kind=kind, span=span)
    return operations.add_closure(command, clinic.uow(), clinic.clock)


def one_day(day: date = MONDAY) -> Span:
    return Span(from_on=day)


def ids(answer: dict[str, Any]) -> list[UUID]:
    return [one["appointment_id"] for one in answer["stranded"]]


def list_stranded(clinic: Clinic, site_id: UUID | None = None, **asker: Any) -> list[UUID]:
    with clinic.uow(**asker) as uow:
        found = operations.find_stranded(site_id or clinic.site.site_id, uow, clinic.clock)
    return [one["appointment_id"] for one in found]


def second_site(clinic: Clinic) -> Clinic:
    """The same practitioner at another site, around the clock."""
    site = operations.add_site(commands.AddSite(name="Oak", zone="America/Chicago"), clinic.uow(), clinic.clock)
    there = replace(clinic, site=site)
    there.set_lanes(1)
    return there


def test_leave_is_refused_to_whoever_books_and_names_what_it_strands(clinic: Clinic) -> None:
    """Seen red by: leave left out of what the schedule is read from; who has arrived among the stranded."""
    kept, here = clinic.book(TEN), clinic.book(TEN + timedelta(hours=1))
    later = clinic.book(TEN + A_WEEK)
    clinic.one(operations.check_in, here.appointment_id)
    leave = except_(clinic, "leave", one_day())
    (told,) = leave["stranded"]
    assert told["appointment_id"] == kept.appointment_id
    assert (told["start_at"], told["patient_id"]) == (kept.start_at, kept.patient_id)
    assert told["resource_ids"] == (clinic.practitioner_id,)
    assert not leave["stranded_more"]
    assert list_stranded(clinic) == [kept.appointment_id]
    with pytest.raises(OutsideWorkingHours):
        clinic.book(TEN + timedelta(hours=2))
    clinic.move(kept.appointment_id, later.start_at + timedelta(hours=1))
    assert list_stranded(clinic) == []


def test_a_removal_gives_the_time_back_and_once_more_changes_nothing(clinic: Clinic) -> None:
    booked = clinic.book(TEN)
    leave = except_(clinic, "leave", one_day())
    command = commands.RemoveException(exception_id=leave["exception_id"])
    for _ in range(2):
        answer = operations.remove_working_exception(command, clinic.uow(), clinic.clock)
        assert answer["stranded"] == []
    assert list_stranded(clinic) == []
    clinic.move(booked.appointment_id, TEN + timedelta(hours=1))


def test_blocked_time_takes_only_its_hours_on_each_of_its_days(clinic: Clinic) -> None:
    noon = Span(from_on=MONDAY, until_on=MONDAY + timedelta(days=4), starts=12 * 60, ends=13 * 60)
    at_noon, before = clinic.book(TEN + timedelta(days=2, hours=2)), clinic.book(TEN + timedelta(days=2))
    assert ids(except_(clinic, "blocked", noon)) == [at_noon.appointment_id]
    assert before.appointment_id not in list_stranded(clinic)


def test_extra_time_can_be_booked_and_its_removal_strands(clinic: Clinic) -> None:
    set_hours(clinic, weekly=week(2))
    with pytest.raises(OutsideWorkingHours):
        clinic.book(TEN)
    extra = except_(clinic, "extra", Span(from_on=MONDAY, starts=600, ends=660))
    booked = clinic.book(TEN)
    removal = commands.RemoveException(exception_id=extra["exception_id"])
    assert ids(operations.remove_working_exception(removal, clinic.uow(), clinic.clock)) == [booked.appointment_id]


def test_leave_at_every_site_strands_at_every_site_by_each_sites_own_days(clinic: Clinic) -> None:
    """Seen red by: leave kept for one site alone; the day taken in the first site's zone."""
    there = second_site(clinic)
    here_late = clinic.book(datetime(2026, 11, 24, 4, 30, tzinfo=UTC))  # Monday 23:30 in New York
    there_late = there.book(datetime(2026, 11, 24, 5, 30, tzinfo=UTC))  # Monday 23:30 in Chicago
    after = there.book(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    leave = except_(clinic, "leave", one_day(), practitioner_id=clinic.practitioner_id)
    assert set(ids(leave)) == {here_late.appointment_id, there_late.appointment_id}
    assert after.appointment_id not in list_stranded(there)


def test_who_manages_one_site_sees_nothing_of_another_and_cannot_give_leave_there(clinic: Clinic) -> None:
    """Seen red by: leave at every site for whoever manages one."""
    there = second_site(clinic)
    hers = frozenset({there.site.site_id})
    clinic.book(TEN)
    with pytest.raises(ImpossibleHours):
        except_(clinic, "leave", one_day(), {"sites": hers}, practitioner_id=clinic.practitioner_id)
    with pytest.raises(NotFound):
        except_(clinic, "leave", one_day(), {"sites": hers})
    with pytest.raises(NotFound):
        list_stranded(clinic, sites=hers)
    leave = except_(clinic, "leave", one_day(), practitioner_id=clinic.practitioner_id)
    removal = commands.RemoveException(exception_id=leave["exception_id"])
    with pytest.raises(ImpossibleHours):
        operations.remove_working_exception(removal, clinic.uow(sites=hers), clinic.clock)


def test_a_closure_closes_the_whole_site_and_its_removal_opens_it(clinic: Clinic) -> None:
    booked = clinic.book(TEN)
    span = Span(start_at=TEN - timedelta(hours=1), end_at=TEN + timedelta(minutes=10))
    closure = close(clinic, span)
    assert ids(closure) == [booked.appointment_id]
    with pytest.raises(OutsideWorkingHours):
        clinic.book(TEN - timedelta(minutes=30))
    removal = commands.RemoveException(exception_id=closure["exception_id"])
    assert operations.remove_closure(removal, clinic.uow(), clinic.clock)["stranded"] == []
    assert clinic.book(TEN - timedelta(minutes=30)).status == "booked"
    with pytest.raises(NotFound):  # a closure is no exception of a resource
        operations.remove_working_exception(removal, clinic.uow(), clinic.clock)


def test_opening_hours_hold_from_their_day_on(clinic: Clinic) -> None:
    early, late = clinic.book(TEN), clinic.book(TEN + A_WEEK)
    weeks = (OpeningWeek(from_on=MONDAY + A_WEEK, weekly=week(1, starts=720, ends=900)),)
    command = commands.SetOpeningHours(site_id=clinic.site.site_id, weeks=weeks)
    answer = operations.set_opening_hours(command, clinic.uow(), clinic.clock)
    assert ids(answer) == [late.appointment_id]
    assert early.appointment_id not in list_stranded(clinic)
    with clinic.uow() as uow:
        assert operations.read_opening_hours(clinic.site.site_id, uow)["weeks"] == weeks
    with pytest.raises(Stale):
        operations.set_opening_hours(replace(command, version=0), clinic.uow(), clinic.clock)
    with pytest.raises(OutsideWorkingHours):
        clinic.book(TEN + A_WEEK + timedelta(hours=1))
    assert clinic.book(TEN + A_WEEK + timedelta(hours=3)).status == "booked"


def test_new_hours_hold_from_their_day_on_and_the_plain_week_is_shown_for_a_day(clinic: Clinic) -> None:
    """Seen red by: the week of before forgotten."""
    set_hours(clinic, weekly=week(1))
    before, after = clinic.book(TEN), clinic.book(TEN + A_WEEK)
    answer = set_hours(clinic, weekly=week(1, starts=720), from_on=MONDAY + timedelta(days=1))
    assert ids(answer) == [after.appointment_id]
    assert before.appointment_id not in list_stranded(clinic)
    with clinic.uow() as uow:
        seen = [
            operations.read_working_hours(clinic.practitioner_id, clinic.site.site_id, on, uow, clinic.clock)
            for on in (None, MONDAY + A_WEEK)
        ]
    assert [it["weekly"] for it in seen] == [week(1), week(1, starts=720)]


def test_a_rule_of_every_other_week_can_be_booked_in_its_weeks_alone(clinic: Clinic) -> None:
    every_other = Pattern(rrule="freq=weekly;interval=2;byday=mo", starts=540, ends=1020, from_on=MONDAY)
    set_hours(clinic, patterns=(every_other,))
    assert clinic.book(TEN).status == clinic.book(TEN + 2 * A_WEEK).status == "booked"
    with pytest.raises(OutsideWorkingHours):
        clinic.book(TEN + A_WEEK)


def test_a_locum_works_during_the_stay_and_is_listed_at_the_site(clinic: Clinic) -> None:
    booked = clinic.book(TEN + A_WEEK)
    command = commands.SetStays(
        practitioner_id=clinic.practitioner_id,
        site_id=clinic.site.site_id,
        stays=(Stay(from_on=MONDAY, until_on=MONDAY),),
        version=1,
    )
    answer = operations.set_stays(command, clinic.uow(), clinic.clock)
    assert (ids(answer), answer["version"]) == ([booked.appointment_id], 2)
    assert len(answer["weekly"]) == 7  # the hours are as they were
    assert clinic.book(TEN).status == "booked"
    with pytest.raises(Stale):
        operations.set_stays(command, clinic.uow(), clinic.clock)


def test_a_room_that_is_blocked_strands_the_visits_that_take_it(clinic: Clinic) -> None:
    """The visit takes the room beside its practitioner. Seen red by: practitioners' hours alone looked at."""
    add = commands.AddResource(site_id=clinic.site.site_id, kind="room", type="exam room", name="Exam 1", capacity=2)
    room = operations.add_resource(add, clinic.uow(), clinic.clock)
    booked = clinic.book(TEN)
    with closing(psycopg2.connect(clinic.urls.admin)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings (network_id, resource_id, lane, appointment_id, site_id, start_at, end_at)"
            " SELECT network_id, %s, 2, appointment_id, site_id, start_at, end_at FROM bookings",
            (str(room.resource_id),),
        )
    assert list_stranded(clinic) == []
    blocked = except_(clinic, "blocked", one_day(), resource_id=room.resource_id)
    (told,) = blocked["stranded"]
    assert (told["appointment_id"], told["resource_ids"]) == (booked.appointment_id, (room.resource_id,))
    with pytest.raises(ImpossibleHours):
        except_(clinic, "leave", one_day(), resource_id=room.resource_id)
    off = commands.ChangeResource(resource_id=room.resource_id, changes={"active": False})
    operations.change_resource(off, clinic.uow(), clinic.clock)
    removal = commands.RemoveException(exception_id=blocked["exception_id"])
    assert ids(operations.remove_working_exception(removal, clinic.uow(), clinic.clock)) == [booked.appointment_id]


def test_a_list_of_exceptions_and_closures_shows_those_that_are_not_over(clinic: Clinic) -> None:
    there = second_site(clinic)
    past, coming = one_day(date(2026, 11, 2)), one_day(date(2026, 12, 24))
    everywhere = except_(clinic, "leave", coming, practitioner_id=clinic.practitioner_id)
    except_(clinic, "leave", past)
    blocked = except_(clinic, "blocked", one_day())
    holiday = close(clinic, coming, "holiday")
    question = {"kind": None, "from_on": None, "resource_id": None, "limit": 1, "cursor": None, "sort": "begins_on"}
    with clinic.uow() as uow:
        asked = {**question, "site_id": clinic.site.site_id}
        first = queries.working_exceptions(asked, NOW, uow)
        second = queries.working_exceptions({**asked, "cursor": first["next"]}, NOW, uow)
        elsewhere = queries.working_exceptions({**question, "site_id": there.site.site_id}, NOW, uow)
        closures = queries.closures(asked, NOW, uow)
        gone = queries.closures({**question, "site_id": there.site.site_id}, NOW, uow)
    found = [it["exception_id"] for page in (first, second) for it in page["items"]]
    assert (found, second["next"]) == ([blocked["exception_id"], everywhere["exception_id"]], None)
    assert [it["exception_id"] for it in elsewhere["items"]] == [everywhere["exception_id"]]
    assert [it["exception_id"] for it in closures["items"]] == [holiday["exception_id"]]
    assert gone["items"] == []


def test_stranded_visits_are_a_list_in_pages(clinic: Clinic) -> None:
    booked = [clinic.book(TEN + timedelta(hours=step)).appointment_id for step in range(3)]
    close(clinic, one_day())
    question: dict[str, Any] = {"limit": 2, "cursor": None}
    with clinic.uow() as uow:
        found = operations.find_stranded(clinic.site.site_id, uow, clinic.clock)
    first = queries.page_of_stranded(found, question)
    second = queries.page_of_stranded(found, {**question, "cursor": first["next"]})
    assert [it["appointment_id"] for it in (*first["items"], *second["items"])] == booked
    assert second["next"] is None


def test_a_booking_beside_a_closure_is_refused_or_told_as_stranded(clinic: Clinic) -> None:
    """Whoever is first. Seen red by: a closure that takes no resource's lock, for all that `stranded` told."""
    told: list[UUID] = []

    def act(turn: int) -> UUID | None:
        if turn % 5 == 0:
            day = MONDAY + timedelta(days=turn // 5)
            told.extend(ids(close(clinic, one_day(day))))
            return None
        try:
            return clinic.book(TEN + timedelta(days=turn // 5, minutes=30 * (turn % 5))).appointment_id
        except OutsideWorkingHours:
            return None

    booked = {one for one in all_at_once(act, 50, together=10) if one is not None}
    assert set(told) == booked
