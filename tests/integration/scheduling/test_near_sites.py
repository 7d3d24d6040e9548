"""A visit that cannot take place as booked may have a time at a site near its own: who is proposed it, and takes it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_absences import EIGHT, HALF_HOUR, NOON, ZIPS, SickDay
from fix_sites import added_site

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import NoSuchProposal, ProposalTaken
from services.scheduling.domain.resources import Need
from services.scheduling.domain.spans import Span
from shared.errors import NotFound

DAY = timedelta(days=1)
# Miles from the clinic's own (10001): 1.0, 15.3, 42.9.
NEAR, FARTHER, FAR = "10016", "10701", "08540"


class Town:
    """The clinic in Manhattan, where one practitioner and one colleague work, and other sites around it."""

    def __init__(self, day: SickDay) -> None:
        self.day, self.clinic = day, day.clinic
        self.here = day.clinic.site.site_id
        change = commands.ChangeSite(site_id=self.here, changes={"zip": "10001"})
        operations.change_site(change, day.clinic.uow(), day.clinic.clock)

    def site(self, name: str, zip_code: str | None, zone: str = "America/New_York") -> UUID:
        return added_site(self.clinic, name, zone, zip=zip_code).site_id

    def doctor(self, site_id: UUID, kind: str | None = None) -> UUID:
        return self.day.colleague(kind=kind, site_id=site_id)

    def close(self, days: int = 30, within_miles: int | None = None, **asker: Any) -> Any:
        """The clinic's own site: for longer than any visit is due, unless fewer days are said."""
        command = commands.CloseSite(
            site_id=self.here,
            from_at=EIGHT,
            until_at=NOON if not days else EIGHT + days * DAY,
            reason="burst pipe",
            within_miles=within_miles,
        )
        return operations.close_site(command, self.clinic.uow(**asker), self.clinic.clock, ZIPS)

    def proposed(self, absence: Any, **asker: Any) -> list[list[tuple[UUID, UUID]]]:
        """Site and practitioner of each proposal, of each visit."""
        return [
            [(each["site_id"], each["practitioner_id"]) for each in listed["numbered"]]
            for listed in self.day.listed(absence, **asker)
        ]


@pytest.fixture
def town(sick_day: SickDay) -> Town:
    return Town(sick_day)


@pytest.mark.requirement("5b")
def test_where_the_own_site_has_nothing_the_nearest_sites_are_proposed_with_who_may_see_the_patient(town: Town) -> None:
    """Seen red by: the own site alone; the farther site first; a site out of reach; anybody who works there."""
    far, farther, near = (town.site(*each) for each in (("Far", FAR), ("Farther", FARTHER), ("Near", NEAR)))
    unknown = town.site("Nowhere", None)
    doctors = {site_id: town.doctor(site_id) for site_id in (far, farther, near, unknown)}
    town.doctor(near, kind="nurse")
    town.day.visits(4)
    absence = town.close()
    for *ranked, elsewhere_that_day in town.proposed(absence):
        assert ranked == [(near, doctors[near])] * 2
        assert elsewhere_that_day in [(near, doctors[near]), (farther, doctors[farther])]
    for listed in town.day.listed(absence):
        for each in listed["numbered"]:
            assert each["end_at"] - each["start_at"] == HALF_HOUR
            assert listed["start_at"].date() <= each["start_at"].date() < (listed["start_at"] + 15 * DAY).date()
    away = commands.AddWorkingException(
        practitioner_id=doctors[near],
        kind="leave",
        span=Span(start_at=EIGHT - DAY, end_at=EIGHT + 60 * DAY),
        site_id=None,
        reason="away",
    )
    operations.add_working_exception(away, town.clinic.uow(), town.clinic.clock)
    town.day.undo(absence)
    assert town.proposed(town.close()) == [[(farther, doctors[farther])] * 3] * 4


def test_while_the_own_site_has_times_nobody_is_sent_elsewhere_on_a_sick_day(town: Town) -> None:
    town.doctor(town.site("Near", NEAR))
    town.day.visits(4)
    absence = town.day.mark()
    assert {site_id for proposals in town.proposed(absence) for site_id, _ in proposals} == {town.here}


