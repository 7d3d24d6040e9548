"""The consumer: FastStream on a quorum queue; inbox row and text row in one transaction, acknowledged after it."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvloop
from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue

from bench.baselines.pipeline.names import BOOKED, CONSUMER, EXCHANGE, QUEUE, broker_url, database_url

_TAKE_IN = "INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_WRITE = "INSERT INTO texts (text_id, appointment_id, patient_id, body) VALUES ($1, $2, $3, $4)"

broker = RabbitBroker(broker_url(), logger=None, default_channel=Channel(prefetch_count=100))
app = FastStream(broker, logger=None)
state: dict[str, Any] = {}


@app.on_startup
async def connect() -> None:
    state["pool"] = await asyncpg.create_pool(database_url(), min_size=10, max_size=10)


@app.after_startup
async def tell() -> None:
    print("ready")


@broker.subscriber(
    RabbitQueue(QUEUE, queue_type=QueueType.QUORUM, durable=True, routing_key=BOOKED),
    RabbitExchange(EXCHANGE, type=ExchangeType.TOPIC, durable=True),
    ack_policy=AckPolicy.NACK_ON_ERROR,
)
async def on_booked(event: dict[str, Any]) -> None:
    """One text for each booking, however often it is told."""
    told = event["data"]
    async with state["pool"].acquire() as connection, connection.transaction():
        if await connection.execute(_TAKE_IN, CONSUMER, UUID(event["id"])) == "INSERT 0 1":
            body = f"You are booked for {told['start_at']}."
            await connection.execute(_WRITE, uuid4(), UUID(told["appointment_id"]), UUID(told["patient_id"]), body)


if __name__ == "__main__":
    uvloop.run(app.run())
