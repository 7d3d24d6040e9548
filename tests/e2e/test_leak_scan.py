"""The leak scan: what patients and people told us stands in no log, message, file, metric, audit or error body.

The databases hold it, the sandbox's carrier got its texts, and who asked rightfully was answered: nowhere else.
"""

import secrets
import time

import pytest
from fix_leaks import Leaks
from leak_channels import Channel
from leak_scanner import Scanner

from cli.compose import read_processes
from shared.database.migrate import DATABASES

# Whoever comes first plays all of it: each fault, with its restarts and its time-outs.
pytestmark = pytest.mark.timeout(900)

PROCESSES = [name for name in read_processes() if name != "migrate"]
CHANNELS = [
    *(f"log of {name}" for name in [*PROCESSES, "migrate", "PostgreSQL", "RabbitMQ"]),
    *(f"metrics of {name}" for name in PROCESSES),
    *(f"audit of {name}" for name in DATABASES),
    "firehose",
    "files of RabbitMQ",
    "problems",
    "command lines",
    "notes of the instance",
    *(f"output of {command}" for command in ("status", "user list", "parked list", "parked list --json")),
]


def test_every_channel_is_scanned(leaks: Leaks) -> None:
    assert set(CHANNELS) == set(leaks.channels)
    assert len(leaks.canaries) > 50


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_leaks(leaks: Leaks, channel: str) -> None:
    """Seen red by: a payer's name without its phi mark (firehose, files); PostgreSQL's own log_min_messages."""
    assert leaks.hits(channel) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_planted_leak_is_found(leaks: Leaks, channel: str) -> None:
    """The positive control: the same scanner reads the same channel, in which the leak is before it is read."""
    planted, scanned = f"planted-{secrets.token_hex(12)}", leaks.channels[channel]
    scanned.plant(planted)
    try:
        assert _is_found(planted, scanned)
    finally:
        scanned.clean()


def _is_found(planted: str, scanned: Channel) -> bool:
    """Soon: servers write their logs when they come to it."""
    scanner, deadline = Scanner({"planted": planted}), time.monotonic() + 20
    while scanner.hits(scanned.read()) != {"planted"}:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
