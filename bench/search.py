"""The search for free time over fifty sites and five hundred practitioners, in books of growing size.

`POST /v1/free-times/search` for the first time in ninety days that anybody has anywhere, for one person, one site, some
afternoons, and for a visit that needs a room and a device too.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.figures import per, spread
from bench.loading import Load, Target, put_under
from bench.pacing import rounds
from bench.processes import Meter
from bench.search_books import AHEAD, Network, fill, furnished
from bench.whole_system import WholeSystem
from cli.api import Api

SMALL, MILLION, LARGE = 100_000, 1_000_000, 10_000_000
_CALLERS = 8
_FASTEST = 2000  # more searches a second than anything here does
_PATH = "/v1/free-times/search"
_AFTERNOONS = {"limit": 20, "hours": [{"starts": "13:00", "ends": "17:00"}], "weekdays": [2, 4]}
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Sizes of the books, searches of each kind in each of them, begun within `at_most_s`, and how long eight callers
    search in each."""

    sizes: tuple[int, ...]
    searches: int
    at_most_s: float
    seconds: float


QUICK = Plan(sizes=(10_000, SMALL), searches=100, at_most_s=3.0, seconds=3.0)
FULL = Plan(sizes=(10_000, SMALL, MILLION, LARGE), searches=500, at_most_s=40.0, seconds=10.0)


def measure(whole: WholeSystem, plan: Plan) -> Json:
    """The figures of each size, and those that others read."""
    network, found, written = furnished(whole), dict[int, Json](), 0
    for size in sorted(plan.sizes):
        fill(network, written, size)
        found[size] = _searched(network, plan)
        written = size
    sizes = {f"books_{size}": figures for size, figures in found.items()}
    return {**headline(found), "booked_ahead_at_most": AHEAD, **sizes}


def headline(found: Mapping[int, Json]) -> Json:
    """p99 of the first free time at a million, and how much dearer its p50 is at ten million than at 100,000.

    `per_second` and its CPU time are those of the largest books.
    """
    largest = max(found)
    missing = f"the books of this form end at {largest:,} appointments"
    first = {size: figures["first_anywhere_ms"] for size, figures in found.items()}
    growth = round(first[LARGE]["p50"] / first[SMALL]["p50"], 2) if {SMALL, LARGE} <= first.keys() else None
    return {
        **_or_reason("p99_ms_at_1m", first[MILLION]["p99"] if MILLION in first else None, missing),
        **_or_reason("growth_100k_to_10m", growth, missing),
        **{name: found[largest]["eight_callers"][name] for name in ("per_second", "cpu_ms_per_search")},
        "measured_at": f"books_{largest}",
    }


def _or_reason(key: str, value: float | None, reason: str) -> Json:
    return {key: value} if value is not None else {key: None, f"{key}_reason": reason}


def _searched(network: Network, plan: Plan) -> Json:
    api = network.manager()
    questions = _questions(network, plan.searches)
    found = {kind: _asked(api, bodies, plan.at_most_s) for kind, bodies in questions.items()}
    return {**found, "eight_callers": _eight_callers(network, plan.seconds)}


def _questions(network: Network, many: int) -> dict[str, list[Json]]:
    """That many of each kind, one after the other; the ones about somebody are each about somebody else."""
    first = {"appointment_type_id": network.plain, "days": 90, "limit": 1}
    return {
        "first_anywhere_ms": [first] * many,
        "first_of_one_practitioner_ms": [
            {**first, "practitioner_ids": [one]} for one in _some([*network.people], many)
        ],
        "first_at_one_site_ms": [{**first, "site_ids": [one]} for one in _some([*network.sites], many)],
        "twenty_afternoons_ms": [{**first, **_AFTERNOONS}] * many,
        "first_of_several_resources_ms": [{**first, "appointment_type_id": network.scan}] * many,
    }


def _asked(api: Api, bodies: Sequence[Json], at_most_s: float) -> Json:
    """Milliseconds as their caller waits for them, after a few that are not counted."""
    for body in bodies[:5]:
        _ask(api, body)
    took = [_ask(api, bodies[number]) for number in rounds(len(bodies), at_most_s)]
    return {**spread(took), "count": len(took)}


def _ask(api: Api, body: Json) -> float:
    began = time.perf_counter()
    answer = api.post(_PATH, body)
    took = (time.perf_counter() - began) * 1000
    if not answer["items"]:
        raise ValueError("no free time was found")
    return took


def _eight_callers(network: Network, seconds: float) -> Json:
    """The first time anywhere, asked by eight at once as fast as they are answered."""
    whole = network.whole
    target = Target(whole.gateway_url, _PATH, {"Authorization": f"Bearer {network.manager().token}"}, wanted="200")
    body = {"appointment_type_id": network.plain, "days": 90, "limit": 1}
    meter = Meter(whole.pids)
    loaded = put_under(Load(_CALLERS, seconds), target, [body] * int(seconds * _FASTEST))
    used = meter.used()
    return {
        **loaded.shown(),
        "cpu_ms_per_search": round(sum(used.values()) * 1000 / loaded.count, 3),
        "cpu_ms_by_process": per(used, loaded.count),
    }


def _some(ids: Sequence[str], many: int) -> list[str]:
    return [ids[place * 7 % len(ids)] for place in range(many)]
