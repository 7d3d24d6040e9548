"""pika publishing to a quorum queue with pipelined confirms: `python -m bench.baselines.publishing QUEUE BODIES`.

BODIES is a file with one message a line. At most WINDOW messages wait for their confirm. Prints what it took.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pika

WINDOW = 256


class Publisher:
    """One connection, one channel with confirms; ends when everything is confirmed."""

    def __init__(self, url: str, queue: str, bodies: list[bytes]) -> None:
        self._queue, self._bodies = queue, bodies
        self._left: Iterator[bytes] = iter(bodies)
        self._waiting = self._confirmed = 0
        self._connection = pika.SelectConnection(pika.URLParameters(url), on_open_callback=self._opened)

    def run(self) -> None:
        self._connection.ioloop.start()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        arguments = {"x-queue-type": "quorum"}
        channel.queue_declare(self._queue, durable=True, arguments=arguments, callback=self._declared)

    def _declared(self, _frame: Any) -> None:
        self._channel.confirm_delivery(self._settled, callback=lambda _frame: self._send())

    def _send(self) -> None:
        for body in self._left:
            properties = pika.BasicProperties(delivery_mode=2, content_type="application/json")
            self._channel.basic_publish("", self._queue, body, properties, mandatory=True)
            self._waiting += 1
            if self._waiting >= WINDOW:
                return

    def _settled(self, frame: Any) -> None:
        if isinstance(frame.method, pika.spec.Basic.Nack):
            raise RuntimeError("the broker refused a message")  # noqa: TRY004 - no type is at fault
        before, self._confirmed = self._confirmed, max(self._confirmed, frame.method.delivery_tag)
        self._waiting -= self._confirmed - before
        if self._confirmed == len(self._bodies):
            self._connection.ioloop.stop()
        elif self._waiting <= WINDOW // 2:
            self._send()


def main(queue: str, file: str) -> None:
    """Publishes every line of the file."""
    publisher = Publisher(os.environ["BENCH_BROKER_URL"], queue, Path(file).read_bytes().splitlines())
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    publisher.run()
    used, seconds = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - began
    cpu_s = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s}))


if __name__ == "__main__":
    main(*sys.argv[1:])
