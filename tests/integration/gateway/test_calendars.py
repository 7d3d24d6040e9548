"""Calendar links at the door: a secret that is shown once and stored nowhere, ETags, and guesses that cost time."""

import hashlib
import re
from typing import Any

import pytest

from gateway.guesses import FREE_FAILURES
from shared.calls.outcomes import CallRefused, CallUnavailable
from shared.database.units import NO_NETWORK
from shared.ids import new_id
from tests.fix_gateway import Front

WRONG = CallRefused("not-found", 404, {})
CALENDAR = {
    "practitioner_name": "Dr. Ada Okafor",
    "items": [
        {
            "appointment_id": str(new_id()),
            "version": 2,
            "status": "booked",
            "start_at": "2026-11-24T15:00:00+00:00",
            "end_at": "2026-11-24T15:30:00+00:00",
            "zone": "America/New_York",
            "booked_at": "2026-11-23T15:00:00+00:00",
            "changed_at": "2026-11-23T15:00:00+00:00",
            "site_name": "Elm",
            "type_name": "Follow-up",
            "patient": None,
        }
    ],
}


def link_of(body: dict[str, Any]) -> dict[str, Any]:
    """What scheduling answers; it was told the hash."""
    assert set(body) == {"practitioner_id", "secret_hash"}
    known = {"calendar_link_id": str(new_id()), "practitioner_id": body["practitioner_id"], "version": 1}
    return known | {"site_ids": None, "made_at": "2026-11-23T15:00:00Z", "renewed_at": None, "revoked_at": None}


def make(front: Front, token: str, key: str, practitioner_id: str) -> Any:
    path = f"/v1/practitioners/{practitioner_id}/calendar-links"
    return front.request("POST", path, token, headers={"Idempotency-Key": key})


def test_a_links_secret_is_in_the_answer_and_scheduling_gets_its_hash_alone(front: Front) -> None:
    """Asked again under its key the answer has the same address. Seen red by: a random secret; the secret told on."""
    front.answers["scheduling.make_calendar_link"] = link_of
    token, practitioner_id = front.token("manager"), str(new_id())
    answers = [make(front, token, key, practitioner_id) for key in ("k1", "k1", "k2")]
    assert [answer.status_code for answer in answers] == [201] * 3
    urls = [answer.json["url"] for answer in answers]
    assert urls[0] == urls[1] != urls[2]
    found = re.fullmatch(r"https://desk\.example/v1/calendars/([A-Za-z0-9_-]{43})\.ics", urls[0])
    assert found
    (_, _, told, _, _) = front.asked[0]
    assert told["secret_hash"] == hashlib.sha256(found.group(1).encode()).hexdigest()
    assert found.group(1) not in str(front.asked)


def test_a_calendar_is_asked_for_in_no_network_and_answers_304_to_its_own_tag(front: Front) -> None:
    """Seen red by: no ETag; a tag that is compared strongly."""
    front.answers["scheduling.calendar"] = CALENDAR
    first = front.get("/v1/calendars/some-secret.ics")
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert b"TZID:America/New_York" in first.content
    (_, _, _, asker, _) = front.asked[-1]
    assert (asker.network_id, asker.scopes) == (NO_NETWORK, frozenset({"calendars:read-by-secret"}))
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = front.get("/v1/calendars/some-secret.ics", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    front.answers["scheduling.calendar"] = CALENDAR | {"practitioner_name": "Dr. Ada Okafor-Lee"}
    assert front.get("/v1/calendars/some-secret.ics", headers={"If-None-Match": tag}).status_code == 200


def test_guesses_at_a_calendar_wait_and_whoever_knows_a_secret_does_not(front: Front) -> None:
    """Seen red by: guesses that are not counted; a right secret that is counted."""
    front.answers["scheduling.calendar"] = WRONG
    assert [front.get(f"/v1/calendars/wrong-{turn}.ics").status_code for turn in range(FREE_FAILURES)] == [404] * 5
    refused = front.get("/v1/calendars/wrong.ics")
    assert (refused.status_code, refused.json["slug"]) == (429, "too-many-tries")
    assert int(refused.headers["Retry-After"]) >= 1
    front.answers["scheduling.calendar"] = CALENDAR
    assert [front.get("/v1/calendars/right.ics").status_code for _ in range(FREE_FAILURES + 2)] == [200] * 7


def test_while_scheduling_is_away_nobody_is_a_guesser(front: Front) -> None:
    """Seen red by: counting every answer that is not a calendar."""
    front.answers["scheduling.calendar"] = CallUnavailable(1)
    for _ in range(FREE_FAILURES + 2):
        assert front.get("/v1/calendars/right.ics").status_code == 503


@pytest.mark.parametrize("secret", ["wrong", "not-a-uuid.or.anything", "%00", "%2e%2e%2fday", "🩺", "a" * 2000])
def test_whatever_is_no_secret_is_answered_like_an_address_that_is_not_there(front: Front, secret: str) -> None:
    """Seen red by: a malformed one that is told so."""
    front.answers["scheduling.calendar"] = WRONG
    headers = {"Frontdesk-Correlation-Id": "0193a1f0-0000-7000-8000-00000000000f"}
    answer, nowhere = (front.get(path, headers=headers) for path in (f"/v1/calendars/{secret}.ics", "/v1/nowhere"))
    assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_only_who_manages_the_network_makes_links(front: Front) -> None:
    front.answers["scheduling.make_calendar_link"] = link_of
    for role in ("secretary", "clinician", "biller"):
        assert make(front, front.token(role), "k1", str(new_id())).status_code == 403
