"""The search finds what is free, the earliest first, and nothing else."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import NOW, Clinic

from services.scheduling import operations
from services.scheduling.adapters.zip_codes import UsZipCodes
from services.scheduling.domain import commands
from services.scheduling.domain.errors import UnknownZip
from services.scheduling.domain.resources import Need
from services.scheduling.domain.search import Answer
from services.scheduling.domain.working_hours import WeeklyHours
from shared.errors import NotFound
from shared.ids import new_id

ZIPS = UsZipCodes()
NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # in New York


@dataclass
class Town:
    """A clinic with ways to add to its map and to search."""

    clinic: Clinic

    def site(self, name: str, zone: str, zip_code: str | None = None) -> UUID:
        command = commands.AddSite(name=name, zone=zone, zip=zip_code)
        return operations.add_site(command, self.clinic.uow(), self.clinic.clock).site_id

    def practitioner(self, site_id: UUID, starts: int = 9, ends: int = 12, **more: Any) -> UUID:
        command = commands.AddPractitioner(given="C", family="D", **more)
        made = operations.add_practitioner(command, self.clinic.uow(), self.clinic.clock).practitioner_id
        self.works(made, site_id, starts, ends)
        return made

    def works(self, practitioner_id: UUID, site_id: UUID, starts: int, ends: int) -> None:
        week = tuple(WeeklyHours(weekday=day, starts=starts * 60, ends=ends * 60) for day in range(1, 8))
        command = commands.SetWorkingHours(practitioner_id=practitioner_id, site_id=site_id, lanes=1, weekly=week)
        operations.set_working_hours(command, self.clinic.uow(), self.clinic.clock)

    def resource(self, site_id: UUID, kind: Any, type_: str) -> UUID:
        command = commands.AddResource(site_id=site_id, kind=kind, type=type_, name=type_)
        return operations.add_resource(command, self.clinic.uow(), self.clinic.clock).resource_id

    def type(self, minutes: int = 30, **more: Any) -> UUID:
        command = commands.AddAppointmentType(name="Other", minutes=minutes, **more)
        return operations.add_appointment_type(command, self.clinic.uow(), self.clinic.clock).appointment_type_id

    def find(self, asker: dict[str, Any] | None = None, **more: Any) -> list[Answer]:
        question = commands.SearchFreeTimes(**{"appointment_type_id": self.clinic.type_id, "limit": 5, **more})
        with self.clinic.uow(**(asker or {})) as uow:
            return operations.search_free_times(question, uow, self.clinic.clock, ZIPS)

    def starts(self, **more: Any) -> list[datetime]:
        return [it.time.start_at for it in self.find(**more)]


@pytest.fixture
def town(clinic: Clinic) -> Town:
    """The clinic's own practitioner works around the clock."""
    return Town(clinic)


def test_the_earliest_of_all_comes_first_across_sites_in_two_zones(town: Town) -> None:
    """Seen red by: the answers of one zone told before those of the next."""
    west = town.site("West", "America/Los_Angeles")
    there, here = town.practitioner(west, 6, 8), town.practitioner(town.clinic.site.site_id, 9, 11)
    found = [(it.time.start_at, it.time.practitioner_id) for it in town.find(practitioner_ids=(here, there), limit=7)]
    expected = sorted([(NINE + timedelta(minutes=30 * place), whose) for place in range(4) for whose in (here, there)])
    assert found == sorted(expected)[:8]


def test_the_next_after_an_answer_goes_on_where_it_ended(town: Town) -> None:
    """Seen red by: a cursor that leaves out who is free at the same instant."""
    site = town.clinic.site.site_id
    many = tuple(town.practitioner(site, 9, 10) for _ in range(5))
    whole = town.find(practitioner_ids=many, limit=40)
    for size in (1, 3, 4):
        paged: list[Answer] = []
        while len(paged) < 40:
            after = paged[-1].time.key if paged else None
            page = town.find(practitioner_ids=many, limit=size, after=after)[:size]
            paged += page
        assert [it.time for it in paged[:40]] == [it.time for it in whole[:40]]


