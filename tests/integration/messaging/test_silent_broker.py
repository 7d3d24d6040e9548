"""A broker that takes a connection and then says nothing more, but perhaps that it lives."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread
from time import sleep
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from fix_messaging import Line, appointment, until
from fix_servers import BrokerUrls

from shared.messaging import amqp_connection, link, publishing
from shared.messaging.amqp_connection import BufferedConnection
from shared.messaging.broker_api import ApiRequest
from shared.messaging.relay import DatabaseRelay
from shared.messaging.replay import Selection, replay

_HEARTBEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce"
_OPEN_CHANNEL = b"\x00\x14\x00\x0a"


class Wire:
    """Carries a connection to the broker, until it is hushed: then what the broker says is lost.

    Later connections are carried without end. `hush_at`: bytes from us to which the broker says nothing any more.
    `carried`: how many connections there have been.
    """

    def __init__(self, port: int) -> None:
        self._near: socket.socket | None = None
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._hushed = Event()
        self.hush_at: bytes | None = None
        self.carried = 0
        self.port = self._listener.getsockname()[1]
        Thread(target=self._carry, daemon=True).start()

    @property
    def is_hushed(self) -> bool:
        return self._hushed.is_set()

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
            while True:
                near, _ = self._listener.accept()
                self._near, is_first = self._near or near, self._near is None
                self.carried += 1
                far = socket.create_connection(self._target)
                asked, answered = (self._asks, self._is_lost) if is_first else (_nothing, _nothing)
                Thread(target=self._pump, args=(near, far, asked), daemon=True).start()
                Thread(target=self._pump, args=(far, near, answered), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, is_lost: Callable[[bytes], bool]) -> None:
        with suppress(OSError), source:
            while piece := source.recv(4096):
                if not is_lost(piece):
                    target.sendall(piece)

    def _asks(self, piece: bytes) -> bool:
        if self.hush_at is not None and self.hush_at in piece:
            self.hush(heartbeats=True)
        return False

    def _is_lost(self, _answer: bytes) -> bool:
        return self.is_hushed


def _nothing(_piece: bytes) -> bool:
    return False


def through(wire: Wire, address: str) -> str:
    """The address with the wire's port."""
    urls: Any = urlsplit(address)
    return str(urls._replace(netloc=urls.netloc.replace(f":{urls.port}", f":{wire.port}")).geturl())


@pytest.fixture
def wire(broker: BrokerUrls) -> Iterator[Wire]:
    made = Wire(urlsplit(broker.amqp).port or 5672)
    yield made
    made.close()


@pytest.fixture
def relay(line: Line, broker: BrokerUrls, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseRelay]:
    """In a thread of the test, by way of the wire; it waits for nothing as long as it does elsewhere."""
    monkeypatch.setattr(publishing, "CONFIRM_DEADLINE_S", 0.5)
    monkeypatch.setattr(link, "ANSWER_S", 0.5)
    made = DatabaseRelay("scheduling", line.told.relay, through(wire, broker.amqp_as("relay")))
    yield made
    made.drain()
    made.join(20)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("heartbeats", [False, True], ids=["silent", "heartbeats alone"])
def test_who_waits_for_a_silent_brokers_answer_is_told_so_and_may_try_another_node(
    broker: BrokerUrls, wire: Wire, monkeypatch: pytest.MonkeyPatch, heartbeats: bool
) -> None:
    """Closing does not wait for it either. Seen red by: py-amqp's own waits; one end for each read, not for all."""
    monkeypatch.setattr(amqp_connection, "ANSWER_S", 0.3)
    with BufferedConnection(through(wire, broker.amqp), heartbeat=20, connect_timeout=5) as connection:
        connection.connect()
        wire.hush(heartbeats=heartbeats)
        with pytest.raises(connection.connection_errors):
            connection.channel()


def test_a_relay_that_is_given_no_channel_asks_on_another_connection(
    line: Line, wire: Wire, relay: DatabaseRelay
) -> None:
    """Seen red by: waiting for the channel, or for the answer to closing, as long as heartbeats come."""
    wire.hush_at = _OPEN_CHANNEL
    line.tell(appointment())
    relay.start()
    until(lambda: wire.is_hushed)
    until(lambda: not line.unpublished())


def test_a_relay_on_whose_channel_nothing_is_confirmed_any_more_publishes_on_another(
    line: Line, wire: Wire, relay: DatabaseRelay
) -> None:
    """Seen red by: putting off what is late, and sending it again on the same channel for ever."""
    relay.start()
    line.tell(appointment())
    until(lambda: not line.unpublished())
    wire.hush(heartbeats=True)
    line.tell(appointment())
    until(lambda: not line.unpublished())


def test_a_relay_whose_channel_refuses_what_it_is_given_tries_another(
    line: Line, wire: Wire, relay: DatabaseRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A channel that saw a node end may refuse for ever. Here the queue is full, so that each of them refuses.

    Seen red by: publishing again on the same channel whatever it says.
    """
    monkeypatch.setattr(publishing, "WORN_AT_S", 0.5)
    limit(line)
    relay.start()

    def it_has_tried_three() -> bool:  # the queue says no some messages after it is full
        line.tell(appointment())
        return wire.carried >= 3

    until(it_has_tried_three, every=0.5)
    assert "nacked" in {row["last_error"] for row in line.unpublished()}
    line.api().send(ApiRequest("DELETE", full_of(line)))
    until(lambda: not line.unpublished())


def test_a_replay_says_what_was_refused_and_tries_no_other_channel(
    line: Line, relay: DatabaseRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: a replay that ends as if the broker were away."""
    relay.start()
    line.tell(*(appointment() for _ in range(30)))
    until(lambda: not line.unpublished())
    limit(line)
    monkeypatch.setattr(publishing, "WORN_AT_S", -1.0)
    for name, value in line.environment("relay").items():
        monkeypatch.setenv(name, value)
    until(lambda: replay(Selection(source="scheduling"), line.amqp("relay")).refused)


def limit(line: Line) -> None:
    """The queue of a consumer that nobody runs is full with one event."""
    full = {"pattern": "^records\\.on_appointment$", "apply-to": "queues", "definition": {"max-length": 1}}
    line.api().send(ApiRequest("PUT", full_of(line), full))


def full_of(line: Line) -> str:
    return f"/api/operator-policies/{quote(line.api().vhost, safe='')}/full"
