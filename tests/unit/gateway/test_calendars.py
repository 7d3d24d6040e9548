"""A calendar as calendar programs read it: parsed back by the icalendar library."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from icalendar import Calendar

from gateway.calendars.rendering import etag_of_calendar, rendered
from gateway.calendars.secrets import LinkSecrets
from gateway.calendars.zones import vtimezone
from shared.asker import Asker
from shared.ids import new_id

NOW = datetime(2026, 10, 20, 15, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def item(start_at: datetime, zone: str = "America/New_York", minutes: int = 30, **more: Any) -> dict[str, Any]:
    """What scheduling tells of one appointment."""
    told = {
        "appointment_id": str(new_id()),
        "version": 1,
        "status": "booked",
        "start_at": start_at.isoformat(),
        "end_at": (start_at + timedelta(minutes=minutes)).isoformat(),
        "zone": zone,
        "booked_at": NOW.isoformat(),
        "changed_at": NOW.isoformat(),
        "site_name": "Elm",
        "type_name": "Follow-up",
        "patient": None,
    }
    return told | more


def calendar(*items: dict[str, Any]) -> dict[str, Any]:
    return {"practitioner_name": "Dr. Ada Okafor", "items": list(items)}


def read_back(*items: dict[str, Any]) -> list[Any]:
    return list(Calendar.from_ical(rendered(calendar(*items), NOW)).walk("VEVENT"))


@pytest.mark.requirement("37d")
def test_a_weekly_visit_reads_back_at_nine_by_the_sites_clock_across_both_changes() -> None:
    """With the site's TZID, at the very instant. Seen red by: DTSTART in UTC; a fixed offset in the place of a zone."""
    nine = [
        (datetime(2026, 10, 12, 9, tzinfo=NEW_YORK) + timedelta(weeks=week)).astimezone(UTC) for week in range(24)
    ]  # 1 November and 14 March lie between
    events = read_back(*(item(each) for each in nine))
    assert [event["dtstart"].dt.astimezone(UTC) for event in events] == nine
    assert {event["dtstart"].dt.astimezone(NEW_YORK).hour for event in events} == {9}
    assert {event["dtstart"].params["TZID"] for event in events} == {"America/New_York"}
    assert {event["dtend"].dt - event["dtstart"].dt for event in events} == {timedelta(minutes=30)}


@pytest.mark.parametrize("minute", range(-90, 150, 15))
def test_every_quarter_around_an_autumn_change_reads_back_as_the_instant_that_it_is(minute: int) -> None:
    """The second pass of the repeated hour is said in UTC. Seen red by: local time for both passes."""
    start_at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC) + timedelta(minutes=minute)  # the change is at 06:00 UTC
    (event,) = read_back(item(start_at))
    assert event["dtstart"].dt.astimezone(UTC) == start_at
    assert event["dtend"].dt.astimezone(UTC) == start_at + timedelta(minutes=30)
    folded = any(each.astimezone(NEW_YORK).fold for each in (start_at, start_at + timedelta(minutes=30)))
    assert ("TZID" in event["dtstart"].params) == (not folded)


def test_each_zone_of_a_calendar_is_defined_once_and_none_is_missing() -> None:
    """Seen red by: one zone for all; a zone for each appointment."""
    zones = ["America/New_York", "America/Phoenix", "Australia/Lord_Howe", "America/New_York", "UTC"]
    whole = Calendar.from_ical(rendered(calendar(*(item(NOW, zone) for zone in zones)), NOW))
    assert [str(part["tzid"]) for part in whole.walk("VTIMEZONE")] == sorted(set(zones) - {"UTC"})
    assert whole.get_missing_tzids() == set()


