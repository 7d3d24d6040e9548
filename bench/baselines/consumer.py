"""A minimal asyncio consumer: aio-pika, asyncpg, uvloop; a quorum queue.

Inbox row and effect are one statement, and so one transaction; each message is acknowledged after it. Up to PREFETCH
messages are worked on at once, over ten connections.
"""

import os
from datetime import datetime
from typing import Any
from uuid import UUID

import aio_pika
import asyncpg
import orjson
import uvloop

CONSUMER = "baseline.on_text"
PREFETCH = 100
_TAKE_IN = """
WITH taken AS (
    INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id
)
INSERT INTO texts AS known (network_id, text_id, version, appointment_id, kind, status, reason, told_at)
SELECT $3, $4, $5, $6, $7, $8, $9, $10 FROM taken
ON CONFLICT (network_id, text_id) DO UPDATE
    SET version = excluded.version, status = excluded.status, reason = excluded.reason, told_at = excluded.told_at
    WHERE known.version < excluded.version
"""


async def run() -> None:
    """Consumes until it is ended."""
    pool = await asyncpg.create_pool(os.environ["BENCH_DATABASE_URL"], min_size=10, max_size=10)
    channel = await (await aio_pika.connect(os.environ["BENCH_BROKER_URL"])).channel()
    await channel.set_qos(prefetch_count=PREFETCH)
    queue = await channel.get_queue(os.environ["BENCH_QUEUE"])

    async def on_text(message: Any) -> None:
        async with message.process(requeue=True):
            await pool.execute(_TAKE_IN, CONSUMER, *_values(orjson.loads(message.body)))

    await queue.consume(on_text)
    print("ready")
    await channel.closed()


def _values(event: dict[str, Any]) -> tuple[Any, ...]:
    told = event["data"]
    ids = (UUID(event["id"]), UUID(event["networkid"]), UUID(told["text_id"]))
    words = (told["kind"], told["status"], told["reason"], datetime.fromisoformat(told["changed_at"]))
    return (*ids, told["version"], UUID(told["appointment_id"]), *words)


if __name__ == "__main__":
    uvloop.run(run())
