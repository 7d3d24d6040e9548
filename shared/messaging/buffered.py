"""kombu's transport with a read buffer: py-amqp asks the kernel three times a frame, nine times a message."""

from typing import Any

from kombu import Connection
from kombu.transport.pyamqp import Transport

_READ_BYTES = 8192


class BufferedConnection(Connection):  # type: ignore[misc]  # kombu has no types
    """kombu's, which forgets another transport that it was given as soon as it goes on to the next node."""

    def get_transport_cls(self) -> Any:
        """The same for every node."""
        return BufferedTransport


class BufferedTransport(Transport):  # type: ignore[misc]  # kombu has no types
    """Takes what has arrived in one read; py-amqp keeps what it has no use for yet, as it does after a time-out."""

    def establish_connection(self) -> Any:
        """A connection whose reads are as large as the buffer."""
        made = super().establish_connection()
        _read_ahead(made.transport)
        return made


def _read_ahead(transport: Any) -> None:
    receive = transport._quick_recv  # noqa: SLF001  # py-amqp has no other place for it
    transport._quick_recv = lambda wanted: receive(max(wanted, _READ_BYTES))  # noqa: SLF001
