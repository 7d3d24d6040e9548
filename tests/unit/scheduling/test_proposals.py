"""Which times are proposed to visits that have to move."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.domain.market import Gap, OfSite
from services.scheduling.domain.proposals import Visit, due_until, earliest, lapses_at, proposed
from services.scheduling.domain.resources import Need
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import local_day
from shared.events.rescheduling import Proposal
from tests.unit.scheduling.making import OTHER_SITE, PRACTITIONER, SITE, ZONE, at

COLLEAGUE, NURSE = UUID(int=31), UUID(int=32)
HALF_HOUR = timedelta(minutes=30)
DAYS = [date(2026, 11, 24) + timedelta(days=day) for day in range(2)]


def visit(start: str = "2026-11-24 09:00", number: int = 1, minutes: int = 30, **changes: object) -> Visit:
    during = TimeRange.lasting(at(start), timedelta(minutes=minutes))
    made = Visit(
        appointment_id=UUID(int=number),
        site_id=SITE,
        practitioner_id=PRACTITIONER,
        during=during,
        zone=ZONE.key,
        around=(timedelta(), timedelta()),
        places=dict.fromkeys((SITE, OTHER_SITE), frozenset({PRACTITIONER, COLLEAGUE})),
        not_before=at("2026-11-24 09:00"),
        due_until=due_until(during.start_at, ZONE, 3),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def gap(start: str, end: str, whose: UUID = COLLEAGUE, site_id: UUID = SITE) -> Gap:
    during = TimeRange(at(start), at(end))
    day = local_day(during.start_at, ZONE)
    return Gap(
        resource_id=whose, kind="practitioner", type=None, site_id=site_id, zone=ZONE.key, on_day=day, during=during
    )


def at_sites(*gaps: Gap) -> OfSite:
    """What is free at each site."""
    return lambda site_id: [each for each in gaps if each.site_id == site_id]


def offered(wanted: Visit, *gaps: Gap, most: int = 3) -> list[tuple[str, UUID, UUID]]:
    """Wall-clock start, practitioner and site of each proposal."""
    return [_told(each) for each in proposed([wanted], at_sites(*gaps), most=most)[wanted.appointment_id]]


def _told(proposal: Proposal) -> tuple[str, UUID, UUID]:
    local = proposal.start_at.astimezone(ZONE).strftime("%m-%d %H:%M")
    return local, proposal.practitioner_id, proposal.site_id


def test_the_nearest_time_of_day_is_proposed_wherever_it_lies_in_free_time() -> None:
    assert offered(visit(), gap("2026-11-25 08:00", "2026-11-25 17:00"), most=1) == [("11-25 09:00", COLLEAGUE, SITE)]
    assert offered(visit(), gap("2026-11-25 10:10", "2026-11-25 17:00"), most=1) == [("11-25 10:10", COLLEAGUE, SITE)]
    assert offered(visit(), gap("2026-11-25 07:00", "2026-11-25 08:40"), most=1) == [("11-25 08:10", COLLEAGUE, SITE)]


def test_the_patients_practitioner_comes_first_then_the_site_then_the_day_then_the_time_of_day() -> None:
    """Seen red by: practitioners not told apart."""
    own_late = gap("2026-11-26 15:00", "2026-11-26 15:30", PRACTITIONER)
    own_elsewhere = gap("2026-11-25 09:00", "2026-11-25 09:30", PRACTITIONER, OTHER_SITE)
    soon = gap("2026-11-24 16:00", "2026-11-24 16:30")
    later_same_time = gap("2026-11-25 09:00", "2026-11-25 09:30")
    elsewhere = gap("2026-11-24 10:00", "2026-11-24 10:30", COLLEAGUE, OTHER_SITE)
    gaps = (elsewhere, later_same_time, soon, own_elsewhere, own_late)
    assert offered(visit(), *gaps, most=5) == [
        ("11-26 15:00", PRACTITIONER, SITE),
        ("11-25 09:00", PRACTITIONER, OTHER_SITE),
        ("11-24 16:00", COLLEAGUE, SITE),
        ("11-25 09:00", COLLEAGUE, SITE),
        ("11-24 10:00", COLLEAGUE, OTHER_SITE),
    ]


def test_of_a_closed_site_the_last_is_elsewhere_on_the_visits_own_day_at_the_nearest_time() -> None:
    """Seen red by: rank alone; the nearer site though its time is farther; another day's time."""
    third = UUID(int=12)
    own = [gap(f"2026-11-{day} 09:00", f"2026-11-{day} 09:30", PRACTITIONER) for day in (25, 26, 27)]
    near = gap("2026-11-24 14:00", "2026-11-24 16:00", COLLEAGUE, OTHER_SITE)
    same_time = gap("2026-11-24 09:00", "2026-11-24 10:00", COLLEAGUE, third)
    places = dict.fromkeys((SITE, OTHER_SITE, third), frozenset({PRACTITIONER, COLLEAGUE}))
    closed = visit(elsewhere_too=True, places=places)
    first_two = [("11-25 09:00", PRACTITIONER, SITE), ("11-26 09:00", PRACTITIONER, SITE)]
    last = ("11-27 09:00", PRACTITIONER, SITE)
    assert offered(closed, *own, near, same_time) == [*first_two, ("11-24 09:00", COLLEAGUE, third)]
    assert offered(closed, *own, near) == [*first_two, ("11-24 14:00", COLLEAGUE, OTHER_SITE)]
    tomorrow = gap("2026-11-25 09:00", "2026-11-25 10:00", COLLEAGUE, OTHER_SITE)
    assert offered(closed, *own, tomorrow) == [*first_two, last]
    assert offered(replace(closed, elsewhere_too=False), *own, near, same_time) == [*first_two, last]


