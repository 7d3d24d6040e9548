"""`frontdesk demo` at the hours that break clocks."""

import os
import subprocess
import sys

import pytest

from cli.instance import ROOT


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "at",
    [
        "2026-11-01T03:00:00-05:00",  # a Sunday night on which New York's clocks go back
        "2027-03-14T23:55:00-04:00",  # the end of a Sunday on which they went forward
    ],
)
def test_the_demonstration_shows_every_step_in_every_service_at_any_hour(at: str) -> None:
    """Seen red by: a first start in the past (its text is skipped as too late)."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    command = [sys.executable, "-m", "cli", "demo", "--at", at]
    played = subprocess.run(command, cwd=ROOT, env=ours, capture_output=True, text=True, check=False, timeout=380)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "every step was seen in every service" in played.stdout
