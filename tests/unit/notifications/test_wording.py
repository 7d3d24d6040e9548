"""The words of a text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.asks import RESCHEDULE_PROPOSAL
from services.notifications.domain.builtin_words import BUILT_IN
from services.notifications.domain.occasions import REMINDER_OF_SEVERAL
from services.notifications.domain.segments import is_gsm
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.templates import TextingPolicy, Wording
from services.notifications.domain.visits import BOOKED
from services.notifications.domain.wording import Facts, VisitTold
from shared.ids import new_id

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def body_of(kind: str, site_name: str, zone: str, start_at: datetime, language: str = "en") -> str:
    """Our own words."""
    facts = Facts(site=SiteCopy(name=site_name, zone=zone), network_name="Network", start_at=start_at, until=start_at)
    facts = replace(facts, instead_of=start_at, visits=[VisitTold(start_at=start_at)])
    return Wording([], TextingPolicy()).said(new_id(), kind, language, facts).text


def test_a_text_names_the_site_and_the_local_time_of_the_site() -> None:
    assert body_of(BOOKED, "North Clinic", "America/New_York", START) == (
        "North Clinic: you have an appointment on Mon, Nov 23, 2026 at 10:00 AM. Reply STOP to opt out."
    )


def test_the_hour_follows_the_change_of_clocks() -> None:
    before, after = datetime(2026, 10, 31, 14, tzinfo=UTC), datetime(2026, 11, 1, 14, tzinfo=UTC)
    assert "10:00 AM" in body_of(BOOKED, "N", "America/New_York", before)
    assert "9:00 AM" in body_of(BOOKED, "N", "America/New_York", after)


def test_midnight_and_noon_are_twelve() -> None:
    assert "12:05 AM" in body_of(BOOKED, "N", "UTC", datetime(2026, 11, 23, 0, 5, tzinfo=UTC))
    assert "12:05 PM" in body_of(BOOKED, "N", "UTC", datetime(2026, 11, 23, 12, 5, tzinfo=UTC))


@pytest.mark.parametrize(("kind", "language"), BUILT_IN)
@pytest.mark.parametrize(
    "name", ["N", "Clínica São João", "x" * 300, "The \u201cQuoted\u201d \u2013 Clinic", "  Wide \n name  "]
)
def test_our_words_are_one_segment_but_for_two_times_without_the_word_that_means_two_things(
    kind: str, language: str, name: str
) -> None:
    """Seen red by: a Spanish accent in our own words; names that are not cut."""
    body = body_of(kind, name, "America/Chicago", datetime(2026, 9, 26, 23, 30, tzinfo=UTC), language)
    assert is_gsm(body)
    assert len(body) <= (306 if kind == RESCHEDULE_PROPOSAL else 160)
    assert "STOP" in body
    assert "cancel" not in body.lower()


QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("visits", "first_names", "times"),
    [
        ([(START, None), (START + QUARTER, None)], True, "10:00 AM, 10:15 AM"),
        ([(START, "Ana"), (START + QUARTER, "Ben")], True, "10:00 AM (Ana), 10:15 AM (Ben)"),
        ([(START, "Ana"), (START + QUARTER, "Ben")], False, "10:00 AM, 10:15 AM"),
        ([(START, "Ana"), (START, "Ben"), (START + QUARTER, "Kim")], False, "2 x 10:00 AM, 10:15 AM"),
        ([(START, "Ana"), (START, "Ben")], True, "10:00 AM (Ana), 10:00 AM (Ben)"),
        ([(START, "John"), (START, "John")], True, "10:00 AM (John), 10:00 AM (John)"),
    ],
)
def test_several_visits_of_a_day_are_told_by_their_hours(
    visits: Sequence[tuple[datetime, str | None]], first_names: bool, times: str
) -> None:
    """Seen red by: names where the network allows none; two at one hour told once."""
    site, several = (
        SiteCopy(name="North", zone="America/New_York"),
        [VisitTold(start_at=at, name=it) for at, it in visits],
    )
    facts = Facts(site=site, network_name="Network", start_at=START, visits=several)
    policy = TextingPolicy(first_names=first_names)
    text = Wording([], policy).said(new_id(), REMINDER_OF_SEVERAL, "en", facts).text
    assert text == f"North: a reminder of your appointments on Mon, Nov 23, 2026: {times}. Reply STOP to opt out."


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("es", "tiene una cita el lun, 23 de nov de 2026, 10:00 a.m."),
        ("fr", "vous avez rendez-vous le lun. 23 nov. 2026 à 10:00."),
    ],
)
def test_days_and_hours_are_written_as_the_language_has_them(language: str, says: str) -> None:
    """Seen red by: Babel's locale left at English."""
    assert says in body_of(BOOKED, "North Clinic", "America/New_York", START, language)


@pytest.mark.parametrize("name", ["Clínica São João", "The \u201cQuoted\u201d \u2013 Clinic\u2019s"])
def test_signs_that_a_phone_network_lacks_are_written_plainly(name: str) -> None:
    assert is_gsm(body_of(BOOKED, name, "America/Chicago", START))


def test_a_name_of_another_alphabet_is_kept() -> None:
    assert body_of(BOOKED, "北クリニック", "UTC", START).startswith("北クリニック: ")