def test_nobody_looks_at_another_site_while_the_own_one_has_enough() -> None:
    """Hundreds of visits are listed while somebody waits. Seen red by: every site asked beforehand."""
    asked = []

    def of_site(site_id: UUID) -> list[Gap]:
        asked.append(site_id)
        return [gap("2026-11-25 09:00", "2026-11-25 17:00", site_id=site_id)]

    wanted = visit(places={SITE: frozenset({COLLEAGUE}), OTHER_SITE: frozenset({COLLEAGUE})})
    proposed([replace(wanted, appointment_id=UUID(int=number)) for number in (1, 2)], of_site)
    assert asked == [SITE]
    proposed([replace(wanted, places={SITE: frozenset(), OTHER_SITE: frozenset({COLLEAGUE})})], of_site)
    assert asked == [SITE, OTHER_SITE]


def test_what_was_given_away_before_a_site_was_looked_at_is_gone_there_too() -> None:
    """A practitioner at two sites. Seen red by: free time of a site as it was in the beginning."""
    here = gap("2026-11-25 09:00", "2026-11-25 09:30", PRACTITIONER)
    there = gap("2026-11-25 09:00", "2026-11-25 10:00", PRACTITIONER, OTHER_SITE)
    assert offered(visit(), here, there) == [
        ("11-25 09:00", PRACTITIONER, SITE),
        ("11-25 09:30", PRACTITIONER, OTHER_SITE),
    ]


def test_whoever_may_not_see_the_patient_is_not_proposed() -> None:
    assert offered(visit(), gap("2026-11-25 09:00", "2026-11-25 17:00", NURSE)) == []


def test_nothing_is_proposed_before_the_notice_or_after_the_window() -> None:
    """Seen red by: leaving out `due_until`; leaving out `not_before`."""
    before = gap("2026-11-24 08:00", "2026-11-24 09:29")
    after = gap("2026-11-28 00:00", "2026-11-28 12:00")
    last = gap("2026-11-27 22:00", "2026-11-28 12:00")
    assert offered(visit(), before, after) == []
    assert offered(visit(), last, most=1) == [("11-27 22:00", COLLEAGUE, SITE)]


def test_set_up_and_clean_up_need_their_time_too() -> None:
    wanted = visit(around=(timedelta(minutes=10), timedelta(minutes=20)))
    assert offered(wanted, gap("2026-11-25 09:00", "2026-11-25 09:59")) == []
    assert offered(wanted, gap("2026-11-25 09:00", "2026-11-25 10:00")) == [("11-25 09:10", COLLEAGUE, SITE)]


