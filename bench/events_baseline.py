"""The event pipeline's baseline: pika fills a queue, pipelined; an asyncio consumer of one process empties it."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bench.baseline_venv import baseline_python
from bench.children import running
from bench.eating import cost_of, eaten, inbox_of
from bench.facts import texts_sent
from bench.processes import Meter
from bench.servers import Servers
from cli.instance import ROOT
from shared.config import setting
from shared.events.encryption import Keyring
from shared.events.envelope import encode

SCHEMA = ROOT / "bench" / "baselines" / "consumer_schema.sql"
QUEUE = CONSUMER = "baseline.on_text"
Json = dict[str, Any]


def filled_and_eaten(servers: Servers, network_id: str, number: int) -> Json:
    """The same messages as the product's, to the last byte of their form."""
    environment = {
        "BENCH_DATABASE_URL": servers.database_url,
        "BENCH_BROKER_URL": servers.broker_url,
        "BENCH_QUEUE": QUEUE,
    }
    published = _published(servers, _bodies(network_id, number), environment)
    with inbox_of(servers.database_url, CONSUMER) as handled:
        before = handled()
        with running({"consumer": _python("bench.baselines.consumer")}, environment) as pids:
            everyone = {**pids, **servers.pids}
            consumed = eaten(lambda: handled() - before, number, lambda: everyone, "consumer")
    return {"publish": published, "consume": consumed}


def _published(servers: Servers, bodies: list[str], environment: Mapping[str, str]) -> Json:
    with tempfile.NamedTemporaryFile("w", prefix="frontdesk-facts-") as file:
        file.write("\n".join(bodies))
        file.flush()
        meter = Meter(servers.pids)
        command = _python("bench.baselines.publishing", QUEUE, file.name)
        settings = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment}
        done = subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    used = {"publisher": found["cpu_s"], **meter.used()}
    return {"per_second": round(len(bodies) / found["seconds"], 1), **cost_of(used, len(bodies))}


def _bodies(network_id: str, number: int) -> list[str]:
    keyring = Keyring.parse(setting("FRONTDESK_EVENT_KEYS"))
    return [json.dumps(encode(fact, keyring)) for fact in texts_sent(UUID(network_id), number)]


def _python(module: str, *arguments: str) -> list[str]:
    return [str(baseline_python()), "-m", module, *arguments]
