"""A kombu message as intake knows it: a body, how often it came before, and how it is settled."""

from collections.abc import Callable
from functools import partial
from typing import Any

from amqp.exceptions import AMQPError  # type: ignore[import-untyped]

from shared.logs import log
from shared.messaging.open_tags import OpenTags


class BrokerDelivery:
    """A kombu message as a Delivery. `open_tags` are those of the message's channel."""

    def __init__(self, message: Any, open_tags: OpenTags) -> None:
        self.message = message
        self.open_tags = open_tags
        self.tag: int = message.delivery_tag
        self.body: bytes = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        counted = (message.headers or {}).get("x-delivery-count")
        self.earlier_deliveries = int(counted or bool(message.delivery_info.get("redelivered")))
        open_tags.came(self.tag)

    def ack(self, *earlier: "BrokerDelivery") -> None:
        """Settles this one and `earlier` ones: in one frame where nothing else before it is open, else each alone."""
        is_one_channel = all(one.open_tags is self.open_tags for one in earlier)
        if is_one_channel and self.open_tags.settle([*(one.tag for one in earlier), self.tag]):
            _settle(partial(self.message.ack, multiple=bool(earlier)))
            return
        for one in (*earlier, self):
            one.open_tags.settle([one.tag])
            _settle(one.message.ack)

    def dead_letter(self) -> None:
        """To the broker's dead-letter queue."""
        self.open_tags.settle([self.tag])
        _settle(self.message.reject)


def _settle(settle: Callable[[], None]) -> None:
    """On a connection that is gone nothing can be settled: the message comes again and finds its inbox row."""
    try:
        settle()
    except (AMQPError, OSError):
        log.info("delivery-not-settled", reason="connection-lost")
