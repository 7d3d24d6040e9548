"""Booking, end to end: from the request at the gateway to the text that the carrier has accepted.

The product and the pipeline take turns, so that both meet the same machine. The CPU time of a run is counted until the
last effect of its last booking is there.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.figures import median_of, per, spread
from bench.loading import Load, LoadRefused, put_under
from bench.pacing import rounds
from bench.processes import Meter
from bench.servers import private_servers
from bench.subjects import Pipeline, Product, Subject, pipeline
from bench.whole_system import WholeSystem

ANSWERS_UNDER_MS = 250.0
FASTEST = 2000  # more bookings a second than anything here does
_CONNECTIONS_OF_OPEN_LOOP = 64
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How much is measured. `rounds` runs of `seconds` at each of `concurrency`, begun within `at_most_s`."""

    concurrency: tuple[int, ...]
    rounds: int
    seconds: float
    warm_up_s: float
    open_loop_s: float
    at_most_s: float


QUICK = Plan(concurrency=(8, 32), rounds=3, seconds=6.0, warm_up_s=4.0, open_loop_s=8.0, at_most_s=40.0)
FULL = Plan(concurrency=(1, 8, 32), rounds=5, seconds=10.0, warm_up_s=6.0, open_loop_s=15.0, at_most_s=240.0)


def measure(whole: WholeSystem, plan: Plan) -> Json:
    """The figures of the product, with the baseline's under `baseline`."""
    product = Product(whole)
    with private_servers() as servers, pipeline(servers) as baseline:
        for subject in (product, baseline):
            one_run(subject, Load(8, plan.warm_up_s))
        turns = {f"concurrency_{many}": _turns(product, baseline, many, plan) for many in plan.concurrency}
        ours, theirs = _figures(turns, 0), _figures(turns, 1)
        best = best_of(ours)
        opened = _open_loops(product, plan, turns[best], 0), _open_loops(baseline, plan, turns[best], 1)
    return {
        **headline({**ours, **opened[0]}, ours),
        "cpu_ratio_to_baseline": _ratio(turns[best]),
        **ours,
        **opened[0],
        "baseline": {**theirs, **opened[1]},
    }


def one_run(subject: Subject, load: Load) -> Json:
    """One run of the load generator against one subject."""
    bodies = subject.book.next_bodies(int(load.seconds * (load.rate or FASTEST)))
    target, mark = subject.target(), subject.mark()
    meter, began = Meter(subject.pids), time.monotonic()
    loaded = put_under(load, target, bodies)
    subject.drain(mark, loaded.count)
    used, lasted = meter.used(), time.monotonic() - began
    lags = {name: spread(values) for name, values in subject.lags(mark).items()}
    return {
        **loaded.shown(),
        "drained_per_second": round(loaded.count / lasted, 1),
        "cpu_ms_per_booking": round(sum(used.values()) * 1000 / loaded.count, 3),
        "cpu_ms_by_process": per(used, loaded.count),
        **lags,
    }


def _turns(product: Product, baseline: Pipeline, many: int, plan: Plan) -> list[tuple[Json, Json]]:
    load = Load(many, plan.seconds)
    return [(one_run(product, load), one_run(baseline, load)) for _ in rounds(plan.rounds, plan.at_most_s)]


def _figures(turns: Mapping[str, list[tuple[Json, Json]]], whose: int) -> Json:
    return {name: {"rounds": len(pairs), **median_of([pair[whose] for pair in pairs])} for name, pairs in turns.items()}


def _open_loops(subject: Subject, plan: Plan, turns: list[tuple[Json, Json]], whose: int) -> Json:
    most = median(pair[whose]["per_second"] for pair in turns)
    rates = {"at_90_percent": round(most * 0.9, 1), "at_50_a_second": 50.0}
    return {
        name: _open_loop(subject, Load(_CONNECTIONS_OF_OPEN_LOOP, plan.open_loop_s, rate), most)
        for name, rate in rates.items()
    }


def _open_loop(subject: Subject, load: Load, most: float) -> Json:
    """On a machine that others keep busy the rate may be more than can be booked: then there is no figure."""
    if load.rate > most:
        return {"rate": load.rate, "reason": f"more than the {most:.0f} a second that could be booked"}
    try:
        return {"rate": load.rate, **one_run(subject, load)}
    except LoadRefused as refused:
        return {"rate": load.rate, "reason": f"too much at that moment: {refused}"}


def best_of(figures: Mapping[str, Json]) -> str:
    """Where most is booked with answers that are quick enough; the quickest answers where none are."""
    quick = [name for name, run in figures.items() if run["answer_ms"]["p99"] < ANSWERS_UNDER_MS]
    if quick:
        return max(quick, key=lambda name: float(figures[name]["per_second"]))
    return min(figures, key=lambda name: float(figures[name]["answer_ms"]["p99"]))


def headline(figures: Json, closed_loops: Mapping[str, Json]) -> Json:
    """The figures that others read, out of all of them."""
    best = best_of(closed_loops)
    return {
        "per_second": figures[best]["per_second"],
        "p99_ms": figures[best]["answer_ms"]["p99"],
        "measured_at": best,
        "cpu_ms_per_booking": figures[best]["cpu_ms_per_booking"],
        **_commit_to_text("p50", figures["at_50_a_second"]),
        **_commit_to_text("p99", figures["at_90_percent"]),
    }


def _commit_to_text(which: str, run: Json) -> Json:
    key = f"commit_to_text_{which}_ms"
    return {key: None, f"{key}_reason": run["reason"]} if "reason" in run else {key: run["commit_to_text_ms"][which]}


def _ratio(turns: list[tuple[Json, Json]]) -> float:
    """Ours over theirs, each turn by itself."""
    ratios = [float(ours["cpu_ms_per_booking"]) / float(theirs["cpu_ms_per_booking"]) for ours, theirs in turns]
    return round(median(ratios), 3)
