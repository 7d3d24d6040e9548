"""Starting the load generator, and what it found."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.figures import spread
from cli.instance import ROOT

CREATED = "201"


# On a machine that others keep busy some answers come too late; with more than this share a figure means nothing.
MOST_REFUSED = 0.05


class LoadRefused(Exception):
    """Too few requests of a benchmark were answered with success."""


@dataclass(frozen=True)
class Load:
    """How the generator works: in closed loop with so many connections, or in open loop at `rate` a second."""

    connections: int
    seconds: float
    rate: float = 0.0


@dataclass(frozen=True)
class Target:
    """Where requests go, and the status of an answer that counts."""

    url: str
    path: str
    headers: Mapping[str, str]
    wanted: str = CREATED


@dataclass(frozen=True)
class Loaded:
    """What one run of the generator found. `count` were done (booked), `refused` were not, or nobody knows."""

    count: int
    refused: int
    seconds: float
    latencies_ms: list[float]
    cpu_s: float

    def shown(self) -> dict[str, Any]:
        return {
            "per_second": round(self.count / self.seconds, 1),
            "count": self.count,
            "refused": self.refused,
            "answer_ms": spread(self.latencies_ms),
            "generator_cpu_ms": round(self.cpu_s * 1000 / self.count, 3),
        }


def put_under(load: Load, target: Target, bodies: Sequence[Mapping[str, Any]]) -> Loaded:
    """Runs the generator to its end. Raises LoadRefused where too much was refused, or bodies ran out."""
    at = urlsplit(target.url)
    plan = {
        **vars(load),
        "host": at.hostname,
        "port": at.port,
        "path": target.path,
        "headers": dict(target.headers),
        "bodies": [json.dumps(body) for body in bodies],
    }
    found = _run(plan)
    answers, count = sum(found["statuses"].values()), found["statuses"].get(target.wanted, 0)
    if answers - count > answers * MOST_REFUSED or (answers == len(bodies) and not load.rate):
        raise LoadRefused(f"{target.path}: {found['statuses']} of {len(bodies)} prepared")
    return Loaded(count, answers - count, found["seconds"], found["latencies_ms"], found["cpu_s"])


def _run(plan: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", prefix="frontdesk-load-", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        command = [sys.executable, "-m", "bench.load", file.name]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
