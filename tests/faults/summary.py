"""What a run has come to: the results of its slices added up, and told in a screen of text."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from map_of_system import BROKERS, DATABASE
from recoveries import Happened, bound_of

Json = dict[str, Any]
# Told in a line of their own, or of the map.
_USUAL = {"book", "move", "cancel", "check-in", "undo-check-in", "finish", "repeat", "stop", "practitioner", "site"}
_LONGEST = {
    "drained_s": "until all that had waited for the broker was published",
    "stopped_s": "without publishing when one node of three ended",
}


def told(happened: Happened) -> Json:
    """A fault as it is kept; a recovery that never came is null, like one that there was not to measure."""
    fault, recovered = happened.fault, happened.recovered_s
    return {
        "kind": str(fault.kind),
        "targets": list(fault.targets),
        "planned_at": fault.at,
        "begun": happened.begun,
        "ended": happened.ended,
        "amount": fault.amount,
        "recovered_s": _finite(recovered),
        "waited_for": happened.waited_for,
        "server_s": happened.server_s,
        "drained_s": _finite(happened.drained_s),
        "stopped_s": happened.stopped_s,
        "bound_s": bound_of(fault),
    }


def totals(results: Sequence[Json]) -> Json:
    """Of all finished slices."""
    faults = [fault for result in results for fault in result["faults"]]
    counts: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    done: Counter[str] = Counter()
    releases: Counter[str] = Counter()
    carrier: Counter[str] = Counter()
    for result in results:
        counts.update(result["counts"])
        refusals.update(result["refusals"])
        done.update(result["done"])
        releases.update(result["releases"])
        carrier.update(result["carrier"])
    return {
        "seed": results[0]["seed"],
        "slices": f"{len(results)} of {results[0]['of']}",
        "minutes": round(sum(result["took_s"] for result in results) / 60, 1),
        "nodes": [result["nodes"] for result in results],
        "busy": max(result["busy"] for result in results),
        "faults": dict(sorted(Counter(_kind(fault) for fault in faults).items())),
        "kills": sum(result["kills"] for result in results),
        "hung_nodes": sum(len(result["hung_nodes"]) for result in results),
        "releases": {name: releases[name] for name in ("planned", "forth", "back", "expand", "contract", "tries")},
        "carrier": dict(carrier.most_common()),
        "counts": dict(counts),
        "done": dict(sorted(done.items())),
        "refusals": dict(sorted(refusals.items())),
        "recoveries": dict(sorted(_recoveries(faults).items())),
        "longest": {name: _longest(faults, name) for name in ("drained_s", "stopped_s")},
        "verdict": _verdicts(results),
    }


def is_green(summary: Json) -> bool:
    """Whether nothing at all was found."""
    return not any(summary["verdict"].values())


def text(summary: Json) -> str:
    """The summary for people."""
    return "\n".join(_lines(summary))


def _lines(summary: Json) -> Iterator[str]:
    counts = summary["counts"]
    refused = 100 * counts["taken"] / max(1, counts["attempts"])
    yield (
        f"seed {summary['seed']}: {summary['slices']} slices (broker nodes {', '.join(map(str, summary['nodes']))}),"
        f" {summary['minutes']} minutes, {summary['busy']} running processes for each core"
    )
    yield f"faults      {summary['kills']} kills; " + ", ".join(f"{n} {kind}" for kind, n in summary["faults"].items())
    yield _releases(summary["releases"])
    yield _carrier(summary["carrier"])
    yield f"bookings    {counts['attempts']} attempts, {counts['booked']} booked, {refused:.0f} % refused as taken"
    yield (
        f"besides     {counts['moves_and_cancellations']} moves and cancellations, {counts['check_ins']} check-ins,"
        f" {counts['finished']} finished, {counts['repeats']} asked again with their key, {counts['stops']} STOP"
    )
    yield "also done   " + ", ".join(
        f"{number} {name}" for name, number in summary["done"].items() if name not in _USUAL
    )
    yield (
        f"unknown     {counts['unknown_tries']} tries; {counts['unknown_settled']} operations settled by asking again,"
        f" {counts['unsettled']} never"
    )
    for kind, one in summary["recoveries"].items():
        bound = f" (bound {one['bound_s']:.0f} s, {one['over']} over it)" if one["bound_s"] else ""
        itself = f"; the server itself p50 {one['server_p50_s']:.1f} s" if one["server_p50_s"] else ""
        yield (
            f"recovery    {kind}: {one['count']} times, p50 {one['p50_s']:.1f} s, longest {one['max_s']:.1f} s"
            f"{bound}{itself}"
        )
    if summary["hung_nodes"]:
        yield f"hung        {summary['hung_nodes']} nodes did nothing after a partition or pause, and were restarted"
    for name, what in _LONGEST.items():
        if (longest := summary["longest"][name]) is not None:
            yield f"longest     {what}: {longest:.1f} s"
    yield "verdict     " + ", ".join(f"{len(found)} {what}" for what, found in summary["verdict"].items())
    for what, found in summary["verdict"].items():
        yield from (f"  {what}: {sentence}" for sentence in found[:10])


def _releases(counts: Mapping[str, int]) -> str:
    return (
        f"releases    {counts['forth']} processes restarted into the next one, {counts['back']} back into this one;"
        f" schema expanded in {counts['expand']} of {counts['planned']} slices where that was to be,"
        f" contracted in {counts['contract']}, after {counts['tries']} tries in all"
    )


def _carrier(behaved: Mapping[str, int]) -> str:
    well, badly = behaved.get("ok", 0), {way: times for way, times in behaved.items() if way != "ok"}
    ways = ", ".join(f"{times} {way}" for way, times in badly.items())
    return (
        f"carrier     {well + sum(badly.values())} texts handed over; {sum(badly.values())} went wrong: {ways or '-'}"
    )


def _kind(fault: Json) -> str:
    """Kills by what was killed."""
    if fault["kind"] not in ("kill", "pause"):
        return str(fault["kind"])
    first, *more = fault["targets"]
    servers = dict.fromkeys(BROKERS, "node") | {"rabbitmq": "rabbitmq", DATABASE: "postgres"}
    return f"{fault['kind']} " + ("two nodes" if more else servers.get(first, "process"))


def _finite(seconds: float | None) -> float | None:
    return None if seconds is None or math.isinf(seconds) else seconds


def _longest(faults: Sequence[Json], name: str) -> float | None:
    return max((fault[name] for fault in faults if fault[name] is not None), default=None)


def _recoveries(faults: Sequence[Json]) -> Mapping[str, Json]:
    measured: dict[str, list[Json]] = {}
    for fault in faults:
        if fault["recovered_s"] is not None:
            measured.setdefault(_kind(fault), []).append(fault)
    return {kind: _recovery(found) for kind, found in measured.items()}


def _recovery(faults: Sequence[Json]) -> Json:
    seconds, bound = [fault["recovered_s"] for fault in faults], faults[0]["bound_s"]
    return {
        "count": len(seconds),
        "p50_s": round(median(seconds), 2),
        "max_s": max(seconds),
        "bound_s": bound,
        "over": sum(each > bound for each in seconds) if bound else 0,
        "server_p50_s": median(answered)
        if (answered := [one["server_s"] for one in faults if one["server_s"]])
        else None,
    }


def _verdicts(results: Sequence[Json]) -> dict[str, list[str]]:
    whole: dict[str, list[str]] = {}
    for result in results:
        for what, found in result["verdict"].items():
            whole.setdefault(what, []).extend(f"slice {result['slice']}: {sentence}" for sentence in found)
    return whole
