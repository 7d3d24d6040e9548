"""A line of a process's log as a person reads it: when, how bad, what, and the values; an exception below it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_TOLD_ELSEWHERE = frozenset({"timestamp", "level", "event", "process", "logger", "exception"})
_QUIET_LEVELS = frozenset({"info", "debug"})


def readable(line: str) -> str:
    """`10:27:28.818 WARNING text-failed reason=...`; a line that is no JSON object of ours stays as it is."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    if not isinstance(told, dict) or "event" not in told:
        return line
    return "\n".join([_first_line(told), *_exception(told.get("exception"))])


def _first_line(told: Mapping[str, Any]) -> str:
    values = " ".join(f"{key}={_value(value)}" for key, value in told.items() if key not in _TOLD_ELSEWHERE)
    level = str(told.get("level", "info"))
    shown = "" if level in _QUIET_LEVELS else f"{level.upper()} "
    return f"{_time(str(told.get('timestamp', '')))} {shown}{told['event']} {values}".rstrip()


def _time(timestamp: str) -> str:
    """2026-11-26T10:27:28.818095Z -> 10:27:28.818"""
    return timestamp.partition("T")[2].removesuffix("Z")[:12]


def _value(value: Any) -> str:
    return value if isinstance(value, str) and " " not in value else json.dumps(value)


def _exception(error: Any, because: str = "") -> Iterator[str]:
    """Types, codes and places, innermost call first; shared.logs leaves nothing else of an exception."""
    if not isinstance(error, Mapping):
        return
    code = f" ({error['code']})" if error.get("code") else ""
    yield f"    {because}{error.get('type')}{code}"
    yield from (f"      {frame}" for frame in reversed(error.get("frames", [])))
    yield from _exception(error.get("cause"), "caused by ")
