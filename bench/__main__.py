"""`python -m bench`, which `./frontdesk bench` runs in an environment without any settings of ours."""

import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from bench.machine import command, machine, versions
from bench.report import KEYS, LATEST, completed, headlines, lines_of, save
from bench.stages import Stages
from bench.whole_system import forget_callers_settings
from cli.instance import ROOT
from cli.servers.packages import ensure_servers


def main() -> int:
    """Measures what was asked for, prints it and saves it; 1 where a benchmark failed, whose figures are then null."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped and removed
    forget_callers_settings()
    ensure_servers()
    about = {"command": command(), "machine": machine(), "versions": versions()}
    file = LATEST if asked.quick else asked.into
    report: dict[str, Any] = {}
    stages = Stages(asked.names, quick=asked.quick)
    for found in stages:  # saved after each, so that a run that is broken off leaves what it has
        report = completed({**about, **found}, {**_not_asked_for(asked.names), **stages.failures})
        save(report, file)
    print("\n".join(lines_of(report)))
    print("\n" + "\n".join(headlines(report)))
    print(f"\nsaved: {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}")
    return bool(stages.failures)


def _not_asked_for(names: list[str]) -> dict[str, str]:
    return {name: "was not among the benchmarks that were asked for" for name in KEYS if name not in names}


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="frontdesk bench")
    parser.add_argument("--quick", action="store_true", help=f"shorter, into {LATEST.name}")
    parser.add_argument("--into", type=Path, default=ROOT / ".run" / f"bench-{time.strftime('%Y%m%d-%H%M%S')}.json")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(KEYS)}; all of them if left out")
    asked = parser.parse_args()
    if unknown := set(asked.names) - KEYS.keys():
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    asked.names = asked.names or list(KEYS)
    return asked


if __name__ == "__main__":
    sys.exit(main())
