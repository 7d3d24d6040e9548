"""Calendars out: a practitioner's appointments for calendar programs, by a secret link."""

from typing import Any

from gateway.calendars.rendering import MEDIA_TYPE, etag_of_calendar, rendered
from gateway.calendars.secrets import hash_of
from gateway.endpoint import Call, Reply, route
from gateway.errors import Problem
from gateway.guesses import Guesses
from gateway.schemas import calendars as schemas
from shared.asker import Asker
from shared.database.units import NO_NETWORK

LINK = schemas.CalendarLink()
NEW_LINK = schemas.NewCalendarLink()
SETTINGS = schemas.CalendarSettings()
_PATH = ("path.calendar_link_id",)
_CACHING = {"Cache-Control": "private, no-cache"}


@route(
    "GET",
    "/v1/calendars/{secret}.ics",
    auth="public",
    media_type=MEDIA_TYPE,
    objects=("path.secret",),
    also=(304,),
    problems=("too-many-tries",),
)
def read_calendar(call: Call) -> Any:
    """A practitioner's appointments as iCalendar, from 30 days back to 180 ahead, for whoever knows the secret link.

    Answers 304 to the `ETag` of the last answer. Cancelled appointments stay for 30 days as such. A secret that is
    wrong, renewed or revoked answers 404; five of them from one address are free, then it waits.
    """
    calendar, now = _found(call), call.door.clock.now()
    tag = etag_of_calendar(calendar, now)
    headers = {**_CACHING, "ETag": tag}
    if _knows(call, tag):
        return Reply(status=304, headers=headers)
    return Reply(rendered(calendar, now), headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")


@route(
    "POST",
    "/v1/practitioners/{practitioner_id}/calendar-links",
    scope="network:manage",
    answer=NEW_LINK,
    status=201,
    objects=("path.practitioner_id",),
    problems=("calendar-secret-spent",),
)
def make_calendar_link(call: Call) -> Any:
    """Makes a secret link to a practitioner's appointments at your sites. Its address is shown this once."""
    return _with_secret(call, "make_calendar_link", call.path["practitioner_id"])


@route(
    "GET",
    "/v1/practitioners/{practitioner_id}/calendar-links",
    scope="network:manage",
    answer=schemas.CalendarLinks(),
    objects=("path.practitioner_id",),
)
def list_calendar_links(call: Call) -> Any:
    """The practitioner's links that show no more than your sites, revoked ones too; never a secret."""
    return call.ask("scheduling", "calendar_links", **call.path)


@route(
    "POST",
    "/v1/calendar-links/{calendar_link_id}/renew",
    scope="network:manage",
    answer=NEW_LINK,
    versioned=True,
    objects=_PATH,
    problems=("calendar-link-revoked",),
)
def renew_calendar_link(call: Call) -> Any:
    """Gives a link a new secret address; the one before answers 404 from now on."""
    return _with_secret(call, "renew_calendar_link", call.path["calendar_link_id"])


@route(
    "POST",
    "/v1/calendar-links/{calendar_link_id}/revoke",
    scope="network:manage",
    answer=LINK,
    versioned=True,
    objects=_PATH,
    problems=("calendar-link-revoked",),
)
def revoke_calendar_link(call: Call) -> Any:
    """Ends a link: its address answers 404 from now on."""
    return call.tell("scheduling", "revoke_calendar_link", **call.path)


@route("GET", "/v1/calendar-settings", scope="network:manage", answer=SETTINGS)
def get_calendar_settings(call: Call) -> Any:
    """How patients stand in the network's calendars: not at all (the default), by initials or by name."""
    return call.ask("scheduling", "calendar_settings")


@route(
    "PUT",
    "/v1/calendar-settings",
    scope="network:manage",
    body=schemas.SetCalendarSettings(),
    answer=SETTINGS,
    versioned=True,
    example={"patients": "initials"},
)
def set_calendar_settings(call: Call) -> Any:
    """Sets how patients stand in all calendars of the network, those of links that are out too."""
    return call.tell("scheduling", "set_calendar_settings", **call.body)


def _with_secret(call: Call, command: str, about: str) -> dict[str, Any]:
    """Scheduling gets the hash alone; the secret follows from the request and its key."""
    secret = call.door.link_secrets.of(call.asker, call.route.name, about, call.key)
    link = call.tell("scheduling", command, **call.path, secret_hash=hash_of(secret))
    public_url = call.door.public_url or call.request.prefix
    return {**link, "url": f"{public_url}/v1/calendars/{secret}.ics"}


def _found(call: Call) -> dict[str, Any]:
    """The calendar of the secret. Raises not-found, or too-many-tries where one address has tried many wrong ones.

    Scheduling audits each. Nobody guesses 256 bits: what is counted is noise, and a right secret never waits.
    """
    question = {"secret_hash": hash_of(call.path["secret"])}
    try:
        return call.door.services.ask("scheduling", "calendar", question, _reader(call))
    except Problem as problem:
        if problem.status == 404:
            Guesses(call.door.look_ups).take(f"calendar/{call.request.remote_addr}")
        raise


def _reader(call: Call) -> Asker:
    """A calendar program: it knows a secret, and names no network."""
    return Asker(
        actor_id="calendar-link",
        actor_kind="service",
        network_id=NO_NETWORK,
        sites=None,
        scopes=frozenset({"calendars:read-by-secret"}),
        correlation_id=call.correlation_id,
        traceparent=call.request.context.traceparent,
    )


def _knows(call: Call, tag: str) -> bool:
    """Whether If-None-Match names the tag (RFC 9110, 13.1.2: compared weakly)."""
    given = call.request.get_header("If-None-Match") or ""
    return given.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in given.split(",")}
