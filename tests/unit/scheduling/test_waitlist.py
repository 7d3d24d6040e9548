"""What fits somebody who waits, and what may become of an entry and of an offer."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.scheduling.domain.errors import ImpossibleWish, NotWaiting, OfferClosed, OfferExpired
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import FIRST_COME, WaitlistPolicy, Wish, checked_wish
from shared.errors import Stale
from tests.unit.scheduling.making import NOW, OTHER_SITE, SITE, VISIT, ZONE, at
from tests.unit.scheduling.waiting import entry, offer, waiting

TEN = TimeRange.lasting(at("2026-11-24 10:00"), timedelta(minutes=30))  # a Tuesday
KIND_WITH_NOTICE = replace(VISIT, notice_minutes=3 * 24 * 60)
KIND_OF_TODAY = replace(VISIT, horizon_days=1)


@pytest.mark.parametrize(
    ("fits", "wish"),
    [
        (True, {}),
        (True, {"weekdays": (2, 4)}),
        (False, {"weekdays": (1, 3)}),
        (True, {"starts": 600, "ends": 630}),
        (False, {"starts": 601}),
        (False, {"ends": 629}),
        (True, {"from_on": date(2026, 11, 24), "until_on": date(2026, 11, 24)}),
        (False, {"from_on": date(2026, 11, 25)}),
        (False, {"until_on": date(2026, 11, 23)}),
        (True, {"notice_minutes": 26 * 60}),
        (False, {"notice_minutes": 26 * 60 + 1}),
    ],
)
def test_a_time_fits_where_day_hours_and_notice_do(fits: bool, wish: dict[str, Any]) -> None:
    """Seen red by: each comparison of `Wish.takes` made one minute or one day wider."""
    assert waiting(**wish).takes(TEN, ZONE, NOW) is fits


def test_nothing_fits_that_is_not_earlier_than_the_visit() -> None:
    """Seen red by: `<=` in the place of `<`."""
    assert waiting(earlier_than=TEN.start_at + timedelta(minutes=1)).takes(TEN, ZONE, NOW)
    assert not waiting(earlier_than=TEN.start_at).takes(TEN, ZONE, NOW)


@pytest.mark.parametrize("kind", [KIND_WITH_NOTICE, KIND_OF_TODAY, replace(VISIT, active=False)])
def test_the_rules_of_the_type_hold_for_who_waits_too(kind: Any) -> None:
    """Seen red by: asking for the patient's own notice alone."""
    assert not waiting(kind=kind).takes(TEN, ZONE, NOW)


def test_a_time_that_overlaps_one_that_was_declined_is_not_for_this_visit() -> None:
    """Seen red by: comparing the starts alone."""
    declined = TimeRange(TEN.start_at + timedelta(minutes=25), TEN.end_at + timedelta(minutes=25))
    assert not waiting(refused=(declined,)).takes(TEN, ZONE, NOW)
    touching = TimeRange(TEN.end_at, TEN.end_at + timedelta(minutes=30))
    assert waiting(refused=(touching,)).takes(TEN, ZONE, NOW)


def test_hours_are_read_on_the_clock_that_goes_back() -> None:
    """The first of two hours from 01:00 ends at 02:00, though the clock then shows 01:00. Seen red by: the end's own
    wall-clock time."""
    half_past_one = TimeRange.lasting(at("2026-11-01 00:30") + timedelta(hours=1), timedelta(minutes=30))
    assert half_past_one.end_at.astimezone(ZONE).hour == 1
    assert not Wish(ends=90).takes(half_past_one, ZONE)
    assert Wish(ends=120).takes(half_past_one, ZONE)


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("ends", {"starts": 600, "ends": 600}),
        ("ends", {"ends": 0}),
        ("until_on", {"from_on": date(2026, 11, 25), "until_on": date(2026, 11, 24)}),
    ],
)
def test_a_wish_that_ends_before_it_starts_is_refused_by_its_field(field: str, wish: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleWish) as refused:
        checked_wish(Wish(**wish))
    assert refused.value.errors[0]["field"] == field


def test_a_change_keeps_the_place_in_the_line_and_checks_the_wish_as_a_whole() -> None:
    known = entry(starts=600)
    changed = known.changed({"weekdays": (1,), "priority": 3})
    assert (changed.wish.starts, changed.wish.weekdays, changed.priority) == (600, (1,), 3)
    assert (changed.waiting_since, changed.version) == (known.waiting_since, 2)
    with pytest.raises(ImpossibleWish):
        known.changed({"ends": 540})


@pytest.mark.parametrize("state", ["booked", "withdrawn", "expired"])
def test_who_waits_no_more_is_final(state: Any) -> None:
    left = entry().asked(UUID(int=5)).left(state)
    assert (left.state, left.open_offer_id) == (state, None)
    for again in (lambda: left.left("withdrawn"), lambda: left.changed({"priority": 1})):
        with pytest.raises(NotWaiting) as refused:
            again()
        assert refused.value.details == {"state": state}


def test_somebody_of_one_site_sees_nothing_of_another() -> None:
    """Seen red by: showing the visit that is at another site."""
    known = entry(site_ids=(SITE, OTHER_SITE), earlier_than=TEN.start_at)
    assert known.seen_by(None) == known
    hers, not_hers = known.seen_by(frozenset({SITE})), known.seen_by(frozenset({OTHER_SITE}))
    assert (hers.wish.site_ids, hers.earlier_than) == ((SITE,), TEN.start_at)
    assert (not_hers.wish.site_ids, not_hers.appointment_id, not_hers.earlier_than) == ((OTHER_SITE,), None, None)


def test_an_offer_is_answered_once_in_time_and_at_its_version() -> None:
    """Seen red by: an answer at the very instant when it expires."""
    one = offer()
    one.require_answerable(None, NOW)
    with pytest.raises(Stale):
        one.require_answerable(2, NOW)
    with pytest.raises(OfferExpired):
        one.require_answerable(1, one.expires_at)
    one.close("declined", NOW)
    with pytest.raises(OfferClosed) as refused:
        one.require_answerable(None, NOW)
    assert refused.value.details == {"state": "declined"}


@pytest.mark.parametrize("state", ["declined", "expired", "lost"])
def test_every_end_of_an_offer_is_told_with_its_whole_condition(state: Any) -> None:
    one = offer(earlier_than=TEN.start_at, appointment_id=UUID(int=8))
    one.close(state, NOW)
    (told,) = one.events
    assert (told.type, told.status, told.version, told.is_held) == (f"waitlist-{state}", state, 2, True)
    assert (told.earlier_than, told.appointment_id, told.booked_id) == (TEN.start_at, UUID(int=8), None)


def test_an_accepted_offer_names_the_appointment_that_came_of_it() -> None:
    one = offer(hold_id=None)
    one.accept(UUID(int=9), NOW)
    (told,) = one.events
    assert (told.type, told.booked_id, told.is_held) == ("waitlist-accepted", UUID(int=9), False)


def test_no_offer_outlasts_the_start_of_its_time() -> None:
    """Seen red by: leaving out the start."""
    soon, later = NOW + timedelta(minutes=10), NOW + timedelta(hours=2)
    assert WaitlistPolicy().expires_at(NOW, soon) == soon
    assert WaitlistPolicy().expires_at(NOW, later) == NOW + timedelta(minutes=15)
    assert (WaitlistPolicy().asks, WaitlistPolicy(mode=FIRST_COME, group_size=3).asks) == (1, 3)
