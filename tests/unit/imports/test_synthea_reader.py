from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.imports.synthea.account import NAMELESS, NO_PLACE, REPEATED
from cli.imports.synthea.plan import ImportPlan, Window
from cli.imports.synthea.reader import Choice, read_plan
from cli.imports.synthea.sources import SourceUnreadable
from tests.unit.imports.synthea_records import (
    CLINIC,
    concept,
    encounter,
    of_encounter,
    organization,
    patient,
    practitioner,
    refers_to,
    written,
)

TODAY = date(2026, 11, 23)
ALL = Window(first=date(1900, 1, 1), last=date(2099, 12, 31))


def plan_of(folder: Path, *resources: dict[str, Any], window: Window = ALL) -> ImportPlan:
    plan = read_plan(written(folder, *resources), TODAY, Choice(window=window, shifted=True))
    assert plan.kinds_that_do_not_add_up() == []
    return plan


def test_an_ambulatory_encounter_becomes_a_visit_on_whole_minutes_moved_by_whole_weeks(tmp_path: Path):
    (visit,) = plan_of(tmp_path, *CLINIC, encounter()).visits
    assert (visit.site, visit.practitioner, visit.patient) == ("Organization/site", "doctor", "patient")
    assert (visit.source_start_at, visit.minutes) == (datetime(2020, 7, 1, 13, 0, tzinfo=UTC), 15)
    # A Wednesday at 09:00 in Boston stays one: summer time then, winter time now.
    assert visit.start_at == datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"class": {"code": "EMER"}}, "not ambulatory (EMER)"),
        ({"status": "planned"}, "not finished (planned)"),
        ({"participant": []}, "names no practitioner"),
        ({"participant": [{"individual": refers_to("stranger")}]}, "its practitioner is not imported"),
        ({"serviceProvider": refers_to("nowhere")}, "its site is not imported"),
        ({"subject": refers_to("stranger")}, "its patient is not imported"),
        ({"period": {"start": "2020-07-01T13:00:44+00:00"}}, "no start or no end"),
        ({"period": {"start": "2020-07-01", "end": "2020-07-02"}}, "no start or no end"),
        ({"end": "2020-07-15T13:00:44+00:00"}, "lasts longer than 12 hours"),
        ({"end": "2020-07-01T12:00:44+00:00"}, "ends before it starts"),
    ],
)
def test_an_encounter_that_cannot_be_booked_is_left_out_with_its_reason(
    tmp_path: Path, changed: dict[str, Any], reason: str
):
    plan = plan_of(
        tmp_path, *CLINIC, encounter(), encounter("other", **changed), of_encounter("Condition", "c", {}, "other")
    )
    assert [visit.source_id for visit in plan.visits] == ["visit"]
    assert plan.left_out_of("Encounter") == {reason: 1}
    assert plan.left_out_of("Condition") == {"its encounter is left out": 1}


def test_what_lies_outside_the_window_is_left_out_by_the_sites_own_calendar(tmp_path: Path):
    late = encounter("late", "2020-07-02T03:30:00+00:00", "2020-07-02T03:45:00+00:00")  # still 1 July in Boston
    next_day = encounter("next", "2020-07-02T04:00:00+00:00", "2020-07-02T04:15:00+00:00")
    day = Window(first=date(2020, 7, 1), last=date(2020, 7, 1))
    plan = plan_of(tmp_path, *CLINIC, encounter(), late, next_day, window=day)
    assert [visit.source_id for visit in plan.visits] == ["visit", "late"]
    assert plan.left_out_of("Encounter") == {"outside the window": 1}


def test_everything_ends_before_today_also_a_visit_past_midnight(tmp_path: Path):
    plan = plan_of(tmp_path, *CLINIC, encounter("m", "2020-06-29T03:33:00+00:00", "2020-06-29T04:10:00+00:00"))
    (visit,) = plan.visits
    assert visit.start_at == datetime(2026, 11, 16, 4, 33, tzinfo=UTC)  # a Sunday, 23:33: one week later ends today


def test_an_earlier_imports_weeks_are_kept(tmp_path: Path):
    plan = read_plan(written(tmp_path, *CLINIC, encounter()), TODAY, Choice(weeks_later=10))
    assert plan.visits[0].start_at == datetime(2020, 9, 9, 13, 0, tzinfo=UTC)


def test_a_time_that_the_spring_change_skips_is_left_out(tmp_path: Path):
    at_half_past_two = encounter(start="2020-07-05T06:30:00+00:00", end="2020-07-05T06:45:00+00:00")
    plan = read_plan(written(tmp_path, *CLINIC, at_half_past_two), TODAY, Choice(weeks_later=35))  # 2021-03-07
    assert len(plan.visits) == 1
    plan = read_plan(tmp_path, TODAY, Choice(weeks_later=36))  # 2021-03-14
    assert plan.left_out_of("Encounter") == {"a clock change skips its time in the book": 1}


