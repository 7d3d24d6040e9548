"""A run of the job that sends texts, in a process of its own that breaks where a failpoint says."""

import os
import subprocess
import sys
from pathlib import Path

from fix_notifications import Desk

ROOT = Path(__file__).parents[1]
CHILD = """
import sys
sys.path[:0] = {paths!r}
from uuid import UUID
from fix_notifications import Desk, NOW, units_of
from shared.clock import FixedClock
clock = FixedClock(NOW)
desk = Desk(units_of({app!r}, clock), units_of({worker!r}, clock), {admin!r}, clock)
desk.network_id = UUID({network!r})
desk.send()
"""


def send_in_a_child(desk: Desk, failpoint: str) -> int:
    """One run in a process of its own that breaks there; gives its exit status."""
    urls = {"app": desk.units.resources.pool._url, "worker": desk.worker_units.resources.pool._url}
    script = CHILD.format(
        paths=[str(ROOT), str(ROOT / "tests")], admin=desk.admin_url, network=str(desk.network_id), **urls
    )
    environment = {**os.environ, "FRONTDESK_FAILPOINTS": "1", "FAILPOINT": failpoint}
    child = subprocess.run([sys.executable, "-c", script], check=False, env=environment, cwd=ROOT, timeout=60)
    return child.returncode
