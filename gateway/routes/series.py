"""Series: visits that are agreed together. Every date is checked first, and clashes are answered for choice."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import series as schemas

SERIES = schemas.Series()
CHECKED = schemas.CheckedSeries()
CHANGED = schemas.ChangedSeries()
_NAMED = ("body.site_id", "body.practitioner_id", "body.appointment_type_id")
_CHANGE = ("path.series_id", "body.appointment_id")
_EXAMPLE = {
    "site_id": "0193a1f0-0000-7000-8000-000000000001",
    "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
    "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
    "start_at": "2026-11-24T15:00:00Z",
    "rrule": "FREQ=WEEKLY;COUNT=24",
}
_MOVE = {
    "appointment_id": "0193a1f0-0000-7000-8000-000000000006",
    "reach": "following",
    "start_at": "2026-11-25T16:00:00Z",
}
_CANCEL = {"appointment_id": "0193a1f0-0000-7000-8000-000000000006", "reach": "following", "reason": "moves away"}


@route(
    "POST",
    "/v1/series/check",
    scope="appointments:write",
    body=schemas.CheckSeries(),
    answer=CHECKED,
    objects=_NAMED,
    example=_EXAMPLE,
    problems=("appointment-type-inactive", "impossible-series"),
)
def check_series(call: Call) -> Any:
    """Which dates of a series could be had, each that clashes with its reason and free times near it. Books nothing."""
    return call.ask("scheduling", "check_series", **call.body)


@route(
    "POST",
    "/v1/series",
    scope="appointments:write",
    body=schemas.BookSeries(),
    answer=CHANGED,
    status=201,
    objects=(*_NAMED, "body.patient_id"),
    example={**_EXAMPLE, "patient_id": "0193a1f0-0000-7000-8000-000000000005"},
    problems=("series-clashes", "series-empty", "appointment-type-inactive", "impossible-series"),
)
def book_series(call: Call) -> Any:
    """Books every date of a series for a patient, or none.

    A date that cannot be had answers 409 `series-clashes` with all that clash and free times near them: say in
    `choices` what is to become of each (another time, or null to leave it out) and ask again, under a new
    Idempotency-Key.
    """
    return call.tell_of_patient("book_series", **call.body)


@route("GET", "/v1/series/{series_id}", scope="appointments:read", answer=SERIES, objects=("path.series_id",))
def get_series(call: Call) -> Any:
    """A series with all of its appointments, each with its own status."""
    return call.ask("scheduling", "series", **call.path)


@route(
    "POST",
    "/v1/series/{series_id}/check",
    scope="appointments:write",
    body=schemas.CheckSeriesChange(),
    answer=CHECKED,
    objects=(*_CHANGE, "body.practitioner_id"),
    example=_MOVE,
    problems=("appointment-not-of-series", "impossible-series"),
)
def check_series_change(call: Call) -> Any:
    """What a change (or without `start_at` a cancellation) would do to each date within reach. Changes nothing."""
    return call.ask("scheduling", "check_series_change", **call.path, **call.body)


@route(
    "POST",
    "/v1/series/{series_id}/change",
    scope="appointments:write",
    body=schemas.ChangeSeries(),
    answer=CHANGED,
    versioned=True,
    objects=(*_CHANGE, "body.practitioner_id"),
    example=_MOVE,
    problems=("series-clashes", "series-empty", "appointment-not-of-series", "impossible-series"),
)
def change_series(call: Call) -> Any:
    """Moves one date, it and the following, or all: by weekday and time of day, all of them or none.

    What has begun, is over or is off stays, and is named as such. Clashes are answered as in `POST /v1/series`.
    """
    return call.tell("scheduling", "change_series", **call.path, **call.body)


@route(
    "POST",
    "/v1/series/{series_id}/cancel",
    scope="appointments:write",
    body=schemas.CancelSeries(),
    answer=CHANGED,
    versioned=True,
    objects=_CHANGE,
    example=_CANCEL,
    problems=("series-empty", "appointment-not-of-series"),
)
def cancel_series(call: Call) -> Any:
    """Cancels one date, it and the following, or all; what has begun, is over or is off stays, and is named as such."""
    return call.tell("scheduling", "cancel_series", **call.path, **call.body)
