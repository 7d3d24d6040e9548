"""What else clients were told of: holds, series, absences and their lists, who waits and what was offered, hours.

Each is a condition in a word; what its client was told allows one, or a few where time or a job may have gone on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from history import Operation

GONE = "gone"
States = frozenset[str]
Expected = dict[str, States]


class Kind(NamedTuple):
    """`states`: the query of (id, state) for ids; `every`: of all ids, where only clients make them."""

    states: str
    every: str = ""


KINDS: Mapping[str, Kind] = {
    "holds": Kind(
        "SELECT hold_id::text AS id, status AS state FROM holds WHERE hold_id = ANY(%(ids)s::uuid[])",
        "SELECT hold_id::text AS id FROM holds",
    ),
    "series": Kind(
        (
            "SELECT series_id::text AS id, count(*) || ' visits' AS state FROM appointments"
            " WHERE series_id = ANY(%(ids)s::uuid[]) GROUP BY series_id"
        ),
        "SELECT series_id::text AS id FROM series",
    ),
    "absences": Kind(
        (
            "SELECT absence_id::text AS id, CASE WHEN undone_at IS NULL THEN 'standing, ' ELSE 'undone, ' END"
            " || (SELECT count(*) FROM reschedules r WHERE (r.network_id, r.absence_id) = (a.network_id, a.absence_id))"
            " || ' listed' AS state FROM absences a WHERE absence_id = ANY(%(ids)s::uuid[])"
        ),
        "SELECT absence_id::text AS id FROM absences",
    ),
    "visits on lists": Kind(
        "SELECT reschedule_id::text AS id, state FROM reschedules WHERE reschedule_id = ANY(%(ids)s::uuid[])"
    ),
    "entries of the waitlist": Kind(
        "SELECT entry_id::text AS id, state FROM waitlist_entries WHERE entry_id = ANY(%(ids)s::uuid[])",
        "SELECT entry_id::text AS id FROM waitlist_entries",
    ),
    "offers": Kind("SELECT offer_id::text AS id, state FROM waitlist_offers WHERE offer_id = ANY(%(ids)s::uuid[])"),
    "exceptions of working time": Kind(
        "SELECT exception_id::text AS id, CASE WHEN removed_at IS NULL THEN 'there' ELSE 'removed' END AS state"
        " FROM time_exceptions WHERE exception_id = ANY(%(ids)s::uuid[])"
    ),
    "hours": Kind(
        "SELECT practitioner_id::text AS id, lanes || ' lanes, ' || (SELECT count(*) FROM weekly_hours w WHERE"
        " (w.network_id, w.practitioner_id, w.site_id) = (h.network_id, h.practitioner_id, h.site_id)) || ' days,"
        " ' || (SELECT coalesce(sum(ends - starts), 0) FROM weekly_hours w WHERE (w.network_id, w.practitioner_id,"
        " w.site_id) = (h.network_id, h.practitioner_id, h.site_id)) || ' minutes' AS state"
        " FROM working_hours h WHERE practitioner_id = ANY(%(ids)s::uuid[])"
    ),
}


class Said(NamedTuple):
    """Of what kind, which one, and what it may be now."""

    kind: str
    id: str
    states: States


def expected_lists(operations: Iterable[Operation]) -> dict[str, Expected]:
    """By kind and id, as it was said last."""
    expected: dict[str, Expected] = {kind: {} for kind in KINDS}
    for one in operations:
        if one.is_ok and one.name in _SAYS:
            for said in _SAYS[one.name](one):
                expected[said.kind][said.id] = said.states
    return expected


def _is(kind: str, field: str, *states: str) -> Callable[[Operation], Iterator[Said]]:
    def says(one: Operation) -> Iterator[Said]:
        yield Said(kind, one.answer[field], frozenset(states))

    return says


def _booked_from_hold(one: Operation) -> Iterator[Said]:
    yield Said("holds", one.body["hold_id"], frozenset({"booked"}))


def _series(one: Operation) -> Iterator[Said]:
    yield Said("series", one.answer["series_id"], frozenset({f"{len(one.answer['appointments'])} visits"}))


def _absence(one: Operation) -> Iterator[Said]:
    tally, is_standing = one.answer["tally"], one.answer.get("undone_at") is None
    listed = tally["touched"] + tally["withdrawn"]
    state = f"{'standing' if is_standing else 'undone'}, {listed} listed"
    yield Said("absences", one.answer["absence_id"], frozenset({state}))
    for reschedule_id in one.about.get("withdrawn", ()):
        yield Said("visits on lists", reschedule_id, frozenset({"withdrawn"}))


def _listed(one: Operation) -> Iterator[Said]:
    """Where nobody answers for long, the job has somebody call."""
    state = one.answer["state"]
    states = {state, "to-call"} if state == "offered" else {state}
    yield Said("visits on lists", one.answer["reschedule_id"], frozenset(states))


def _accepted(one: Operation) -> Iterator[Said]:
    yield Said("offers", one.answer["offer_id"], frozenset({"accepted"}))
    yield Said("entries of the waitlist", one.answer["entry_id"], frozenset({"booked"}))


def _hours(one: Operation) -> Iterator[Said]:
    weekly = one.body["weekly"]
    minutes = sum(_minutes(day["ends"]) - _minutes(day["starts"]) for day in weekly)
    state = f"{one.body['lanes']} lanes, {len(weekly)} days, {minutes} minutes"
    yield Said("hours", one.body["practitioner_id"], frozenset({state}))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


_SAYS: Mapping[str, Callable[[Operation], Iterator[Said]]] = {
    "hold": _is("holds", "hold_id", "held", "expired"),
    "release": _is("holds", "hold_id", "released"),
    "book-held": _booked_from_hold,
    "book-series": _series,
    "absence": _absence,
    "undo-absence": _absence,
    **dict.fromkeys(("accept-proposal", "decline-proposals", "pick", "cancel-listed", "to-call"), _listed),
    "wait": _is("entries of the waitlist", "entry_id", "waiting", "expired"),
    "withdraw": _is("entries of the waitlist", "entry_id", "withdrawn"),
    "accept-offer": _accepted,
    "decline-offer": _is("offers", "offer_id", "declined"),
    "leave": _is("exceptions of working time", "exception_id", "there"),
    "remove-exception": _is("exceptions of working time", "exception_id", "removed"),
    "hours": _hours,
}
