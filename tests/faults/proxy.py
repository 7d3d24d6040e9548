"""Our own TCP proxy: a port for each edge, and ways to break what goes through it. A process of its own.

    python proxy.py SOCKET EDGES        a file: {"gateway>records": [PORT, "host:port"], ...}

One line of JSON to SOCKET breaks or heals: {"edges": ["gateway>records"], "mode": "delay", "amount": 0.5}; the answer
is a line too. What is under way when a mode begins is broken by it as well. Standard library only.
"""

import asyncio
import json
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path

CHUNK = 65536
LOOK_S = 0.1
Taken = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_RESETS_AT_ONCE = struct.pack("ii", 1, 0)


class Mode(StrEnum):
    """What an edge does. Data already taken from one side stays there until it may go on."""

    PASS = "pass"
    DELAY = "delay"  # each piece waits `amount` seconds
    REFUSE = "refuse"  # nobody listens, and open connections are reset
    SILENT = "silent"  # nothing goes through and nothing ends, neither old connections nor new ones: half-open
    RESET = "reset"  # half of the next piece, then a reset to both sides
    CUT = "cut"  # questions arrive; of the answers `amount` bytes, then a reset to both sides


class Broken(Exception):
    """This connection ends here."""


class Door:
    """A port that is always ours: where it is shut, connections are refused."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: asyncio.Server | None = None
        # Bound and never listening, so that nobody else gets the port meanwhile.
        self._kept = socket.socket()
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._kept.bind(("127.0.0.1", port))

    async def open(self, taken: Taken) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(taken, "127.0.0.1", self._port, reuse_port=True, backlog=256)

    def shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


class Edge:
    """One port, and all connections that go through it to `target`."""

    def __init__(self, port: int, target: str) -> None:
        self._door = Door(port)
        self._target = target.rsplit(":", 1)
        self._mode, self._amount = Mode.PASS, 0.0
        self._passable = asyncio.Event()
        self._passable.set()
        self._links: set[Link] = set()
        self._looking: asyncio.Task[None] | None = None

    async def turn(self, mode: Mode, amount: float = 0.0) -> None:
        """Breaks or heals."""
        self._mode, self._amount = mode, amount
        if mode is Mode.SILENT:
            self._passable.clear()
        else:
            self._passable.set()
        for link in self._links:
            link.answered = 0
            if mode is Mode.REFUSE:
                link.reset()
        await self._open_or_shut()

    async def passable(self) -> None:
        """Returns when something may go through: an end is told no sooner than data."""
        await self._passable.wait()

    async def share(self, piece: bytes, link: "Link", *, is_answer: bool) -> tuple[bytes, bool]:
        """What of this piece goes on, when it may, and whether the connection ends with it."""
        await self._passable.wait()
        if self._mode is Mode.DELAY:
            await asyncio.sleep(self._amount)
        if self._mode is Mode.RESET:
            return piece[: len(piece) // 2], True
        if self._mode is Mode.CUT and is_answer:
            left = max(0, int(self._amount) - link.answered)
            link.answered += len(piece)
            return piece[:left], left <= len(piece)
        return piece, False

    async def _open_or_shut(self) -> None:
        if self._mode is Mode.REFUSE or self._looking is not None:
            self._door.shut()
        else:
            await self._door.open(self._taken)

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(self, writer)
        self._links.add(link)
        try:
            await self._passable.wait()
            await link.join(reader, *self._target)
        except ConnectionRefusedError:
            self._refuse_as_the_target_does()
            link.reset()
        except (OSError, Broken):
            await self._passable.wait()
            link.reset()
        finally:
            self._links.discard(link)
            link.close()

    def _refuse_as_the_target_does(self) -> None:
        """Who is refused knows that nothing was done; one who is taken first, and then left alone, does not."""
        self._door.shut()
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_for_target())

    async def _look_for_target(self) -> None:
        while not await _listens(*self._target):
            await asyncio.sleep(LOOK_S)
        self._looking = None
        await self._open_or_shut()


class Link:
    """One connection: two sides, and a pump each way. `answered` counts the bytes of answers since the mode began."""

    def __init__(self, edge: Edge, near: asyncio.StreamWriter) -> None:
        self.answered = 0
        self._edge = edge
        self._sides = [near]

    async def join(self, near: asyncio.StreamReader, host: str, port: str) -> None:
        """Until both sides have ended. Raises Broken or OSError."""
        far, far_writer = await asyncio.open_connection(host, int(port))
        self._sides.append(far_writer)
        questions = self._pump(near, far_writer, is_answer=False)
        await asyncio.gather(questions, self._pump(far, self._sides[0], is_answer=True))

    def reset(self) -> None:
        """Both sides see a reset."""
        for side in self._sides:
            if not side.is_closing():
                side.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETS_AT_ONCE)
                side.transport.abort()

    def close(self) -> None:
        for side in self._sides:
            side.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:
        while piece := await reader.read(CHUNK):
            shared, ends = await self._edge.share(piece, self, is_answer=is_answer)
            writer.write(shared)
            await writer.drain()
            if ends:
                raise Broken
        await self._edge.passable()
        if writer.can_write_eof():
            writer.write_eof()


class Control:
    """Obeys one line at a time."""

    def __init__(self, edges: Mapping[str, Edge]) -> None:
        self._edges = edges

    async def obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            order = json.loads(line)
            for name in order["edges"]:
                await self._edges[name].turn(Mode(order["mode"]), order["amount"])
            writer.write(b"done\n")
            await writer.drain()
        writer.close()


async def serve(places: Mapping[str, tuple[int, str]], control: Path) -> None:
    """Until the process is ended."""
    edges = {name: Edge(*place) for name, place in places.items()}
    for edge in edges.values():
        await edge.turn(Mode.PASS)
    server = await asyncio.start_unix_server(Control(edges).obey, control)
    await server.serve_forever()


async def _listens(host: str, port: str) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    return True


if __name__ == "__main__":
    asyncio.run(serve(json.loads(Path(sys.argv[2]).read_text("utf-8")), Path(sys.argv[1])))
