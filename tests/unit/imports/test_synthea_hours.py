from datetime import UTC, datetime

from cli.imports.synthea.hours import greatest_overlap, needed_hours
from cli.imports.synthea.plan import Hours, Site, Stretch, Visit
from cli.imports.synthea.zones import zone_of

SITES = {"site": Site(source_id="site", name="A", zone="America/New_York")}


def visit(*start: int, minutes: int = 15) -> Visit:
    start_at = datetime(*start, tzinfo=UTC)
    return Visit(
        source_id=str(start),
        site="site",
        practitioner="doctor",
        patient="patient",
        source_start_at=start_at,
        start_at=start_at,
        minutes=minutes,
    )


def test_hours_reach_from_the_earliest_start_to_the_latest_end_of_each_weekday_in_quarters():
    mondays = [visit(2026, 11, 9, 14, 7), visit(2026, 11, 16, 19, 50, minutes=20)]
    (hours,) = needed_hours([*mondays, visit(2026, 11, 18, 15)], SITES)
    assert hours.weekly == (Stretch(weekday=1, starts=540, ends=915), Stretch(weekday=3, starts=600, ends=615))


def test_hours_of_a_visit_past_midnight_are_two_stretches():
    (hours,) = needed_hours([visit(2026, 11, 9, 4, 33, minutes=37)], SITES)  # Sunday 23:33 to Monday 00:10
    assert hours.weekly == (Stretch(weekday=1, starts=0, ends=15), Stretch(weekday=7, starts=1410, ends=1440))


def test_a_visit_that_ends_at_midnight_needs_nothing_of_the_next_day():
    (hours,) = needed_hours([visit(2026, 11, 9, 4, 30, minutes=30)], SITES)
    assert hours.weekly == (Stretch(weekday=7, starts=1410, ends=1440),)


def test_a_visit_in_the_repeated_autumn_hour_gets_hours_that_hold_both_passes():
    (hours,) = needed_hours([visit(2026, 11, 1, 5, 26, minutes=54)], SITES)  # 01:26 EDT to 01:20 EST
    assert hours.weekly == (Stretch(weekday=7, starts=60, ends=120),)


def test_a_visit_across_the_spring_change_gets_hours_on_both_sides_of_the_gap():
    (hours,) = needed_hours([visit(2026, 3, 8, 6, 45, minutes=30)], SITES)  # 01:45 EST to 03:15 EDT
    assert hours.weekly == (Stretch(weekday=7, starts=105, ends=195),)


def test_lanes_are_the_greatest_overlap_and_touching_visits_do_not_overlap():
    touching = [visit(2026, 11, 9, 14), visit(2026, 11, 9, 14, 15)]
    assert greatest_overlap(touching) == 1
    assert greatest_overlap([*touching, visit(2026, 11, 9, 14, 10)]) == 2
    assert needed_hours([*touching, visit(2026, 11, 9, 14, 10)], SITES)[0].lanes == 2


def test_hours_that_a_role_states_are_kept_beside_those_that_visits_need():
    stated = Hours(practitioner="doctor", site="site", lanes=1, weekly=(Stretch(weekday=1, starts=480, ends=600),))
    elsewhere = Hours(practitioner="nurse", site="site", lanes=1, weekly=())
    doctor, nurse = needed_hours([visit(2026, 11, 9, 14)], SITES, [stated, elsewhere])
    assert doctor.weekly == (Stretch(weekday=1, starts=480, ends=600),)
    assert (nurse.practitioner, nurse.lanes, nurse.weekly) == ("nurse", 1, ())


def state(name: str) -> str | None:
    return zone_of({"state": name})


def test_a_state_of_one_zone_decides_it_by_code_and_by_name():
    assert state("MA") == state("massachusetts") == state("District of Columbia")
    assert state("HI") == "Pacific/Honolulu"
    assert [state(each) for each in ("TN", "Texas", "", "M")] == [None] * 4
    assert zone_of({"state": "MA", "country": "BR"}) is None


def test_a_zip_code_decides_however_it_is_written():
    kansas = {"67735": "America/Denver", "668392616": "America/Chicago", "67735-0001": "America/Denver"}
    assert {each: zone_of({"state": "KS", "postalCode": each}) for each in kansas} == kansas
    assert zone_of({"postalCode": "2108"}) == "America/New_York"  # a spreadsheet took the zero away
    assert zone_of({"state": "KS", "postalCode": "00000"}) is None
