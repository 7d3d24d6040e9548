"""On what a benchmark ran: a figure without its machine says nothing."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from cli.instance import ROOT
from cli.servers import postgres

PACKAGES = ("nameko", "eventlet", "kombu", "pika", "psycopg2-binary", "falcon", "marshmallow", "urllib3")
REQUIREMENTS = ROOT / "bench" / "requirements.txt"


def machine() -> dict[str, Any]:
    """Cores, memory, model and how busy others keep it (the load before we begin)."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "cpu": _cpu_model(),
        "kernel": platform.release(),
        "load_before": [round(value, 2) for value in os.getloadavg()],
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def versions() -> dict[str, Any]:
    """Of the code, what it stands on, and the baselines."""
    return {
        "frontdesk": _output(["git", "-C", str(ROOT), "describe", "--always", "--dirty"]),
        "python": platform.python_version(),
        "postgresql": _output([str(postgres.binaries() / "postgres"), "--version"]),
        **{name: version(name) for name in PACKAGES},
        "baselines": list(pinned(REQUIREMENTS.read_text("utf-8").splitlines())),
    }


def command() -> str:
    """What was asked for, as one would type it."""
    return " ".join(["./frontdesk bench", *sys.argv[1:]])


def pinned(lines: Iterable[str]) -> Iterable[str]:
    """The `name==version` lines of a requirements file."""
    return (line.strip() for line in lines if "==" in line and not line.startswith("#"))


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _output(arguments: list[str]) -> str:
    try:
        return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
