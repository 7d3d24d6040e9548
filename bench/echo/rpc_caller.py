"""Asks through nameko's stand-alone proxy, as many calls in the air as the other caller has."""

import os

from nameko.standalone.rpc import ClusterRpcProxy

from bench.echo.calling import CALLERS, measured
from bench.echo.http_caller import QUESTION


def main(calls: str) -> None:
    """Makes so many calls."""
    with ClusterRpcProxy({"AMQP_URI": os.environ["BENCH_BROKER_URL"]}, timeout=30) as services:

        def ask(number: int) -> None:
            for _ in range(number // CALLERS):
                waited_for = [services.echo.echo.call_async(QUESTION) for _ in range(CALLERS)]
                for answer in waited_for:
                    answer.result()

        measured(ask, int(calls))
