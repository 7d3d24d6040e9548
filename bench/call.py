"""One internal call, from the gateway's side to a service and back: CPU time in caller and service.

The echo has everything that every call has and no database, so that what is measured is the call. nameko's own RPC
over RabbitMQ is the baseline; what the broker spends on it is reported and not counted, in its favour.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from joserfc.jwk import OKPKey

from bench.children import running, until
from bench.echo.calling import CALLERS, WARM
from bench.figures import median_of
from bench.pacing import rounds
from bench.processes import Meter
from bench.servers import Servers, private_servers
from cli.instance import ROOT
from cli.probe import is_ready
from cli.servers.ports import free_ports

_READY_S = 20.0
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How much is measured: rounds of so many calls, begun within `at_most_s`."""

    rounds: int
    calls: int
    at_most_s: float


QUICK = Plan(rounds=3, calls=100 * CALLERS, at_most_s=20.0)
FULL = Plan(rounds=7, calls=400 * CALLERS, at_most_s=120.0)


@dataclass(frozen=True)
class Side:
    """A service that runs, and how it is called."""

    caller: list[str]
    environment: Mapping[str, str]
    pids: Mapping[str, int]


def measure(plan: Plan) -> Json:
    """Both ways, in turns."""
    with private_servers() as servers, _by_http() as ours, _by_rpc(servers) as theirs:
        turns = [
            (_one_run(ours, plan.calls), _one_run(theirs, plan.calls)) for _ in rounds(plan.rounds, plan.at_most_s)
        ]
    ratio = round(median(first["cpu_ms"] / second["cpu_ms"] for first, second in turns), 3)
    figures = median_of([first for first, _ in turns])
    return {**figures, "cpu_ratio_to_baseline": ratio, "baseline": median_of([second for _, second in turns])}


def _one_run(side: Side, calls: int) -> Json:
    command = [*_echo(side.caller[0]), *side.caller[1:], str(calls)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=_settings(side.environment), **pipes) as caller:
        if caller.stdout is None or caller.stdout.readline().strip() != WARM:
            raise RuntimeError(f"{' '.join(side.caller)} did not begin")
        meter = Meter(side.pids)
        answer, _ = caller.communicate("go\n")
        used = meter.used()
    found = json.loads(answer)
    each = {"caller": found["cpu_s"], **used}
    by_process = {name: round(seconds * 1000 / calls, 3) for name, seconds in each.items()}
    both = round(by_process["caller"] + by_process["service"], 3)
    return {"cpu_ms": both, "per_second": round(calls / found["seconds"], 1), "cpu_ms_by_process": by_process}


@contextmanager
def _by_http() -> Iterator[Side]:
    key, address = OKPKey.generate_key("Ed25519"), f"127.0.0.1:{free_ports(1)[0]}"
    environment = {
        "FRONTDESK_ADDRESS": address,
        "FRONTDESK_AMQP_URL": "amqp://nobody@127.0.0.1:1//",  # it has no event handlers
        "FRONTDESK_CLAIMS_PUBLIC_KEY": json.dumps(key.as_dict(private=False)),
        "FRONTDESK_CLAIMS_PRIVATE_KEY": json.dumps(key.as_dict(private=True)),
    }
    with running({"service": _echo("http_service")}, environment, ready="serving") as pids:
        until(lambda: is_ready(address), _READY_S, "the echo by HTTP")
        yield Side(["http_caller", f"http://{address}"], environment, pids)


@contextmanager
def _by_rpc(servers: Servers) -> Iterator[Side]:
    environment = {"BENCH_BROKER_URL": servers.broker_url}
    with running({"service": _echo("rpc_service")}, environment) as pids:
        yield Side(["rpc_caller"], environment, {**pids, "rabbitmq": servers.pids["rabbitmq"]})


def _echo(part: str) -> list[str]:
    return [sys.executable, "-m", "bench.echo", part]


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment}