def test_of_a_closed_site_each_visit_is_proposed_its_own_hour_near_by(town: Town) -> None:
    """Rank alone would name the own practitioner's days and nothing else."""
    near = town.site("Near", NEAR)
    doctor = town.doctor(near)
    visits = town.day.visits(4)
    absence = town.close(days=0)
    for visit, listed in zip(visits, town.day.listed(absence), strict=True):
        *own, last = listed["numbered"]
        assert {(each["site_id"], each["practitioner_id"]) for each in own} == {(town.here, visit.practitioner_id)}
        assert (last["site_id"], last["practitioner_id"], last["start_at"]) == (near, doctor, visit.start_at)


@pytest.mark.requirement("5e")
def test_accepting_at_a_near_site_moves_the_visit_there_in_one_step_and_a_taken_time_leaves_it(town: Town) -> None:
    """Seen red by: a move that stays at the visit's site."""
    near = town.site("Near", NEAR)
    doctor = town.doctor(near)
    first, second = town.day.visits(2)
    absence = town.close()
    one, other = town.day.listed(absence)
    assert town.day.accept(one).state == "moved"
    moved = town.day.appointment(one)
    best = one["numbered"][0]
    assert (moved.site_id, moved.practitioner_id, moved.start_at) == (near, doctor, best["start_at"])
    assert (moved.previous_site_id, moved.previous_start_at) == (town.here, first.start_at)
    assert town.day.told(first.appointment_id) == ["appointment-booked", "appointment-rescheduled"]
    book_with(town, near, doctor, other["numbered"][0]["start_at"])
    with pytest.raises(ProposalTaken) as refused:
        town.day.accept(other)
    assert {each["site_id"] for each in refused.value.details["proposals"]} == {str(near)}
    assert town.day.appointment(other).version == 1
    assert town.day.tally(absence)["touched"] == 2
    assert (town.day.tally(absence)["moved"], town.day.tally(absence)["offered"]) == (1, 1)
    assert town.day.appointment(other).start_at == second.start_at


def book_with(town: Town, site_id: UUID, practitioner_id: UUID, start_at: Any) -> None:
    site, own = town.clinic.site, town.clinic.practitioner_id
    with town.clinic.uow() as uow:
        town.clinic.site = uow.places.site(site_id)
    town.clinic.practitioner_id = practitioner_id
    town.clinic.book(start_at)
    town.clinic.site, town.clinic.practitioner_id = site, own


@pytest.mark.requirement("4a")
@pytest.mark.requirement("4b")
def test_only_sites_of_the_asker_are_proposed_seen_and_taken(town: Town) -> None:
    """Seen red by: sites of the whole network; a list that shows what is proposed elsewhere; a number that is taken
    though it is not shown."""
    near = town.site("Near", NEAR)
    doctor = town.doctor(near)
    here, both = frozenset({town.here}), frozenset({town.here, near})
    town.day.visits(1)
    absence = town.close(sites=here)
    assert town.proposed(absence) == [[]]
    town.day.undo(absence)
    absence = town.close(days=0, sites=both)
    (listed,) = town.day.listed(absence, sites=both)
    assert [each["number"] for each in listed["numbered"]] == [1, 2, 3]
    (shown,) = town.day.listed(absence, sites=here)
    assert [(each["number"], each["site_id"]) for each in shown["numbered"]] == [(1, town.here), (2, town.here)]
    with pytest.raises(NoSuchProposal) as refused:
        town.day.accept(listed, number=3, sites=here)
    assert str(near) not in str(refused.value.details)
    with pytest.raises(NotFound):
        town.day.pick(listed, EIGHT, doctor, site_id=near, sites=here)
    assert town.day.appointment(listed).version == 1
    called = town.day.decline(listed, "proposals", sites=here)
    assert {each["site_id"] for each in called.numbered} == {town.here}
    assert town.day.pick(listed, EIGHT, doctor, site_id=near, sites=both).state == "moved"
    assert town.day.appointment(listed).site_id == near


