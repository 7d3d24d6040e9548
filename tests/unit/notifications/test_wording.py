"""The words of a text."""

from datetime import UTC, datetime

import pytest

from services.notifications.domain.visits import BOOKED, CANCELLED, RESCHEDULED
from services.notifications.domain.wording import body_of, is_gsm

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
KINDS = [BOOKED, RESCHEDULED, CANCELLED]


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["N", "Clínica São João", "x" * 300, "The \u201cQuoted\u201d \u2013 Clinic", "  Wide \n name  "]
)
def test_a_text_is_one_segment_without_the_word_that_means_two_things(kind: str, name: str) -> None:
    body = body_of(kind, name, "America/Chicago", START)
    assert len(body) <= 160
    assert body.endswith("Reply STOP to opt out.")
    assert "cancel" not in body.lower()


@pytest.mark.parametrize("name", ["Clínica São João", "The \u201cQuoted\u201d \u2013 Clinic\u2019s"])
def test_signs_that_a_phone_network_lacks_are_written_plainly(name: str) -> None:
    assert is_gsm(body_of(BOOKED, name, "America/Chicago", START))


def test_a_name_of_another_alphabet_is_kept() -> None:
    assert body_of(BOOKED, "北クリニック", "UTC", START).startswith("北クリニック: ")
