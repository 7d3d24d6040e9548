"""Ports of our own choice: free once, then remembered, so that addresses stay the same over restarts."""

import socket
from collections.abc import Iterable

from cli.instance import Instance


def free_ports(count: int) -> list[int]:
    """That many ports of 127.0.0.1 on which nobody listens now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def remembered_ports(instance: Instance, names: Iterable[str]) -> dict[str, int]:
    """The port of each name, the same at every start. New names get a free one."""
    ports: dict[str, int] = instance.read("ports")
    missing = [name for name in names if name not in ports]
    if missing:
        ports.update(zip(missing, _unused(len(missing), set(ports.values())), strict=True))
        instance.write("ports", ports)
    return ports


def _unused(count: int, taken: set[int]) -> list[int]:
    found = [port for port in free_ports(count + len(taken)) if port not in taken]
    return found[:count]


def is_listening(place: str) -> bool:
    """Whether somebody accepts connections at `host:port`."""
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True