def test_a_day_that_is_full_is_passed_over_and_what_is_booked_is_not_offered(town: Town) -> None:
    """Seen red by: a booking that is not kept in its day."""
    clinic = town.clinic
    town.works(clinic.practitioner_id, clinic.site.site_id, 9, 10)
    clinic.book(NINE)
    clinic.book(NINE + timedelta(minutes=30))
    assert town.starts(limit=1)[0] == NINE + timedelta(days=1)


def test_set_up_and_clean_up_are_kept_free_of_other_visits(town: Town) -> None:
    """Seen red by: set-up left out of what is asked to be free."""
    clinic = town.clinic
    town.works(clinic.practitioner_id, clinic.site.site_id, 9, 12)
    clinic.book(NINE + timedelta(minutes=60))
    kind = town.type(20, set_up_minutes=15, clean_up_minutes=10)
    offered = town.starts(appointment_type_id=kind, days=1)
    assert offered == [NINE + timedelta(minutes=it) for it in (0, 105, 150)]


def test_who_all_get_free_at_one_time_are_found_at_the_first_look_with_set_up_too(town: Town) -> None:
    """More of them than are looked at first. Seen red by: set-up left out of the earliest instant."""
    clinic = town.clinic
    for one in [town.practitioner(clinic.site.site_id, 9, 12, kind="physician") for _ in range(17)]:
        replace(clinic, practitioner_id=one).book(NINE)
    needs = (Need(kind="practitioner", type="physician"),)
    question = commands.SearchFreeTimes(
        appointment_type_id=town.type(20, needs=needs, set_up_minutes=15), from_on=NINE.date(), days=1, limit=1
    )
    with clinic.uow() as uow:
        asked = _recorded(uow)
        found = operations.search_free_times(question, uow, clinic.clock, ZIPS)
    assert [it.time.start_at for it in found] == [NINE + timedelta(minutes=45)] * 2
    assert [name for name, _ in asked].count("search-candidates") == 1


def test_sites_without_what_the_visit_needs_are_not_looked_at(town: Town) -> None:
    """One scanner stands at one of two sites; two visits' worth of them stand nowhere.

    Seen red by: the days of all sites looked at.
    """
    clinic = town.clinic
    elsewhere = town.site("Scans", "America/New_York")
    there, _ = town.practitioner(elsewhere, 9, 12), town.resource(elsewhere, "device", "scanner")
    for count, found_by in ((1, there), (2, None)):
        kind = town.type(needs=(Need(kind="device", type="scanner"),) * count)
        question = commands.SearchFreeTimes(appointment_type_id=kind, limit=1)
        with clinic.uow(sites=frozenset({clinic.site.site_id, elsewhere})) as uow:
            asked = _recorded(uow)
            found = operations.search_free_times(question, uow, clinic.clock, ZIPS)
        looked_at = [params["site_ids"] for name, params in asked if name == "search-candidates"]
        assert {it.time.practitioner_id for it in found} == ({found_by} if found_by else set())
        assert looked_at == ([[elsewhere]] if found_by else [])


def _recorded(uow: Any) -> list[tuple[str, dict[str, Any]]]:
    """What the search asks from now on."""
    asked: list[tuple[str, dict[str, Any]]] = []
    honest = uow.searches.all

    def recording(name: str, **params: Any) -> Any:
        asked.append((name, params))
        return honest(name, **params)

    uow.searches.all = recording
    return asked


