"""A calendar program's view: a secret address, read again and again, read back by the icalendar library."""

from datetime import UTC, datetime
from typing import Any

import urllib3
from fix_desk import Desk
from icalendar import Calendar


def read(url: str, **headers: str) -> Any:
    return urllib3.request("GET", url, headers=headers, timeout=30, retries=False)


def events(answer: Any) -> dict[str, Any]:
    assert answer.status == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_a_calendar_is_read_by_its_address_alone_and_follows_every_change(desk: Desk) -> None:
    """Booked, not modified, moved, cancelled, renewed, revoked. Seen red by: a tag over the ids alone."""
    diary, manager = desk.diary(), desk.session("manager")
    person = desk.newcomer()
    visit = desk.book(diary, 4, person)
    link = manager.post(f"/v1/practitioners/{diary.practitioner_id}/calendar-links")
    uid = f"{visit['appointment_id']}@frontdesk"
    first = read(link["url"])
    event = events(first)[uid]
    assert event["dtstart"].dt.astimezone(UTC) == datetime.fromisoformat(visit["start_at"])
    assert (event["dtstart"].params["TZID"], int(event["sequence"])) == ("America/New_York", 1)
    assert person["family"].encode() not in first.data
    tag = first.headers["ETag"]
    assert read(link["url"], **{"If-None-Match": tag}).status == 304
    desk.act(visit, "move", {"start_at": diary.start(6)})
    moved = events(read(link["url"], **{"If-None-Match": tag}))[uid]
    assert (moved["dtstart"].dt.astimezone(UTC), int(moved["sequence"])) == (
        datetime.fromisoformat(diary.start(6)),
        2,
    )
    desk.act(visit, "cancel", {"reason": "moved away"})
    gone = events(read(link["url"]))[uid]
    assert (str(gone["status"]), int(gone["sequence"])) == ("CANCELLED", 3)
    renewed = manager.post(f"/v1/calendar-links/{link['calendar_link_id']}/renew")
    assert (read(link["url"]).status, read(renewed["url"]).status) in ((404, 200), (429, 200))
    manager.post(f"/v1/calendar-links/{link['calendar_link_id']}/revoke")
    assert read(renewed["url"]).status in (404, 429)
    denied = "SELECT count(*) AS n FROM audit_entries WHERE action = 'calendar' AND decision = 'denied'"
    assert desk.rows("scheduling", denied)[0]["n"] >= 2
