"""Two files of figures side by side: `python bench/compare.py BEFORE AFTER [WORD]` (only paths that hold WORD)."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# So that this file can be run as it is.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import leaves


def compared(before: Mapping[str, Any], after: Mapping[str, Any], word: str = "") -> Iterator[str]:
    """A line for every figure of either file: both values and their ratio; what only one has shows a dash."""
    first, second = _figures(before), _figures(after)
    for path in dict.fromkeys([*first, *second]):
        if word in path:
            yield _line(path, first.get(path), second.get(path))


def _figures(report: Mapping[str, Any]) -> dict[str, float]:
    return {path: value for path, value in leaves(report) if _is_figure(value)}


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(path: str, before: float | None, after: float | None) -> str:
    ratio = f"{after / before:8.2f} x" if before and after is not None else f"{'-':>10}"
    return f"{path:<76} {_shown(before)} {_shown(after)} {ratio}"


def _shown(value: float | None) -> str:
    return f"{'-':>12}" if value is None else f"{value:12.6g}"


def main(arguments: list[str]) -> int:
    """Prints the comparison; 2 where two files are not named."""
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    before, after = (json.loads(Path(name).read_text("utf-8")) for name in arguments[:2])
    for file, report in zip(arguments, (before, after), strict=False):
        print(f"{file}: {report['machine']['measured_at']}, {report['versions']['frontdesk']}, {report['command']}")
    print("\n".join(compared(before, after, *arguments[2:])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