def test_what_is_needed_beside_the_practitioner_is_free_too_and_goes_to_one_visit() -> None:
    """Seen red by: a room that is not taken with the practitioner."""
    room = Need(kind="room", type="exam room")
    morning = gap("2026-11-25 09:00", "2026-11-25 12:00")
    rooms = [
        replace(gap(start, "2026-11-25 12:00", UUID(int=60 + number)), kind="room", type=type_)
        for number, (start, type_) in enumerate([("2026-11-25 11:00", "exam room"), ("2026-11-25 09:00", "lab")])
    ]
    assert offered(visit(needs=(room,)), morning, *rooms) == [
        ("11-25 11:00", COLLEAGUE, SITE),
        ("11-25 11:30", COLLEAGUE, SITE),
    ]
    people = [morning, gap("2026-11-25 09:00", "2026-11-25 12:00", PRACTITIONER)]
    two = proposed([visit(number=1, needs=(room,)), visit(number=2, needs=(room, room))], at_sites(*rooms, *people))
    assert [len(each) for each in two.values()] == [2, 0]


def test_what_the_patient_refused_is_not_proposed_again() -> None:
    free = gap("2026-11-25 09:00", "2026-11-25 09:30")
    (refused,) = proposed([visit()], at_sites(free))[UUID(int=1)]
    assert offered(visit(unwanted=(refused,)), free) == []
    longer = gap("2026-11-25 09:00", "2026-11-25 10:00")
    assert offered(visit(unwanted=(refused,)), longer) == [("11-25 09:30", COLLEAGUE, SITE)]


def test_everybodys_first_proposal_comes_before_anybodys_second() -> None:
    """Seen red by: giving each visit all of its proposals at once."""
    free = gap("2026-11-25 09:00", "2026-11-25 10:00")
    found = proposed([visit(number=1), visit("2026-11-24 09:30", number=2)], at_sites(free))
    assert [len(each) for each in found.values()] == [1, 1]


def test_what_is_proposed_to_others_is_gone() -> None:
    free = gap("2026-11-25 09:00", "2026-11-25 10:00")
    (theirs,) = proposed([visit()], at_sites(free), most=1)[UUID(int=1)]
    (mine,) = proposed([visit(number=2)], at_sites(free), [theirs])[UUID(int=2)]
    assert _told(mine)[0] == "11-25 09:30"


def test_two_lanes_of_one_practitioner_are_one_time() -> None:
    """The same time is never named to two patients of a list. Seen red by: `take` that takes nothing."""
    lanes = [gap("2026-11-25 09:00", "2026-11-25 09:30")] * 2
    found = proposed([visit(number=1), visit(number=2)], at_sites(*lanes))
    assert sorted(len(each) for each in found.values()) == [0, 1]


def test_the_time_of_day_is_the_wall_clocks_when_the_clocks_change_in_between() -> None:
    wanted = visit("2026-10-30 09:00", not_before=at("2026-10-30 10:00"), due_until=at("2026-11-06 00:00"))
    assert offered(wanted, gap("2026-11-02 07:00", "2026-11-02 12:00"), most=1) == [("11-02 09:00", COLLEAGUE, SITE)]


def test_the_notice_is_rounded_up_to_times_that_people_name() -> None:
    eight = at("2026-11-24 08:00")
    assert earliest(eight, ZONE, at("2026-11-24 07:41"), timedelta()) == at("2026-11-24 08:45")
    assert earliest(eight, ZONE, at("2026-11-24 07:40"), timedelta(hours=2)) == at("2026-11-24 09:40")


def test_a_visit_is_not_proposed_before_its_day() -> None:
    """It was not due sooner. Seen red by: leaving out the day."""
    found = earliest(at("2026-11-24 08:00"), ZONE, at("2026-11-02 08:00"), timedelta())
    assert found == at("2026-11-24 00:00")


def test_an_offer_lapses_when_its_last_time_can_no_longer_be_reached() -> None:
    found = proposed([visit()], at_sites(gap("2026-11-25 09:00", "2026-11-25 10:00")))[UUID(int=1)]
    assert lapses_at(found, timedelta(hours=2)) == at("2026-11-25 07:30")
    assert lapses_at((), timedelta()) is None


minutes_of_day = st.integers(0, 23 * 12).map(lambda step: step * 5)


