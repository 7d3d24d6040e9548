"""The relay: unpublished rows to the broker, all confirms of a batch awaited together, then stamped."""

import asyncio
from typing import Any

import aio_pika
import asyncpg
import uvloop

from bench.baselines.pipeline.names import BOOKED, EXCHANGE, QUEUE, broker_url, database_url

_BATCH = 256
_IDLE_S = 1.0
_DUE = "SELECT id, event_id, type, body FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1"
_STAMP = "UPDATE outbox SET published_at = now() WHERE id = ANY($1)"


async def run() -> None:
    """Publishes until it is ended; woken by NOTIFY, and by itself once a second."""
    connection = await asyncpg.connect(database_url())
    woken = asyncio.Event()
    await connection.add_listener("outbox", lambda *_: woken.set())
    channel = await (await aio_pika.connect(broker_url())).channel()
    exchange = await _topology(channel)
    print("ready")
    while True:
        woken.clear()
        while rows := await connection.fetch(_DUE, _BATCH):
            await asyncio.gather(*[_publish(exchange, row) for row in rows])
            await connection.execute(_STAMP, [row["id"] for row in rows])
        try:
            await asyncio.wait_for(woken.wait(), _IDLE_S)
        except TimeoutError:
            continue


async def _topology(channel: Any) -> Any:
    exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
    queue = await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    await queue.bind(exchange, BOOKED)
    return exchange


async def _publish(exchange: Any, row: Any) -> None:
    message = aio_pika.Message(
        row["body"].encode(),
        message_id=str(row["event_id"]),
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )
    await exchange.publish(message, row["type"])


if __name__ == "__main__":
    uvloop.run(run())
