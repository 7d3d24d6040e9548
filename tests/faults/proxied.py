"""The proxy as a run holds it: started, laid on edges, told to break them and to heal."""

import json
import socket
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit, urlunsplit

from proxy import Mode

from cli.servers.ports import free_ports
from cli.servers.process import last_lines, start_child, stop_child, wait_until

PROGRAM = Path(__file__).with_name("proxy.py")


class Proxy:
    """A proxy process in a folder of its own; `targets` says who is at the far end of each edge. Use it in `with`.
    `but` are ports that others will want.

    Start it from the main thread (see start_child); `turn` may be called from any one thread.
    """

    def __init__(self, folder: Path, targets: Mapping[str, str], but: Collection[int] = ()) -> None:
        self._folder = folder
        ports = free_ports(len(targets), but)
        self._places = dict(zip(targets, zip(ports, targets.values(), strict=True), strict=True))
        self._child: Popen[bytes] | None = None

    def __enter__(self) -> "Proxy":
        control, edges, log = (self._folder / name for name in ("proxy.socket", "edges.json", "proxy.log"))
        edges.write_text(json.dumps(self._places), "utf-8")
        self._child = start_child([sys.executable, str(PROGRAM), str(control), str(edges)], log)
        self._control = socket.socket(socket.AF_UNIX)
        # Its name is there a moment before anybody listens.
        wait_until(lambda: self._control.connect_ex(str(control)) == 0, 20, self._child, "the proxy", log)
        self._answers = self._control.makefile("rb")
        return self

    def __exit__(self, *error: object) -> None:
        self._control.close()
        if self._child is not None:
            stop_child(self._child)

    def address(self, edge: str) -> str:
        """The host:port to go through instead of the far end's own."""
        return f"127.0.0.1:{self._places[edge][0]}"

    def through(self, edge: str, url: str) -> str:
        """The URL with the edge's address in the place of its own."""
        parts = urlsplit(url)
        login, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{login}{at}{self.address(edge)}"))

    def turn(self, edges: Iterable[str], mode: Mode, amount: float = 0.0) -> None:
        """Breaks these edges, or heals them (Mode.PASS)."""
        order = {"edges": list(edges), "mode": mode, "amount": amount}
        self._control.sendall(json.dumps(order).encode() + b"\n")
        if self._answers.readline() != b"done\n":
            raise RuntimeError(f"the proxy has ended:\n{last_lines(self._folder / 'proxy.log')}")

    def heal(self) -> None:
        """Everything passes again."""
        self.turn(self._places, Mode.PASS)
