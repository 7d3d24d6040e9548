"""Figures out of measurements: percentiles of one run, medians over runs."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed. Needs one value at least."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99, as they came (milliseconds in, milliseconds out)."""
    return {name: round(percentile(values, share), 2) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}


def median_of(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Runs of the same shape as one: each number is the median of its place; what is no number comes from the first."""
    return {name: _middle([run[name] for run in runs if name in run]) for name in _names(runs)}


def per(total: Mapping[str, float], count: float) -> dict[str, float]:
    """CPU seconds by process as milliseconds for each of `count` operations; who did nothing is left out."""
    each = {name: round(seconds * 1000 / count, 3) for name, seconds in total.items()}
    return {name: cost for name, cost in sorted(each.items(), key=lambda pair: -pair[1]) if cost > 0}


def _names(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in run))


def _middle(values: list[Any]) -> Any:
    if isinstance(values[0], Mapping):
        return median_of(values)
    if _are_numbers(values):
        return round(median(values), 3)
    return values[0]


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