@pytest.mark.parametrize(
    "name",
    [
        "America/New_York",
        "Europe/Dublin",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Kolkata",
    ],
)
def test_a_zone_that_is_written_out_says_what_the_zone_says(name: str) -> None:
    """By RFC 5545's own rule: the newest observance that has begun gives the offset.

    Seen red by: an onset in the wall-clock time after the change (as icalendar 7.3.2 writes it).
    """
    part = icalendar.Timezone.from_ical(vtimezone(name, 2025, 2027))
    onsets = sorted(
        (
            (each["dtstart"].dt.replace(tzinfo=UTC) - each["tzoffsetfrom"].td, each["tzoffsetto"].td)
            for each in part.subcomponents
        ),
        key=lambda pair: pair[0],
    )
    instant = datetime(2025, 1, 2, tzinfo=UTC)
    while instant < datetime(2027, 12, 31, tzinfo=UTC):
        told = [offset for onset, offset in onsets if onset <= instant][-1]
        assert told == instant.astimezone(ZoneInfo(name)).utcoffset(), instant
        instant += timedelta(minutes=30)


@pytest.mark.requirement("37d")
def test_uid_stays_and_sequence_rises_when_an_appointment_moves_and_a_cancelled_one_says_so() -> None:
    """Seen red by: a UID with the start in it; SEQUENCE 0 for all."""
    first = item(NOW)
    later = first | {"start_at": (NOW + timedelta(days=1)).isoformat(), "version": 2}
    off = later | {"version": 3, "status": "cancelled"}
    found = [read_back(each)[0] for each in (first, later, off)]
    assert len({str(event["uid"]) for event in found}) == 1
    assert [int(event["sequence"]) for event in found] == [1, 2, 3]
    assert [str(event["status"]) for event in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(event["transp"]) for event in found] == ["OPAQUE", "OPAQUE", "TRANSPARENT"]


def test_long_and_odd_words_come_back_as_they_were_and_no_line_is_too_long() -> None:
    """Folding and escaping are the library's. Seen red by: lines put together by hand."""
    odd = "Übung; mit, Komma \\ und\nZeile " + "naïve 🩺 " * 40
    raw = rendered(calendar(item(NOW, type_name=odd, site_name=odd)), NOW)
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == (odd, odd)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert raw.endswith(b"END:VCALENDAR\r\n")


def test_a_patient_stands_in_the_summary_only_where_scheduling_told_one() -> None:
    assert [str(event["summary"]) for event in read_back(item(NOW), item(NOW, patient="M. L."))] == [
        "Follow-up",
        "Follow-up: M. L.",
    ]


def test_the_same_appointments_are_the_same_bytes_and_any_change_is_another_tag() -> None:
    """Seen red by: DTSTAMP of the moment; a tag over the ids alone."""
    told, later = calendar(item(NOW)), NOW + timedelta(minutes=20)
    assert rendered(told, NOW) == rendered(told, later)
    assert [event["dtstamp"].dt for event in read_back(*told["items"])] == [NOW]
    assert etag_of_calendar(told, NOW) == etag_of_calendar(told, later)
    changed = calendar(told["items"][0] | {"version": 2})
    assert etag_of_calendar(changed, NOW) != etag_of_calendar(told, NOW)


def test_a_links_secret_follows_from_the_request_alone() -> None:
    """Seen red by: leaving the asker, the link or the key out of what it follows from."""
    secrets, others = LinkSecrets("a"), LinkSecrets("b")
    asker = Asker(actor_id="ann", actor_kind="user", network_id=new_id(), sites=None, scopes=frozenset())
    bob = Asker(actor_id="bob", actor_kind="user", network_id=asker.network_id, sites=None, scopes=frozenset())
    abroad = Asker(actor_id="ann", actor_kind="user", network_id=new_id(), sites=None, scopes=frozenset())
    first = secrets.of(asker, "make", "p1", "k1")
    assert first == secrets.of(asker, "make", "p1", "k1")
    different = [
        others.of(asker, "make", "p1", "k1"),
        secrets.of(bob, "make", "p1", "k1"),
        secrets.of(abroad, "make", "p1", "k1"),
        secrets.of(asker, "renew", "p1", "k1"),
        secrets.of(asker, "make", "p2", "k1"),
        secrets.of(asker, "make", "p1", "k2"),
    ]
    assert len({first, *different}) == 7
    assert {len(each) for each in different} == {43}