@pytest.mark.requirement("33a")
def test_only_times_that_are_free_for_all_that_is_needed_are_offered(town: Town) -> None:
    """Seen red by: rooms that are not looked at."""
    site = town.clinic.site.site_id
    doctors = [town.practitioner(site, 9, 12, kind="physician") for _ in range(2)]
    town.practitioner(site, 8, 18, kind="porter")
    nurse = town.practitioner(site, 10, 18, kind="nurse")
    needs = (
        Need(kind="practitioner", type="physician"),
        Need(kind="practitioner", type="nurse"),
        Need(kind="room", type="exam room"),
        Need(kind="device"),
    )
    kind = town.type(30, needs=needs, set_up_minutes=15)
    assert town.find(appointment_type_id=kind) == []
    room = town.resource(site, "room", "exam room")
    town.resource(site, "room", "theatre")
    assert town.find(appointment_type_id=kind) == []
    device = town.resource(site, "device", "ultrasound")
    found = town.find(appointment_type_id=kind, days=1, limit=10)
    assert {it.time.practitioner_id for it in found} == set(doctors)
    assert [it.time.start_at for it in found] == [NINE + timedelta(minutes=it) for it in (60, 60, 105, 105, 150, 150)]
    assert {it.time.resource_ids for it in found} == {(nurse, room, device)}


@pytest.mark.requirement("6c")
@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        (date(2027, 3, 14), (60, 240), [6, 7]),  # 01:00 and 03:00; what lies between does not exist
        (date(2026, 11, 1), (60, 120), [5, 6]),  # 01:00 twice
    ],
)
def test_the_spring_gap_is_not_offered_and_the_autumn_hour_is_offered_twice(
    town: Town, day: date, hours: tuple[int, int], expected: list[int]
) -> None:
    """Seen red by: hours of the day counted from midnight."""
    town.clinic.clock.instant = datetime.combine(day - timedelta(days=5), datetime.min.time(), UTC)
    town.works(town.clinic.practitioner_id, town.clinic.site.site_id, 0, 24)
    kind = town.type(60)
    found = town.starts(appointment_type_id=kind, from_on=day, days=1, hours=(hours,), limit=9)
    assert [(it.date(), it.hour, it.minute) for it in found] == [(day, hour, 0) for hour in expected]


def test_what_is_asked_of_the_day_and_of_the_practitioner_holds_of_every_answer(town: Town) -> None:
    """Seen red by: a language that is compared with the first one alone."""
    site = town.clinic.site.site_id
    anna = town.practitioner(site, 9, 17, languages=("en", "es"), sex="female")
    town.practitioner(site, 9, 17, languages=("en",), sex="female")
    town.practitioner(site, 9, 17, languages=("en", "es"), sex="male")
    asked: dict[str, Any] = {"language": "es", "sex": "female", "weekdays": (3,), "hours": ((13 * 60, 14 * 60),)}
    found = town.find(**asked, limit=3)
    assert {it.time.practitioner_id for it in found} == {anna}
    wednesday = NINE + timedelta(days=2, hours=4)
    days = [wednesday + timedelta(days=7 * week, minutes=30 * half) for week in range(2) for half in range(2)]
    assert [it.time.start_at for it in found] == days


def test_near_a_zip_code_only_near_sites_are_offered_with_their_distance(town: Town) -> None:
    """Seen red by: a site without a ZIP code told as near."""
    here, there = town.site("Midtown", "America/New_York", "10018"), town.site("Boston", "America/New_York", "02139")
    near, far = town.practitioner(here, 10, 11), town.practitioner(there, 9, 10)
    nowhere = town.practitioner(town.clinic.site.site_id, 9, 10)
    asked: dict[str, Any] = {"practitioner_ids": (near, far, nowhere), "near_zip": "10001", "days": 1}
    assert {it.time.practitioner_id: it.miles for it in town.find(**asked, within_miles=25)} == {
        near: pytest.approx(1, abs=1)
    }
    ordered = [it.time.practitioner_id for it in town.find(**asked, order="distance")]
    assert ordered == [near, near, far, far, nowhere, nowhere]
    after = town.find(**asked, order="distance", limit=3)[2].time.key
    assert [it.time.practitioner_id for it in town.find(**asked, order="distance", after=after)] == ordered[3:]
    with pytest.raises(UnknownZip):
        town.find(near_zip="00000")


