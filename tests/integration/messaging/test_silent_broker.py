"""A broker that takes a connection and then says nothing more, but perhaps that it lives."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from time import sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
from fix_servers import BrokerUrls

from shared.messaging import amqp_connection
from shared.messaging.amqp_connection import BufferedConnection

_HEARTBEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce"


class Line:
    """Carries one connection to the broker, until it is hushed: then what the broker says is lost."""

    def __init__(self, port: int) -> None:
        self._near: socket.socket | None = None
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._hushed = Event()
        self.port = self._listener.getsockname()[1]
        Thread(target=self._carry, daemon=True).start()

    def hush(self, *, heartbeats: bool) -> None:
        """From now on the broker says nothing; `heartbeats`: but that it lives, ten times a second."""
        self._hushed.set()
        if heartbeats:
            Thread(target=self._beat, daemon=True).start()

    def _beat(self) -> None:
        with suppress(OSError):
            while self._near:
                self._near.sendall(_HEARTBEAT)
                sleep(0.1)

    def close(self) -> None:
        self._listener.close()

    def _carry(self) -> None:
        with suppress(OSError):
            near, _ = self._listener.accept()
            self._near = near
            far = socket.create_connection(self._target)
            Thread(target=self._pump, args=(near, far, False), daemon=True).start()
            self._pump(far, near, True)

    def _pump(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError), source:
            while piece := source.recv(4096):
                if not (is_answer and self._hushed.is_set()):
                    target.sendall(piece)


@pytest.fixture
def line(broker: BrokerUrls) -> Iterator[Line]:
    made = Line(urlsplit(broker.amqp).port or 5672)
    yield made
    made.close()


@pytest.mark.timeout(30)
@pytest.mark.parametrize("heartbeats", [False, True], ids=["silent", "heartbeats alone"])
def test_who_waits_for_a_silent_brokers_answer_is_told_so_and_may_try_another_node(
    broker: BrokerUrls, line: Line, monkeypatch: pytest.MonkeyPatch, heartbeats: bool
) -> None:
    """Closing does not wait for it either. Seen red by: py-amqp's own waits; one end for each read, not for all."""
    monkeypatch.setattr(amqp_connection, "ANSWER_S", 0.3)
    urls: Any = urlsplit(broker.amqp)
    address = urls._replace(netloc=urls.netloc.replace(f":{urls.port}", f":{line.port}")).geturl()
    with BufferedConnection(address, heartbeat=20, connect_timeout=5) as connection:
        connection.connect()
        line.hush(heartbeats=heartbeats)
        with pytest.raises(connection.connection_errors):
            connection.channel()
