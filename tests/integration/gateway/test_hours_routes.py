"""The map and working time at the public API: what goes to scheduling, and what is refused at the door."""

from typing import Any

import pytest

from shared.calls.outcomes import CallRefused
from shared.ids import new_id
from tests.fix_gateway import Front

STRANDED = {"appointment_id": str(new_id()), "site_id": str(new_id()), "patient_id": str(new_id()), "internal": "no"}


def manager(front: Front) -> str:
    return front.token("manager")


def asked(front: Front) -> tuple[str, dict[str, Any]]:
    _, name, body, _, _ = front.asked[-1]
    return name, body


def test_a_room_is_blocked_by_its_address_and_told_what_it_strands(front: Front) -> None:
    front.answers["scheduling.add_working_exception"] = {"exception_id": str(new_id()), "stranded": [STRANDED]}
    room = str(new_id())
    body = {"start_at": "2027-07-05T09:00:00-04:00", "end_at": "2027-07-05T10:00:00-04:00"}
    answer = front.post(f"/v1/resources/{room}/blocked-times", body, manager(front))
    assert answer.status_code == 201
    assert asked(front) == (
        "add_working_exception",
        {"resource_id": room, "kind": "blocked", "start_at": "2027-07-05T13:00:00Z", "end_at": "2027-07-05T14:00:00Z"},
    )
    assert answer.json["stranded"] == [{name: value for name, value in STRANDED.items() if name != "internal"}]


def test_hours_are_a_week_or_patterns(front: Front) -> None:
    ids = {"practitioner_id": str(new_id()), "site_id": str(front.site_id)}
    front.answers["scheduling.set_working_hours"] = {**ids, "version": 2, "stranded": []}
    pattern = {"rrule": "FREQ=MONTHLY;BYDAY=1MO", "from_on": "2027-01-01", "starts": "09:00", "ends": "12:00"}
    answer = front.request("PUT", "/v1/working-hours", manager(front), json={**ids, "patterns": [pattern]})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert asked(front)[1]["patterns"] == [pattern]
    assert front.request("PUT", "/v1/working-hours", manager(front), json=ids).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/resources", {"kind": "practitioner", "type": "x", "name": "x"}),
        ("POST", "/v1/closures", {"reason": "no days"}),
        ("POST", "/v1/closures", {"from_on": "2027-01-01", "start_at": "2027-01-01T00:00:00Z"}),
        ("POST", "/v1/practitioners", {"given": "A", "family": "B", "sex": "F"}),
        ("POST", "/v1/practitioners", {"given": "A", "family": "B", "languages": ["Spanish!"]}),
        ("POST", "/v1/appointment-types", {"name": "A", "minutes": 20, "needs": [{"kind": "bed"}]}),
        ("POST", "/v1/appointment-types", {"name": "A", "minutes": 20, "horizon_days": -1}),
    ],
)
def test_what_cannot_be_is_refused_at_the_door(front: Front, method: str, path: str, body: dict[str, Any]) -> None:
    if path in ("/v1/resources", "/v1/closures"):
        body = {**body, "site_id": str(front.site_id)}
    answer = front.request(method, path, manager(front), json=body)
    assert (answer.status_code, answer.json["slug"]) == (422, "invalid")
    assert front.asked == []


def test_a_secretary_changes_nothing_of_the_map(front: Front) -> None:
    for method, path in (
        ("POST", "/v1/resources"),
        ("POST", "/v1/closures"),
        ("PUT", f"/v1/sites/{front.site_id}/opening-hours"),
        ("DELETE", f"/v1/working-exceptions/{new_id()}"),
    ):
        assert front.request(method, path, front.token(), json={}).status_code == 403


def test_what_concerns_all_that_stands_at_a_site_may_take_longer_than_the_rest(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zone or opening hours make the free time of a hundred rooms and people anew, four hundred days of each.

    Seen red by: one deadline for every command.
    """
    lasting: dict[str, float] = {}

    def command(name: str, *_: Any, deadline_s: float) -> dict[str, Any]:
        lasting[name] = deadline_s
        raise CallRefused("not-found", 404, {})

    monkeypatch.setattr(front.door.services._clients["scheduling"], "command", command)
    token, site = front.token("manager"), f"/v1/sites/{front.site_id}"
    front.request("PATCH", site, token=token, json={"zone": "America/Denver"}, headers={"If-Match": "*"})
    front.request("PUT", f"{site}/opening-hours", token=token, json={"weeks": []}, headers={"If-Match": "*"})
    front.post("/v1/practitioners", {"given": "Noor", "family": "Adeyemi"}, token)
    assert lasting == {"change_site": 20.0, "set_opening_hours": 20.0, "add_practitioner": 3.0}
