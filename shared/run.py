"""Starts one process of Frontdesk.

    python -m shared.run serve <service>       commands, questions and events of a service (nameko, green)
    python -m shared.run gateway               the public door (green)
    python -m shared.run work <service>        jobs and parked events (plain)
    python -m shared.run relay <service>...    publishes outboxes (plain)

Nothing but the standard library is imported before it is known whether the process is green: what eventlet patches
has to be patched before anyone else has imported it.
"""

import sys
import warnings
from importlib import import_module

from shared.green import leave_out_what_no_process_needs, make_green

GREEN = ("serve", "gateway")
USAGE = "usage: python -m shared.run serve SERVICE | work SERVICE | relay SERVICE... | gateway"


def main(arguments: list[str]) -> int:
    """Runs the process until it is told to stop; 0 when it drained, 1 when it could not."""
    # Eventlet's notice that it is in bug-fix mode: docs/decisions says why it stays.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    kind, names = (arguments[0], arguments[1:]) if arguments else ("", [])
    counts = {"serve": len(names) == 1, "work": len(names) == 1, "relay": bool(names), "gateway": not names}
    if not counts.get(kind):
        print(USAGE, file=sys.stderr)
        return 2
    leave_out_what_no_process_needs()
    if kind in GREEN:
        make_green()
    run = import_module(f"shared.processes.{kind}").run
    return int(run(*names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
