"""Whatever stands in a field: refused by name or passed on as it is, and never a failure of ours."""

import json
from copy import deepcopy
from typing import Any

import pytest

from gateway.endpoint import Route
from gateway.routes import ROUTES
from shared.ids import new_id
from shared.metrics import exposition
from tests.fix_gateway import Front

NAUGHTY: tuple[Any, ...] = (
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\r\nSet-Cookie: a=b",
    "'; DROP TABLE accounts; --",
    "' OR pg_sleep(9) --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "\u202egnirts",
    "ﷺ" * 50,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "x" * 5000,
    None,
    True,
    -1,
    10**30,
    1e308,
    0.1,
    [],
    {},
    [[[[]]]],
    {"$ne": None},
    "9999-12-31T23:59:59Z",
    "0000-00-00",
    "NaN",
)
WITH_BODY = [one for one in ROUTES if one.body is not None and one.reads == "json"]


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value."""
    found: list[tuple[Any, ...]] = []
    pairs = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in pairs:
        found += [(*path, name), *places(value, (*path, name))]
    return found


def changed(body: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = deepcopy(body)
    at: Any = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return made


@pytest.mark.parametrize("one", WITH_BODY, ids=lambda one: one.name)
def test_no_value_in_any_field_is_a_failure_of_ours(front: Front, one: Route) -> None:
    """Seen red by: a number of thirty digits that went on to the service."""
    token = front.token("manager") if one.auth == "session" else ""
    path = one.path.format_map(_Ids())
    for place in places(one.example or {}):
        for value in NAUGHTY:
            sent = json.dumps(changed(one.example or {}, place, value)).encode()
            headers = {"Content-Type": "application/json"}
            answer = front.request(one.method, path, token, headers=headers, body=sent)
            assert answer.status_code < 500, (place, value)
            assert b"Traceback" not in answer.content


def test_what_goes_on_to_a_service_is_what_was_sent(front: Front) -> None:
    """Names in every script, kept to the letter."""
    front.answers["records.register_patient"] = {"patient_id": str(new_id())}
    token = front.token()
    for given in ("Ælfgifu", "明子", "Zoë", "O'Brien", "\u202eabc", "👩‍👧", "a" * 200, "' OR 1=1"):
        front.post("/v1/patients", {"site_id": str(front.site_id), "given": given, "family": "X"}, token)
        assert front.asked[-1][2]["given"] == given


class _Ids(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return str(new_id())


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2200-01-01T00:00:00Z"])
def test_a_time_at_the_ends_of_the_calendar_is_refused_by_its_field(front: Front, at: str) -> None:
    """Seen red by: years without bounds, on which scheduling fell over and the answer said "ask again", for ever."""
    path = f"/v1/appointments/{front.site_id}/move"
    answer = front.post(path, {"start_at": at}, front.token())
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "start_at")
    days = front.get("/v1/day", front.token(), params={"site_id": str(front.site_id), "on": "9999-12-31"})
    assert (days.status_code, days.json["errors"][0]["field"]) == (422, "on")


def test_a_made_up_method_leaves_no_series_of_its_own(front: Front) -> None:
    """Seen red by: the method as it was sent, so that anybody fills the memory of the gateway."""
    front.request("INVENTED", "/v1/me")
    assert b'method="other"' in exposition()[0]
    assert b"INVENTED" not in exposition()[0]
