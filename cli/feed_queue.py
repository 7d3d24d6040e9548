"""Reading a network's feed queue with its own broker user: a row is acknowledged when it has been handed on."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from cli.feed_rows import FeedOrder, Row, row_of
from shared.config import addresses_in

_PREFETCH = 100
_LOOK_UP_S = 0.5
_PAUSE_S = 1.0

Hand = Callable[[Row], None]


def drain(url: str, queue: str, order: FeedOrder, hand: Hand) -> None:
    """Hands on what the queue holds now. Raises pika's AMQPError where the broker does not let us."""
    with _channel(url) as channel:
        while True:
            method, _, body = channel.basic_get(queue)
            if method is None:
                return
            _hand_on(channel, method.delivery_tag, body, order, hand)


def follow(url: str, queue: str, order: FeedOrder, hand: Hand, stopping: Callable[[], bool] = lambda: False) -> None:
    """Hands on what comes until `stopping`; a lost connection is opened again. Refusals of the broker are raised."""
    while not stopping():
        try:
            _consume(url, queue, order, hand, stopping)
        except pika.exceptions.ChannelClosedByBroker:
            raise
        except pika.exceptions.ProbableAuthenticationError:
            raise
        except AMQPError:
            time.sleep(_PAUSE_S)


def _consume(url: str, queue: str, order: FeedOrder, hand: Hand, stopping: Callable[[], bool]) -> None:
    with _channel(url) as channel:
        channel.basic_qos(prefetch_count=_PREFETCH)
        for method, _, body in channel.consume(queue, inactivity_timeout=_LOOK_UP_S):
            if method is not None:
                _hand_on(channel, method.delivery_tag, body, order, hand)
            if stopping():
                return


def _hand_on(channel: BlockingChannel, tag: int, body: bytes, order: FeedOrder, hand: Hand) -> None:
    # Acknowledged last: a reader that dies in between gets the row again, and its number says so.
    for row in order.rows_up_to(row_of(json.loads(body))):
        hand(row)
    channel.basic_ack(tag)


@contextmanager
def _channel(url: str) -> Iterator[BlockingChannel]:
    connection = pika.BlockingConnection([_parameters(address) for address in addresses_in(url)])
    try:
        yield connection.channel()
    finally:
        if connection.is_open:
            connection.close()


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 20
    parameters.blocked_connection_timeout = 30
    return parameters
