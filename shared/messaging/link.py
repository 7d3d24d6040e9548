"""The way to the broker for whoever publishes: one pika connection and one channel with confirms, in a loop of its own.

One thread owns everything here; only `stop` may be called from another.
"""

import random
import time
from abc import ABC, abstractmethod
from typing import Any

import pika
from pika.adapters.select_connection import IOLoop

from shared.config import addresses_in

_HEARTBEAT_S = 20
_BLOCKED_TIMEOUT_S = 300
# A broker may go on sending heartbeats and do nothing else: what it owes an answer to has an end of its own.
ANSWER_S = 20.0


class BrokerAway(Exception):
    """The broker cannot be reached, or the connection to it was lost."""


class BrokerLink(ABC):
    """Opens, notices every end, and ends with its reason. What is published on it is its subclass's own.

    Of several addresses it takes the first that answers, in an order of its own, so that links spread over a cluster.
    """

    def __init__(self, url: str) -> None:
        addresses = addresses_in(url)
        self._untried = random.sample(addresses, len(addresses))
        self._loop = IOLoop()
        self._failure: Exception | None = None
        self._stopping = False
        self._blocked_at: float | None = None
        self._channel: Any = None
        self._opened_at: float | None = None

    @property
    def loop(self) -> IOLoop:
        """The loop, for watching another file descriptor beside the broker."""
        return self._loop

    @property
    def is_publishing(self) -> bool:
        """Whether the channel is open."""
        return self._channel is not None and bool(self._channel.is_open)

    @property
    def has_opened(self) -> bool:
        """Whether there ever was a channel."""
        return self._opened_at is not None

    def is_older_than(self, seconds: float) -> bool:
        """Whether the channel was opened longer ago."""
        return self._opened_at is not None and time.monotonic() - self._opened_at > seconds

    def run(self) -> None:
        """Blocks until stopped. Raises BrokerAway, or what `fail` was given."""
        self._open()
        try:
            self._loop.start()
        finally:
            self._loop.close()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Asks for the end, from any thread."""
        self._loop.add_callback_threadsafe(self._drain)

    def fail(self, failure: Exception) -> None:
        """Ends with this failure (the lock was lost, the database is away). Only from the loop's own thread."""
        self._failure = self._failure or failure
        if self._connection.is_open:
            self._close()
        elif not self._connection.is_closing:
            self._loop.stop()

    def _close(self) -> None:
        """Ends in order, or soon without the broker's answer."""
        self._connection.close()
        self._loop.call_later(ANSWER_S, self._loop.stop)

    @abstractmethod
    def _look(self) -> None:
        """There may be something to do."""

    @abstractmethod
    def _waits(self) -> bool:
        """Whether something was sent that the broker has not settled."""

    @abstractmethod
    def _settled(self, frame: Any) -> None:
        """The broker confirms or refuses."""

    @abstractmethod
    def _returned(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        """No queue took a message; its confirm follows."""

    @abstractmethod
    def _refused(self, text: str) -> None:
        """The broker closed the channel over something that was published, in these words."""

    @abstractmethod
    def _held_up(self, seconds: float | None) -> None:
        """The broker takes nothing (None), or takes again after so many seconds."""

    def _open(self) -> None:
        parameters = _parameters(self._untried.pop())
        self._connection = pika.SelectConnection(
            parameters, self._opened, self._not_opened, self._closed, custom_ioloop=self._loop
        )

    def _opened(self, connection: Any) -> None:
        connection.add_on_connection_blocked_callback(self._blocked)
        connection.add_on_connection_unblocked_callback(self._unblocked)
        connection.channel(on_open_callback=self._channel_opened)
        self._loop.call_later(ANSWER_S, self._channel_due)

    def _channel_due(self) -> None:
        if not self.is_publishing:
            self.fail(BrokerAway("NoChannel"))

    def _not_opened(self, _connection: Any, error: Any) -> None:
        if self._untried and not self._stopping and self._failure is None:
            self._open()
            return
        self._failure = self._failure or BrokerAway(type(error).__name__)
        self._loop.stop()

    def _closed(self, _connection: Any, error: Any) -> None:
        if not self._stopping or self._waits():
            self._failure = self._failure or BrokerAway(type(error).__name__)
        self._loop.stop()

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        self._opened_at = time.monotonic()
        channel.add_on_return_callback(self._returned)
        channel.add_on_close_callback(self._channel_closed)
        channel.confirm_delivery(self._settled, callback=lambda _frame: self._look())

    def _channel_closed(self, _channel: Any, error: Any) -> None:
        if not self._connection.is_open:
            return  # it ends with its connection
        self._refused(str(getattr(error, "reply_text", "")))
        self.fail(BrokerAway("ChannelClosed"))

    def _blocked(self, _connection: Any, _method: Any) -> None:
        self._blocked_at = time.monotonic()
        self._held_up(None)

    def _unblocked(self, _connection: Any, _method: Any) -> None:
        since, self._blocked_at = self._blocked_at, None
        self._held_up(0.0 if since is None else time.monotonic() - since)
        self._look()

    def _drain(self) -> None:
        self._stopping = True
        if self.is_publishing:
            self._look()
        else:
            self.fail(BrokerAway("stopped"))


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = _HEARTBEAT_S
    parameters.blocked_connection_timeout = _BLOCKED_TIMEOUT_S
    parameters.socket_timeout = 5
    parameters.stack_timeout = 10
    parameters.connection_attempts = 1
    parameters.client_properties = {"connection_name": "frontdesk relay"}
    return parameters
