"""The figures as JSON, in a shape that others rely on, and as lines for a person."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.instance import ROOT

LATEST = ROOT / "bench" / "latest.json"
# What every file has: a number, or null with the reason beside it.
KEYS = {
    "booking": (
        "per_second",
        "p99_ms",
        "cpu_ms_per_booking",
        "commit_to_text_p50_ms",
        "commit_to_text_p99_ms",
        "cpu_ratio_to_baseline",
    ),
    "events": ("per_second", "cpu_ratio_to_baseline"),
    "call": ("cpu_ms", "cpu_ratio_to_baseline"),
    "day_sheet": ("p95_ms",),
    "search": ("p99_ms_at_1m", "growth_100k_to_10m"),
    "sick_day": ("seconds",),
    "texting": ("per_cpu_second", "single_p99_ms_in_bulk"),
    "memory": ("idle_mb",),
}
Json = dict[str, Any]


def completed(report: Mapping[str, Any], reasons: Mapping[str, str]) -> Json:
    """The report with every key of KEYS: null, and `<key>_reason` beside it, for what was not measured."""
    whole = dict(report)
    for benchmark, names in KEYS.items():
        figures = dict(whole.get(benchmark, {}))
        for name in names:
            if figures.get(name) is None:
                figures[name] = None
                figures.setdefault(f"{name}_reason", reasons.get(benchmark, "not measured by this form"))
        whole[benchmark] = figures
    return whole


def save(report: Mapping[str, Any], file: Path) -> None:
    """Moves the report into place whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    draft.replace(file)


def lines_of(report: Mapping[str, Any]) -> Iterator[str]:
    """The report for a person: every figure under its path."""
    for path, value in leaves(report):
        yield f"{path:<76} {_shown(value)}"


def headlines(report: Mapping[str, Any]) -> Iterator[str]:
    """The figures that every report has, with the reason of each that was not measured."""
    for benchmark, names in KEYS.items():
        for name in names:
            figures = report[benchmark]
            yield f"{benchmark}.{name:<40} {_shown(figures[name])} {figures.get(f'{name}_reason', '')}".rstrip()


def leaves(node: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its dotted path; a list is one value."""
    for name, value in node.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield path, value


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "null" if value is None else str(value)
