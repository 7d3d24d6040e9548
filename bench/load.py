"""The load generator, a process of its own: `python -m bench.load PLAN`, on the standard library alone.

PLAN is a JSON file: `host`, `port`, `path`, `headers`, `bodies` (each is sent once, with a key of its own),
`connections`, `seconds`, and `rate` where requests are to begin at fixed times whether or not earlier ones were
answered (0: each connection sends its next request as soon as it has its answer). It prints what became of them.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

_HEAD_END = b"\r\n\r\n"


@dataclass
class Record:
    """What was answered, and how long after the request was due."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies_ms: list[float] = field(default_factory=list)

    def note(self, status: int, due: float) -> None:
        self.statuses[status] += 1
        self.latencies_ms.append(round((time.perf_counter() - due) * 1000, 3))


class Connection:
    """One kept-alive connection: one request at a time."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        fixed = {"Host": plan["host"], "Content-Type": "application/json", **plan["headers"]}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fixed.items())
        self._head = f"POST {plan['path']} HTTP/1.1\r\n{lines}"

    async def open(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(self._plan["host"], self._plan["port"])
        return self

    async def post(self, body: str) -> int:
        """The answer's status, once the whole answer is here."""
        raw = body.encode()
        head = f"{self._head}Idempotency-Key: {uuid4()}\r\nContent-Length: {len(raw)}\r\n\r\n"
        self._writer.write(head.encode() + raw)
        answer = await self._reader.readuntil(_HEAD_END)
        await self._reader.readexactly(_length(answer))
        return int(answer[9:12])


async def closed_loop(plan: dict[str, Any], record: Record) -> None:
    """Every connection keeps one request in the air until the time is up."""
    bodies, ends = iter(plan["bodies"]), time.perf_counter() + plan["seconds"]

    async def work(connection: Connection) -> None:
        for body in bodies:
            begun = time.perf_counter()
            if begun > ends:
                return
            record.note(await connection.post(body), begun)

    await asyncio.gather(*[work(connection) for connection in await _connections(plan)])


async def open_loop(plan: dict[str, Any], record: Record) -> None:
    """A request every 1/rate seconds; how long it took counts from when it was due, also where it had to wait."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in await _connections(plan):
        free.put_nowait(connection)

    async def send(body: str, due: float) -> None:
        connection = await free.get()
        record.note(await connection.post(body), due)
        free.put_nowait(connection)

    began, sent = time.perf_counter(), []
    for place, body in enumerate(plan["bodies"][: int(plan["rate"] * plan["seconds"])]):
        due = began + place / plan["rate"]
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sent.append(asyncio.create_task(send(body, due)))
    await asyncio.gather(*sent)


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Sends what the plan says."""
    record, began = Record(), time.perf_counter()
    await (open_loop if plan["rate"] else closed_loop)(plan, record)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {**vars(record), "seconds": seconds, "cpu_s": used.ru_utime + used.ru_stime}


async def _connections(plan: dict[str, Any]) -> list[Connection]:
    return [await Connection(plan).open() for _ in range(plan["connections"])]


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(Path(sys.argv[1]).read_text("utf-8"))))))
