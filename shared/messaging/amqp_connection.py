"""kombu's transport with a read buffer and with an end to every wait.

py-amqp asks the kernel three times a frame, nine times a message; and it waits for an answer as long as it takes,
without looking at heartbeats: a broker that is silent to a new channel or consumer would keep its service waiting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from kombu import Connection
from kombu.transport import pyamqp

_READ_BYTES = 8192
# A quorum queue may take some seconds for a consumer while its leader is chosen. For the whole answer: a broker's
# heartbeats, or other consumers' messages, are none.
ANSWER_S = 20.0


class BufferedConnection(Connection):  # type: ignore[misc]  # kombu has no types
    """kombu's, which forgets another transport that it was given as soon as it goes on to the next node."""

    def get_transport_cls(self) -> Any:
        """The same for every node."""
        return BufferedTransport


class _AmqpChannel(pyamqp.Channel):  # type: ignore[misc]  # kombu has no types
    """Its waits end with TimeoutError, an OSError."""

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        with self.connection.answer_due():
            return super().wait(*args, **kwargs)


class _AmqpConnection(pyamqp.Connection):  # type: ignore[misc]  # kombu has no types
    """Its waits end with TimeoutError, an OSError."""

    Channel = _AmqpChannel
    _answer_by: float | None = None

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        with self.answer_due():
            return super().wait(*args, **kwargs)

    @contextmanager
    def answer_due(self) -> Iterator[None]:
        """While it lasts, all reads together are one wait. A wait within another's callback has an end of its own."""
        before, self._answer_by = self._answer_by, monotonic() + ANSWER_S
        try:
            yield
        finally:
            self._answer_by = before

    def blocking_read(self, timeout: float | None = None) -> Any:
        return super().blocking_read(self._left() if timeout is None and self._answer_by else timeout)

    def _left(self) -> float:
        assert self._answer_by is not None  # noqa: S101  # asked only while an answer is due
        left = self._answer_by - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class BufferedTransport(pyamqp.Transport):  # type: ignore[misc]  # kombu has no types
    """Takes what has arrived in one read; py-amqp keeps what it has no use for yet, as it does after a time-out."""

    Connection = _AmqpConnection

    def establish_connection(self) -> Any:
        """A connection whose reads are as large as the buffer."""
        made = super().establish_connection()
        _read_ahead(made.transport)
        return made


def _read_ahead(transport: Any) -> None:
    receive = transport._quick_recv  # noqa: SLF001  # py-amqp has no other place for it
    transport._quick_recv = lambda wanted: receive(max(wanted, _READ_BYTES))  # noqa: SLF001
