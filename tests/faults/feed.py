"""The claim feed as its readers find it: every row of it lies in their network's queue, some perhaps twice."""

import json
from collections.abc import Iterator
from contextlib import closing

import pika
from fix_desk import Desk

_ROWS = "SELECT sequence FROM claim_feed_rows WHERE network_id = %(id)s"


def unreadable_of_the_feed(desk: Desk) -> Iterator[str]:
    """A sentence for each network whose queue does not hold exactly its rows. All is quiet, nobody has read before."""
    with closing(pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url))) as connection:
        for name, network in desk.networks.items():
            rows = {row["sequence"] for row in desk.rows("billing", _ROWS, id=network.network_id)}
            if unlike := rows ^ set(_held(connection.channel(), f"claim-feed.{network.network_id}")):
                yield f"feed of {name}: {len(unlike)} rows are not in the queue, or are no rows: {sorted(unlike)[:3]}"


def _held(channel: "pika.adapters.blocking_connection.BlockingChannel", queue: str) -> Iterator[int]:
    """The numbers in the queue, which has all of it again once the connection is closed."""
    while (got := channel.basic_get(queue))[0] is not None:
        yield json.loads(got[2])["version"]