def test_no_time_near_by_is_proposed_to_visits_of_two_sites(town: Town) -> None:
    """Seen red by: what stands proposed looked for by the site of the visit."""
    near, between = town.site("Near", NEAR), town.site("Between", "07030")
    doctor = town.doctor(between)
    town.day.visits(3)
    sick = town.doctor(near, kind=None)
    book_with(town, near, sick, EIGHT)
    closed = town.close(within_miles=2)
    both = [
        (each["practitioner_id"], each["start_at"]) for listed in town.day.listed(closed) for each in listed["numbered"]
    ]
    command = commands.MarkAbsent(practitioner_id=sick, from_at=EIGHT, until_at=EIGHT + 30 * DAY, reason="sick")
    absence = operations.mark_absent(command, town.clinic.uow(), town.clinic.clock, ZIPS)
    (listed,) = town.day.listed(absence)
    assert listed["numbered"]
    both += [(each["practitioner_id"], each["start_at"]) for each in listed["numbered"]]
    assert len(both) == len(set(both))
    assert doctor in {whose for whose, _ in both}


def test_the_distance_is_the_absences_and_saying_another_changes_what_is_proposed_next(town: Town) -> None:
    """Seen red by: a distance that the second command does not keep; one that is the same making a new version."""
    farther = town.site("Farther", FARTHER)
    town.doctor(farther)
    town.day.visits(1)
    absence = town.close(within_miles=0)
    assert (absence["within_miles"], town.proposed(absence)) == (0, [[]])
    again = town.close()
    assert (again["absence_id"], again["version"], again["within_miles"]) == (absence["absence_id"], 1, 0)
    wider = town.close(within_miles=20)
    assert (wider["absence_id"], wider["version"], wider["within_miles"]) == (absence["absence_id"], 2, 20)
    (listed,) = town.day.listed(absence)
    assert {each.site_id for each in town.day.decline(listed, "proposals").proposals} == {farther}
    assert (town.close(within_miles=20)["version"], town.close(within_miles=15)["within_miles"]) == (2, 15)


def test_what_the_visit_needs_is_free_near_by_too(town: Town) -> None:
    """Seen red by: a practitioner alone."""
    scan = commands.AddAppointmentType(name="Scan", minutes=30, needs=(Need(kind="room", type="scanner"),))
    kind = operations.add_appointment_type(scan, town.clinic.uow(), town.clinic.clock)
    near, farther = town.site("Near", NEAR), town.site("Farther", FARTHER)
    town.doctor(near)
    doctor = town.doctor(farther)
    rooms = {}
    for site_id in (town.here, farther):
        room = commands.AddResource(site_id=site_id, kind="room", type="scanner", name="Scanner")
        rooms[site_id] = operations.add_resource(room, town.clinic.uow(), town.clinic.clock).resource_id
    town.clinic.type_id = kind.appointment_type_id
    town.day.visits(1)
    absence = town.close()
    assert town.proposed(absence) == [[(farther, doctor)] * 3]
    (listed,) = town.day.listed(absence)
    town.day.accept(listed)
    assert list(town.day.appointment(listed).resource_ids) == [rooms[farther]]


def test_a_visit_that_has_moved_to_another_site_comes_back_to_the_list_as_it_is_there(town: Town) -> None:
    """Seen red by: a place on the list that keeps the site that the visit has left."""
    near = town.site("Near", NEAR, "America/Chicago")
    town.day.works(town.clinic.practitioner_id, near)
    (visit,) = town.day.visits(1)
    absence = town.day.mark()
    (listed,) = town.day.listed(absence)
    later = NOON + 2 * HALF_HOUR
    town.day.pick(listed, later, site_id=near)
    longer = town.day.mark(EIGHT, NOON + 6 * HALF_HOUR)
    assert longer["absence_id"] == absence["absence_id"]
    (listed,) = town.day.listed(absence)
    assert (listed["site_id"], listed["zone"], listed["start_at"]) == (near, "America/Chicago", later)
    assert (listed["appointment_id"], listed["state"]) == (visit.appointment_id, "offered")
    assert town.day.tally(absence, sites=frozenset({near}))["touched"] == 1
    assert town.day.tally(absence, sites=frozenset({town.here}))["touched"] == 0