def test_nobody_is_at_two_sites_at_once(tmp_path: Path):
    elsewhere = encounter(
        "second", "2020-07-01T13:10:00+00:00", "2020-07-01T13:25:00+00:00", serviceProvider=refers_to("b")
    )
    plan = plan_of(tmp_path, *CLINIC, organization("b"), encounter(), elsewhere)
    assert plan.left_out_of("Encounter") == {"its practitioner is at another site at that time": 1}


def test_of_so_many_weeks_the_densest_are_taken(tmp_path: Path):
    lone = encounter("lone", "2010-01-04T15:00:00+00:00", "2010-01-04T15:15:00+00:00")
    second = encounter("second", "2020-07-20T15:00:00+00:00", "2020-07-20T15:15:00+00:00")
    plan = read_plan(written(tmp_path, *CLINIC, lone, encounter(), second), TODAY, Choice(weeks=4))
    assert plan.window == Window(first=date(2020, 7, 1), last=date(2020, 7, 28))
    assert len(plan.visits) == 2


def test_a_site_whose_state_lies_in_two_zones_is_left_out_and_its_visits_with_it(tmp_path: Path):
    plan = plan_of(tmp_path, organization(state="TN"), practitioner(), patient(), encounter())
    assert plan.left_out_of("Organization") == {"its address does not decide its time zone (--zone says it)": 1}
    assert plan.left_out_of("Patient") == {"no visit at a site that is imported, and no such site near": 1}
    assert plan.left_out_of("Encounter") == {"its site is not imported": 1}


def test_a_zip_code_decides_where_a_state_lies_in_two_zones_and_an_option_where_nothing_does(tmp_path: Path):
    nashville = [{"city": "NASHVILLE", "state": "TN", "postalCode": "37203-1234"}]
    plan = plan_of(tmp_path, organization(address=nashville), organization("nowhere", address=[]))
    assert [(site.source_id, site.zone) for site in plan.sites] == [("Organization/site", "America/Chicago")]
    plan = read_plan(tmp_path, TODAY, Choice(zone="America/Denver"))
    assert {site.zone for site in plan.sites} == {"America/Chicago", "America/Denver"}


def test_visits_that_are_not_shifted_stay_where_they_were(tmp_path: Path):
    (visit,) = read_plan(written(tmp_path, *CLINIC, encounter()), TODAY).visits
    assert visit.start_at == visit.source_start_at == datetime(2020, 7, 1, 13, 0, tzinfo=UTC)


def test_a_visit_that_took_no_time_takes_a_minute(tmp_path: Path):
    at_once = {"start": "2020-07-01T13:00:44.396020+00:00", "end": "2020-07-01T13:00:44.396020+00:00"}
    (visit,) = plan_of(tmp_path, *CLINIC, encounter(**at_once)).visits
    assert visit.minutes == 1


def test_two_organizations_of_one_name_are_told_apart(tmp_path: Path):
    plan = plan_of(tmp_path, organization("a", name="CLINIC"), organization("b", name="CLINIC"))
    assert [site.name for site in plan.sites] == ["CLINIC", "CLINIC, BOSTON"]


def test_a_patient_is_registered_at_the_site_seen_last(tmp_path: Path):
    earlier = encounter(
        "earlier", "2019-07-01T13:00:00+00:00", "2019-07-01T13:15:00+00:00", serviceProvider=refers_to("b")
    )
    (found,) = plan_of(tmp_path, *CLINIC, organization("b"), encounter(), earlier).patients
    assert (found.site, found.given, found.family, found.phone) == (
        "Organization/site",
        "Robby",
        "Becker",
        "+16172913747",
    )
    assert found.birth_on == date(1974, 2, 14)


@pytest.mark.parametrize(
    ("communication", "language"),
    [
        ([("es", None)], "es"),
        ([("en-US", None)], "en-US"),
        ([("es-XX", None)], "es"),
        ([("en", None), ("es", True)], "es"),
        ([("en", None), ("es", None)], None),
        ([("klingon", None)], None),
        ([], None),
    ],
)
def test_a_patient_speaks_the_preferred_language_or_the_only_one(
    tmp_path: Path, communication: list[tuple[str, bool | None]], language: str | None
):
    """Seen red by: the first one, preferred or not; a tag taken over that nothing can be written in."""
    spoken = [{"language": concept(tag, "urn:ietf:bcp:47"), "preferred": preferred} for tag, preferred in communication]
    clinic = [each for each in CLINIC if each["resourceType"] != "Patient"]
    (found,) = plan_of(tmp_path, *clinic, patient(communication=spoken), encounter()).patients
    assert found.language == language


def test_what_comes_twice_or_without_id_or_has_no_place_is_counted(tmp_path: Path):
    plan = plan_of(tmp_path, *CLINIC, organization(), {"resourceType": "Goal", "id": "g"}, {"resourceType": "Claim"})
    assert plan.left_out_of("Organization") == {REPEATED: 1}
    assert plan.left_out_of("Goal") == {NO_PLACE: 1}
    assert plan.left_out_of("Claim") == {NAMELESS: 1}


def test_an_empty_folder_and_a_missing_one_are_refused(tmp_path: Path):
    for source in (tmp_path, tmp_path / "none"):
        with pytest.raises(SourceUnreadable):
            read_plan(source, TODAY)
