"""When a visit may start: the spans against asking every minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.starts import Extent, Span, common, offers, possible_starts
from services.scheduling.domain.time_range import TimeRange, merged

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = range(300)


def at(minute: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


def minutes(start: int, end: int) -> TimeRange:
    return TimeRange(at(start), at(end))


RANGES = st.lists(
    st.tuples(st.integers(0, 250), st.integers(1, 80)).map(lambda it: minutes(it[0], it[0] + it[1])), max_size=6
).map(merged)
EXTENTS = st.builds(
    lambda length, before, after: Extent(
        length=timedelta(minutes=length), before=timedelta(minutes=before), after=timedelta(minutes=after)
    ),
    st.integers(1, 60),
    st.sampled_from([0, 0, 5, 30]),
    st.sampled_from([0, 0, 10]),
)


def holds(spans: list[Span], start: datetime) -> bool:
    return any(span.first_at <= start <= span.last_at for span in spans)


@given(RANGES, RANGES, EXTENTS)
@settings(max_examples=300, deadline=None)
def test_a_start_is_possible_where_work_covers_the_visit_and_nothing_of_it_is_taken(
    working: list[TimeRange], taken: list[TimeRange], extent: Extent
) -> None:
    """Seen red by: clean-up that is not kept free of what is taken."""
    spans = possible_starts(working, taken, extent)
    for start in map(at, DAY):
        inside = any(work.holds(extent.visit(start)) for work in working)
        untaken = not any(each.overlaps(extent.occupied(start)) for each in taken)
        assert holds(spans, start) == (inside and untaken)


@given(RANGES, RANGES, RANGES, EXTENTS, st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_what_several_have_in_common_is_where_so_many_have_it(
    one: list[TimeRange], two: list[TimeRange], three: list[TimeRange], extent: Extent, least: int
) -> None:
    """Seen red by: an end that is counted before the beginning at the same instant."""
    each = [possible_starts(working, [], extent) for working in (one, two, three)]
    together = common(each, least)
    for start in map(at, DAY):
        assert holds(together, start) == (sum(holds(spans, start) for spans in each) >= least)


@given(RANGES, RANGES, EXTENTS)
@settings(max_examples=200, deadline=None)
def test_offers_can_all_be_booked_together(working: list[TimeRange], taken: list[TimeRange], extent: Extent) -> None:
    """Seen red by: offers that follow one another by the visit's length, without set-up and clean-up."""
    spans = possible_starts(working, taken, extent)
    found = list(offers(spans, extent))
    assert all(holds(spans, start) for start in found)
    assert all(not extent.occupied(a).overlaps(extent.occupied(b)) for a, b in pairwise(found))
    assert not spans or found[0] == spans[0].first_at
