"""What a desk prints says what stands on the day sheet, on the site's clock; what people wrote is never HTML."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from gateway import papers
from tests.naughty import BUILT_IN

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
SITE = {"site_id": "s", "name": "Elm Street", "zone": "America/New_York", "phone": "+12025550150", "version": 1}
ITEM: dict[str, Any] = {
    "appointment_id": "a",
    "status": "booked",
    "stage": "booked",
    "state": "expected",
    "start_at": "2026-11-23T14:30:00+00:00",
    "end_at": "2026-11-23T15:00:00Z",
    "zone": "America/New_York",
    "patient": {"given": "Maria", "family": "Lindqvist", "birth_on": "1984-05-17"},
    "practitioner_name": "Dr. Ada Okafor",
    "type_name": "Follow-up",
    "room_name": None,
    "arrived_at": None,
    "waiting_minutes": None,
    "delay_minutes": None,
    "walk_in": False,
}


def sheet(*items: dict[str, Any], **site: Any) -> str:
    day = {"site": SITE | site, "on": "2026-11-23", "zone": "America/New_York", "items": list(items)}
    return papers.day_sheet(day, NOW)


def card(**changes: Any) -> str:
    return papers.appointment_card({"site": SITE, "appointment": ITEM | changes})


class Reader(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_sheet_shows_who_comes_when_to_whom_and_in_which_state_on_the_sites_clock() -> None:
    """Seen red by: times in UTC."""
    words = " ".join(Reader(sheet(ITEM)).words)
    for each in ("Elm Street", "Monday, November 23, 2026", "9:30 AM to 10:00 AM", "Lindqvist, Maria", "1984-05-17"):
        assert each in words
    for each in ("Dr. Ada Okafor", "Follow-up", "Expected", "1 appointments", "9:05 AM"):
        assert each in words


def test_a_sheet_says_who_waits_how_long_and_where_and_who_runs_late() -> None:
    here = ITEM | {
        "status": "arrived",
        "stage": "in-room",
        "state": "in-room",
        "arrived_at": "2026-11-23T14:20:00Z",
        "waiting_minutes": 12,
        "room_name": "Exam 2",
        "walk_in": True,
    }
    late = ITEM | {"stage": "confirmed", "delay_minutes": 20}
    words = " ".join(Reader(sheet(here, late)).words)
    for each in ("In room", "Exam 2", "walk-in", "here 9:20 AM, waited 12 min", "runs 20 min late"):
        assert each in words
    assert "Expected, confirmed" in words


@pytest.mark.parametrize(
    "written", [*filter(None, BUILT_IN), "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "$body"]
)
def test_what_people_wrote_stays_words_on_both_papers(written: str) -> None:
    """Seen red by: a name that is not escaped."""
    patient = {"given": written, "family": written, "birth_on": None}
    plain = {"given": "a", "family": "b", "birth_on": None}
    hostile = {"practitioner_name": written, "type_name": written, "room_name": written, "patient": patient}
    harmless = {"practitioner_name": "c", "type_name": "d", "room_name": "e", "patient": plain}
    for dirty, clean in (
        (sheet(ITEM | hostile, name=written), sheet(ITEM | harmless, name="f")),
        (
            papers.appointment_card(
                {"site": SITE | {"name": written, "phone": written}, "appointment": ITEM | hostile}
            ),
            papers.appointment_card({"site": SITE | {"name": "f", "phone": "g"}, "appointment": ITEM | harmless}),
        ),
    ):
        assert Reader(dirty).tags == Reader(clean).tags
        assert re.findall(r"<[a-z]+", dirty) == re.findall(r"<[a-z]+", clean)


def test_papers_hold_no_script_and_no_style_of_their_own() -> None:
    """The content security policy would not run them. Seen red by: a style attribute in a cell."""
    for page in (sheet(ITEM), card()):
        assert not re.search(r"<script|<style|style=|on\w+=|https?:", page)
        assert '<link rel="stylesheet" href="/day/print.css">' in page


def test_a_card_says_when_where_and_with_whom_and_never_why() -> None:
    """Seen red by: the type on the card."""
    words = " ".join(Reader(card()).words)
    for each in ("Maria Lindqvist", "Monday, November 23, 2026", "9:30 AM EST", "Dr. Ada Okafor", "Elm Street"):
        assert each in words
    assert "Follow-up" not in words
    assert "1984" not in words


def test_a_card_tells_the_two_passes_of_the_repeated_hour_apart() -> None:
    """Seen red by: no zone's word beside the time."""
    first, second = (card(start_at=f"2026-11-01T0{hour}:30:00Z") for hour in (5, 6))
    assert "1:30 AM EDT" in first
    assert "1:30 AM EST" in second


def test_a_card_of_what_is_off_says_so() -> None:
    assert "was cancelled" in card(status="cancelled", stage="cancelled", state="cancelled")
    assert "accept or decline" in card(status="proposed", stage="proposed", state="proposed")
