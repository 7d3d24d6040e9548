"""The HTTP service: FastAPI on uvicorn (uvloop, httptools), asyncpg; booking and outbox row in one transaction."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import orjson
import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

from bench.baselines.pipeline.names import BOOKED, database_url

LENGTH = timedelta(minutes=15)
# One wake-up for all that was booked in this time.
_QUIET_S = 0.005
_BOOK = """
INSERT INTO appointments (appointment_id, site_id, practitioner_id, patient_id, during)
VALUES ($1, $2, $3, $4, tstzrange($5, $6, '[)'))
"""
_TELL = "INSERT INTO outbox (event_id, type, body) VALUES ($1, $2, $3)"


class Booking(BaseModel):
    """A request to book, in the product's own words."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    start_at: datetime


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(database_url(), min_size=10, max_size=10) as pool:
        app.state.pool, app.state.booked = pool, asyncio.Event()
        waking = asyncio.create_task(_wake_relay(pool, app.state.booked))
        print("ready")
        yield
        waking.cancel()


async def _wake_relay(pool: asyncpg.Pool, booked: asyncio.Event) -> None:
    while True:
        await booked.wait()
        booked.clear()
        await pool.execute("NOTIFY outbox")
        await asyncio.sleep(_QUIET_S)


app = FastAPI(lifespan=lifespan)


@app.post("/appointments", status_code=201)
async def book(booking: Booking) -> dict[str, str]:
    """409 where the time is taken: the database alone decides."""
    appointment_id, ends = uuid4(), booking.start_at + LENGTH
    facts = {"appointment_id": appointment_id, "start_at": booking.start_at, **booking.model_dump()}
    event_id = uuid4()
    body = orjson.dumps({"id": event_id, "type": BOOKED, "data": facts}).decode()
    who = (booking.site_id, booking.practitioner_id, booking.patient_id)
    async with app.state.pool.acquire() as connection:
        try:
            async with connection.transaction():
                await connection.execute(_BOOK, appointment_id, *who, booking.start_at, ends)
                await connection.execute(_TELL, event_id, BOOKED, body)
        except asyncpg.ExclusionViolationError:
            raise HTTPException(409, "overlaps") from None
    app.state.booked.set()
    return {"appointment_id": str(appointment_id), "start_at": booking.start_at.isoformat(), "status": "booked"}


if __name__ == "__main__":
    quiet = {"access_log": False, "log_level": "warning"}
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["BENCH_PORT"]), loop="uvloop", http="httptools", **quiet)
