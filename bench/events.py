"""The event pipeline: from the outbox over relay and broker to handled (inbox row, one row, acknowledged).

`per_second` is the whole way with everything running. `consume` is the consumer alone, on a queue that was filled
before, as its baseline is measured; `publish` is the relay alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from bench.children import until
from bench.eating import PATIENCE_S, cost_of, eaten, inbox_of
from bench.events_baseline import SCHEMA, filled_and_eaten
from bench.facts import about_to_be_told, texts_sent
from bench.figures import median_of
from bench.pacing import rounds
from bench.processes import Meter
from bench.servers import private_servers, rows, run_sql
from bench.whole_system import WholeSystem

CONSUMER = "scheduling.on_text"
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How much is measured: the whole way, then as many turns, each begun within `at_most_s`."""

    rounds: int
    events: int
    at_most_s: float


QUICK = Plan(rounds=3, events=5_000, at_most_s=30.0)
FULL = Plan(rounds=5, events=20_000, at_most_s=300.0)


def measure(whole: WholeSystem, plan: Plan) -> Json:
    """The whole way, then consumers in turns, each on a queue that lies full."""
    ways = [_whole_way(whole, plan.events) for _ in rounds(plan.rounds, plan.at_most_s)]
    with private_servers() as servers:
        run_sql(servers.database_url, SCHEMA.read_text("utf-8"))
        turns = [
            (_filled_and_eaten(whole, plan), filled_and_eaten(servers, whole.seeded.network_id, plan.events))
            for _ in rounds(plan.rounds, plan.at_most_s)
        ]
    ours, theirs = median_of([first for first, _ in turns]), median_of([second for _, second in turns])
    return {
        **median_of(ways),
        "cpu_ratio_to_baseline": _ratio(turns, _all_cost),
        "consumer_process_cpu_ratio_to_baseline": _ratio(turns, lambda run: float(run["consumer_cpu_ms"])),
        **ours,
        "baseline": theirs,
    }


def _whole_way(whole: WholeSystem, number: int) -> Json:
    facts = texts_sent(UUID(whole.seeded.network_id), number)
    with inbox_of(whole.database_url("scheduling"), CONSUMER) as handled:
        before = handled()
        with about_to_be_told(whole.database_url("notifications"), facts):
            began, meter = _now(whole), Meter(whole.pids)
        until(lambda: handled() - before >= number, PATIENCE_S, "events handled")
        used, ended = meter.used(), _last_handled(whole)
    return {"per_second": round(number / (ended - began).total_seconds(), 1), **cost_of(used, number)}


def _filled_and_eaten(whole: WholeSystem, plan: Plan) -> Json:
    """The relay fills the queue of a consumer that is down, which then comes and empties it."""
    supervisor = whole.system.supervisor
    supervisor.stop(["scheduling"])
    published = _published(whole, plan.events)
    with inbox_of(whole.database_url("scheduling"), CONSUMER) as handled:
        before = handled()
        supervisor.start("scheduling")
        consumed = eaten(lambda: handled() - before, plan.events, lambda: whole.pids, "scheduling")
    supervisor.wait_ready(["scheduling"])
    return {"publish": published, "consume": consumed}


def _published(whole: WholeSystem, number: int) -> Json:
    facts, url = texts_sent(UUID(whole.seeded.network_id), number), whole.database_url("notifications")
    with about_to_be_told(url, facts):
        began, meter = _now(whole), Meter(whole.pids)
    unpublished = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
    until(lambda: not rows(url, unpublished)[0][0], PATIENCE_S, "events published")
    used = meter.used()
    ended: datetime = rows(url, "SELECT max(published_at) FROM outbox")[0][0]
    return {"per_second": round(number / (ended - began).total_seconds(), 1), **cost_of(used, number)}


def _ratio(turns: list[tuple[Json, Json]], cost: Callable[[Json], float]) -> float:
    """Events for a second of CPU: ours over theirs."""
    return round(median(cost(theirs["consume"]) / cost(ours["consume"]) for ours, theirs in turns), 3)


def _all_cost(run: Json) -> float:
    return float(run["cpu_ms_per_event"])


def _last_handled(whole: WholeSystem) -> datetime:
    asked = "SELECT max(received_at) FROM inbox WHERE consumer = %(name)s"
    found: datetime = whole.rows("scheduling", asked, name=CONSUMER)[0][0]
    return found


def _now(whole: WholeSystem) -> datetime:
    found: datetime = whole.rows("scheduling", "SELECT clock_timestamp()")[0][0]
    return found
