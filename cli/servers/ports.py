"""Ports of our own choice: free once, then remembered, so that addresses stay the same over restarts."""

import random
import socket
from collections.abc import Collection, Iterable
from itertools import islice
from pathlib import Path

from cli.instance import Instance

LOWEST = 15000
_GIVEN_AWAY = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_ports(count: int, but: Collection[int] = ()) -> list[int]:
    """That many ports of 127.0.0.1 on which nobody listens now; none of `but`.

    Under those that the system gives to outgoing connections: such a one would keep a process from its port while the
    process is being started again.
    """
    ours = [port for port in range(LOWEST, _given_away_from()) if port not in but]
    found = (port for port in random.sample(ours, len(ours)) if _is_free(port))
    return list(islice(found, count))


def remembered_ports(instance: Instance, names: Iterable[str]) -> dict[str, int]:
    """The port of each name, the same at every start. New names get a free one."""
    ports: dict[str, int] = instance.read("ports")
    missing = [name for name in names if name not in ports]
    if missing:
        ports.update(zip(missing, _unused(len(missing), set(ports.values())), strict=True))
        instance.write("ports", ports)
    return ports


def _given_away_from() -> int:
    try:
        return int(_GIVEN_AWAY.read_text("utf-8").split()[0])
    except OSError:
        return 32768


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _unused(count: int, taken: set[int]) -> list[int]:
    return free_ports(count, taken)


def is_listening(place: str) -> bool:
    """Whether somebody accepts connections at `host:port`."""
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True