def test_notice_and_horizon_bound_what_is_offered_but_not_for_who_may_break_them(town: Town) -> None:
    """Seen red by: a horizon that bounds the day and not the instant."""
    kind = town.type(30, notice_minutes=90, horizon_days=1)
    found = town.starts(appointment_type_id=kind, limit=200)
    assert found[0] == NOW + timedelta(minutes=90)
    assert found[-1] == NOW + timedelta(days=1)
    free = {"scopes": frozenset({"appointments:override-rules"})}
    assert town.find(asker=free, appointment_type_id=kind)[0].time.start_at == NOW


def test_another_sites_times_are_neither_offered_nor_is_the_site_known(town: Town) -> None:
    """Seen red by: sites that are not bounded by the asker's."""
    other = town.site("Hidden", "America/New_York")
    hidden = town.practitioner(other)
    hers = {"sites": frozenset({town.clinic.site.site_id})}
    assert town.find(asker=hers, practitioner_ids=(hidden,)) == []
    for stranger in (other, new_id()):
        with pytest.raises(NotFound):
            town.find(asker=hers, site_ids=(stranger,))
    with pytest.raises(NotFound):
        town.find(practitioner_ids=(new_id(),))


BOOK = """
INSERT INTO practitioners (network_id, practitioner_id, given, family, version)
SELECT network_id, gen_random_uuid(), 'E', 'F', 1 FROM practitioners, generate_series(1, 400);
INSERT INTO free_days
    (network_id, resource_id, on_day, site_id, lane, lanes, working, since_at, from_at, until_at, taken)
SELECT f.network_id, p.practitioner_id, f.on_day, f.site_id, 1, 1, working, since_at, from_at, until_at,
       CASE WHEN f.on_day < '2026-12-10' THEN working ELSE '{}' END
FROM free_days f JOIN practitioners p ON p.family = 'F' WHERE f.on_day < '2027-03-01';
DELETE FROM free_days f USING practitioners p WHERE p.practitioner_id = f.resource_id AND p.family <> 'F';
"""


@pytest.mark.parametrize("planned", ["force_custom_plan", "force_generic_plan"])
def test_what_it_costs_follows_the_answers_and_not_the_books(clinic: Clinic, planned: str) -> None:
    """As the role of the application, under its policies, planned for these values and for any.

    Seen red by: days asked for by a range; site ids as text; practitioners joined, whom a plan for any values then
    begins with.
    """
    with closing(psycopg2.connect(clinic.urls.admin)) as connection, connection.cursor() as cursor:
        cursor.execute(BOOK)
        connection.commit()
        cursor.execute("ANALYZE")
        connection.commit()
    question = commands.SearchFreeTimes(appointment_type_id=clinic.type_id, limit=1)
    with clinic.uow() as uow:
        asked = _recorded(uow)
        operations.search_free_times(question, uow, clinic.clock, ZIPS)
        params = {"network_id": uow.network_id, **dict(asked)["search-candidates"]}
        with uow.connection.cursor() as cursor:
            statement = uow.statements.prepared("search-candidates")
            assert statement
            statement.execute_on(cursor, params)
            cursor.execute(f"SET LOCAL plan_cache_mode = {planned}")
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING off) {statement.execution}", params)
            plan = [row["QUERY PLAN"] for row in cursor.fetchall()]
    [index] = [line for line in plan if "Index Cond: ((network_id" in line and "longest_minutes >=" in line]
    assert any("free_days_search_idx" in line for line in plan), plan
    assert "on_day = " in index
    # For any number of sites PostgreSQL may read all of the day's entries in the index.
    assert "site_id = ANY" in index or planned == "force_generic_plan"
    # Seventeen days are full; the first day with time gives enough, and none after it is asked.
    [days] = [line for line in plan if "Function Scan on d " in line]
    assert "rows=18 " in days.partition("actual")[2], days
