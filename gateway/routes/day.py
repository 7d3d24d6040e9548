"""The day sheet, and the live day by server-sent events: first the day as it is, then what changes."""

import json
import time
from collections.abc import Iterator
from typing import Any

from gateway.day import Page
from gateway.endpoint import Call, Json, Reply, route
from gateway.errors import Problem
from gateway.schemas.appointments import DayItem, DayQuestion, DaySheet
from gateway.schemas.base import Instant
from gateway.schemas.sites import AtSite
from shared.errors import DomainError
from shared.health import health

_DAY = DaySheet()
_ITEM = DayItem()
_INSTANT = Instant()
STILL_HERE_S = 10.0
_LOOK_S = 1.0


@route(
    "GET",
    "/v1/day",
    scope="appointments:read",
    query=DayQuestion(),
    answer=_DAY,
    objects=("query.site_id", "query.practitioner_id", "query.room_id"),
)
def get_day(call: Call) -> Any:
    """The day sheet of a site, or there of a practitioner or a room: appointments with names, states and texts.

    Today when no day is given.
    """
    return call.ask("scheduling", "day", **call.query)


@route(
    "GET",
    "/v1/day/changes",
    scope="appointments:read",
    query=AtSite(),
    objects=("query.site_id",),
    media_type="text/event-stream",
    problems=("too-many-pages",),
)
def stream_day(call: Call) -> Any:
    """Today at a site, live (server-sent events).

    First `day` with the whole sheet, then `changes`, `here`, `trouble`, `signed-out`.
    For pages with a cookie session. The stream keeps no session awake.
    """
    stream = _stream(call, _sheet(call))
    begun = next(stream)  # here, where too many pages can still be answered as what they are
    return Reply(
        stream=_going_on(begun, stream),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def _going_on(begun: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    yield begun
    yield from stream


def _stream(call: Call, first: Json) -> Iterator[bytes]:
    with call.door.feeds.page(call.asker.network_id, call.query["site_id"], call.asker.actor_id) as page:
        yield b"retry: 2000\n\n" + _event("day", first)
        # What changed between the sheet and the moment this page began to be fed.
        yield from _told(call, ("changes", _changes_since(call, first)))
        yield from _live(call, page)


def _live(call: Call, page: Page) -> Iterator[bytes]:
    checked = time.monotonic()
    while not health.draining:
        message = page.next(_LOOK_S)
        if message:
            yield from _told(call, message)
        if time.monotonic() - checked > STILL_HERE_S:
            checked = time.monotonic()
            if not _is_signed_in(call):
                yield _event("signed-out", {})
                return
            yield _event("here", {"now": _now(call)})


def _told(call: Call, message: tuple[str, Json]) -> Iterator[bytes]:
    kind, data = message
    if kind == "reload":
        try:
            kind, data = "day", _sheet(call)
        except DomainError:
            kind, data = "trouble", {}
    elif kind == "changes":
        data = {"items": _ITEM.dump(data["items"], many=True), "gone": data.get("gone", [])}
    yield _event(kind, data)


def _sheet(call: Call) -> Json:
    """The day as the one who is signed in may see it; scheduling audits the look."""
    day = call.ask("scheduling", "day", site_id=call.query["site_id"])
    sheet: Json = {**_DAY.dump(day), "now": _now(call), "simulated": call.door.simulated}
    call.request.context.after = day["after"]
    return sheet


def _changes_since(call: Call, sheet: Json) -> Json:
    question = {"site_id": call.query["site_id"], "on": sheet["on"], "after": call.request.context.after}
    try:
        return call.ask("scheduling", "day_changes", **question)
    except Problem:
        return {"items": []}


def _now(call: Call) -> Any:
    return _INSTANT.serialize("now", {"now": call.door.clock.now().replace(microsecond=0)})


def _is_signed_in(call: Call) -> bool:
    standing = call.signed_in.standing
    try:
        return bool(call.door.standings.of(standing.network_id, standing.session_id, active=False))
    except DomainError:
        return False


def _event(kind: str, data: Json) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {kind}\ndata: {text}\n\n".encode()
