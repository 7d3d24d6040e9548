"""The random run before a release: `./frontdesk faults --seed S`. A program of its own; see docs/reliability.md.

Each slice has a system of its own and leaves its result and its history in a folder of the run; a slice whose result
is there already is not done again, so that a run which was broken off goes on where it was.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from breaking import Breaking
from fault import APART, Kind
from fix_desk import desk_of
from history import History
from judging import judge
from laying import doors
from namespaces import why_none
from plan import FULL_MINUTES, Slice, slices_of
from poison import Poison
from progress import Progress
from slice_system import system_of
from summary import is_green, text, told, totals
from timeline import Timeline
from weather import changing_weather
from workload import Workload

from cli.instance import ROOT

Json = dict[str, Any]
RUNS = ROOT / ".run" / "faults"
_ROUND_S = 0.03
_LATE_S = 20.0  # what waited for a server may still begin
_HEALED_S = 240.0


def main() -> int:
    """0 where every slice that was asked for is green."""
    asked = _arguments()
    number, count = asked.slice or (None, None)
    folder = RUNS / str(asked.seed)
    results: list[Json] = []
    summary: Json = {}
    for part in slices_of(asked.seed, asked.minutes, count, asked.nodes):
        result = _result(part, folder, wanted=number in (None, part.number))
        if result is not None:
            results.append(result)
            summary = totals(results)
            _write(folder / "summary.json", summary)
            print(text(summary), flush=True)
    return 0 if is_green(summary) else 1


def _result(part: Slice, folder: Path, *, wanted: bool) -> Json | None:
    """What is there of a slice, or comes of it now; None where it was not asked for."""
    file = folder / f"slice-{part.number:02}-of-{part.count:02}.json"
    if file.exists() and (kept := json.loads(file.read_text("utf-8")))["digest"] == part.digest:
        print(f"slice {part.number} of {part.count} is done already")
        return dict(kept)
    if not wanted:
        return None
    print(
        f"slice {part.number} of {part.count}: {len(part.faults)} faults in {part.load_s:.0f} s,"
        f" broker of {part.nodes} node{'s' * (part.nodes > 1)}",
        flush=True,
    )
    result = {**run_slice(_possible(part), file.with_suffix(".history.jsonl")), "digest": part.digest}
    _write(file, result)
    return result


def _possible(part: Slice) -> Slice:
    """Without namespaces the nodes of a broker cannot be cut off from each other."""
    if part.nodes == 1 or not (why := why_none()):
        return part
    left = tuple(fault for fault in part.faults if fault.kind not in APART)
    print(f"  no partitions between nodes, which share 127.0.0.1: {why}", flush=True)
    return replace(part, faults=left)


def run_slice(part: Slice, history_file: Path) -> Json:
    """A system of its own, broken by the plan while desks are at work; then healed, quiet and judged."""
    progress = Progress()
    history = History(history_file)
    with ExitStack() as stack:
        weather = stack.enter_context(changing_weather(f"{part.seed}/{part.number}"))
        system, broker, proxy = stack.enter_context(system_of(part.nodes, weather.settings))
        stack.enter_context(system.as_environment())
        progress.say("system is ready")
        desk = desk_of(system, datetime.fromisoformat(part.begins_at) if part.begins_at else None)
        poison = Poison(desk, broker.amqp_url)
        breaking = Breaking(system, broker, proxy, poison, weather)
        workload = Workload(desk, doors(proxy), history, f"{part.seed}/{part.number}")
        timeline = Timeline(part, system, breaking, history)
        _work(workload, timeline, history, part.load_s, progress)
        breaking.close()
        progress.say("everything is healed, and the desks have finished")
        judged = judge(desk, workload, poison, timeline.happened, history, part.seed, progress.say)
        texts = weather.differences(desk)
        progress.say("judged")
    history.close()
    return {
        "seed": part.seed,
        "slice": part.number,
        "of": part.count,
        "nodes": part.nodes,
        "kills": breaking.kills,
        "releases": {"planned": sum(one.kind is Kind.EXPAND for one in part.faults), **breaking.releases.counts},
        "hung_nodes": breaking.servers.restarted,
        "took_s": progress.seconds,
        "stages_s": progress.stages,
        "busy": round(os.getloadavg()[2] / (os.cpu_count() or 1), 1),
        "counts": history.counts(),
        "done": history.by_name(),
        "refusals": history.refusals(),
        "faults": [told(one) for one in timeline.happened],
        "carrier": dict(Counter(weather.carrier.behaved)),
        "verdict": {"not_done": breaking.not_done, **judged, "texts": texts},
    }


def _work(workload: Workload, timeline: Timeline, history: History, load_s: float, progress: Progress) -> None:
    """From the first booking until everything is healed and what the desks have begun is finished."""
    progress.say("desks begin")
    history.start()
    workload.start()
    while history.now() < load_s or not (timeline.is_over or history.now() > load_s + _LATE_S):
        timeline.step()
        progress.now_and_then(lambda: _at_work(history, timeline, load_s))
        time.sleep(_ROUND_S)
    timeline.heal()
    progress.say("load is over")
    workload.stop()
    ends = time.monotonic() + _HEALED_S
    while (workload.is_working or not timeline.recoveries.are_complete) and time.monotonic() < ends:
        timeline.step()
        time.sleep(_ROUND_S)
    workload.give_up()


def _at_work(history: History, timeline: Timeline, load_s: float) -> str:
    done = history.so_far()
    return (
        f"{history.now():.0f} of {load_s:.0f} s: {len(timeline.happened)} faults, {done['book']} attempts,"
        f" {done['move'] + done['cancel']} moves and cancellations"
    )


def _write(file: Path, note: Json) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(note, indent=1), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=FULL_MINUTES)
    parser.add_argument("--nodes", type=int, choices=(1, 3), help="of the broker, in every slice; by turns if left out")
    parser.add_argument("--slice", type=_slice, help="K/N: the K-th of N slices alone")
    return parser.parse_args()


def _slice(given: str) -> tuple[int, int]:
    number, _, count = given.partition("/")
    if not 1 <= int(number) <= int(count):
        raise argparse.ArgumentTypeError("a slice is K/N, with K from 1 to N")
    return int(number), int(count)


if __name__ == "__main__":
    sys.exit(main())