@st.composite
def gaps(draw: st.DrawFn) -> Gap:
    day = draw(st.sampled_from(DAYS))
    midnight = datetime.combine(day, datetime.min.time(), ZONE)
    start_at = (midnight + timedelta(minutes=draw(minutes_of_day))).astimezone(at("2026-11-24 00:00").tzinfo)
    during = TimeRange.lasting(start_at, timedelta(minutes=draw(st.integers(1, 60)) * 5))
    whose = draw(st.sampled_from([PRACTITIONER, COLLEAGUE, NURSE]))
    site_id = draw(st.sampled_from([SITE, OTHER_SITE]))
    return Gap(
        resource_id=whose, kind="practitioner", type=None, site_id=site_id, zone=ZONE.key, on_day=day, during=during
    )


@st.composite
def lists(draw: st.DrawFn) -> list[Visit]:
    starts = draw(st.lists(minutes_of_day, min_size=1, max_size=6))
    return [
        visit(
            f"2026-11-24 {start // 60:02}:{start % 60:02}",
            number=number,
            minutes=draw(st.sampled_from([15, 30, 60])),
            around=(timedelta(minutes=draw(st.sampled_from([0, 10]))), timedelta()),
        )
        for number, start in enumerate(starts, 1)
    ]


@given(lists(), st.lists(gaps(), max_size=8))
def test_proposals_lie_in_free_time_are_allowed_and_due_and_no_two_overlap(
    visits: list[Visit], free: list[Gap]
) -> None:
    """Seen red by: `take` that takes nothing."""
    found = proposed(visits, at_sites(*free))
    by_id = {each.appointment_id: each for each in visits}
    told = [(by_id[whose], proposal) for whose, proposals in found.items() for proposal in proposals]
    for wanted, proposal in told:
        whole = TimeRange(proposal.start_at - wanted.around[0], proposal.end_at + wanted.around[1])
        assert any(_is_of(each, proposal) and each.during.holds(whole) for each in free)
        assert proposal.practitioner_id in wanted.places[proposal.site_id]
        assert wanted.not_before <= proposal.start_at
        assert proposal.end_at <= wanted.due_until
        assert proposal.end_at - proposal.start_at == wanted.during.length
    for one, other in _pairs([proposal for _, proposal in told]):
        same = one.practitioner_id == other.practitioner_id
        assert not (same and one.start_at < other.end_at and other.start_at < one.end_at)


@given(lists(), st.lists(gaps(), max_size=8))
def test_who_is_alone_gets_the_best_of_all_that_is_possible(visits: list[Visit], free: list[Gap]) -> None:
    """Held against every start at five minutes' distance. Seen red by: the first gap that fits."""
    wanted = visits[0]
    best = proposed([wanted], at_sites(*free), most=1)[wanted.appointment_id]
    naive = [_rank(wanted, each, start) for each in free for start in _starts(wanted, each)]
    mine = [_rank(wanted, each, best[0].start_at) for each in free if best and _is_of(each, best[0])]
    assert (not naive and not best) or min(mine) <= min(naive)


def _starts(wanted: Visit, free: Gap) -> Iterator[datetime]:
    start_at = free.during.start_at + wanted.around[0]
    while start_at + wanted.during.length + wanted.around[1] <= free.during.end_at:
        fits = wanted.not_before <= start_at and start_at + wanted.during.length <= wanted.due_until
        if fits and local_day(start_at, ZONE) == free.on_day and free.resource_id in wanted.places[free.site_id]:
            yield start_at
        start_at += timedelta(minutes=5)


def _rank(wanted: Visit, free: Gap, start_at: datetime) -> tuple[bool, int, date, timedelta]:
    local, had = start_at.astimezone(ZONE), wanted.during.start_at.astimezone(ZONE)
    off = timedelta(hours=local.hour, minutes=local.minute) - timedelta(hours=had.hour, minutes=had.minute)
    other = free.resource_id != wanted.practitioner_id
    return other, [*wanted.places].index(free.site_id), local.date(), abs(off)


def _is_of(free: Gap, proposal: Proposal) -> bool:
    return (free.resource_id, free.site_id) == (proposal.practitioner_id, proposal.site_id)


def _pairs(proposals: list[Proposal]) -> Iterator[tuple[Proposal, Proposal]]:
    for place, one in enumerate(proposals):
        for other in proposals[place + 1 :]:
            yield one, other
