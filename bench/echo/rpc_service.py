"""nameko's own way, as its documentation shows it: a method behind RPC over RabbitMQ, with nameko's defaults."""

import os
from typing import Any

from nameko.containers import ServiceContainer
from nameko.rpc import rpc


class EchoService:
    """Answers what it was asked."""

    name = "echo"

    @rpc
    def echo(self, question: dict[str, Any]) -> dict[str, Any]:
        return question


def main() -> None:
    """Serves until it is ended."""
    container = ServiceContainer(EchoService, {"AMQP_URI": os.environ["BENCH_BROKER_URL"]})
    container.start()
    print("ready", flush=True)
    container.wait()
