"""How a process begins: light, and green if need be. Standard library only, until eventlet has patched it."""

import os
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

_RESOLVERS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "getnameinfo")


def leave_out_what_no_process_needs() -> None:
    """A third of a start: rich, which structlog would draw with, and eventlet's own resolver (dnspython)."""
    sys.modules["rich"] = None  # type: ignore[assignment]  # for an import: there is none
    os.environ["EVENTLET_NO_GREENDNS"] = "yes"


def make_green() -> None:
    """Patches the standard library and checks that psycopg2 yields too (nameko-facts 17).

    Names are asked of the system's own resolver, in a thread.
    """
    os.environ["EVENTLET_NO_GREENDNS"] = "yes"
    sockets = import_module("eventlet.green.socket")
    for name in _RESOLVERS:
        setattr(sockets, name, _aside(getattr(sockets, name)))
    import_module("eventlet").monkey_patch()
    extensions = import_module("psycopg2.extensions")
    if extensions.get_wait_callback() is None:
        raise RuntimeError("psycopg2 would block the whole process: it has no wait callback")


def _aside(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def resolved(place: Any, *rest: Any, **more: Any) -> Any:
        if _is_number(place):
            return resolve(place, *rest, **more)
        return import_module("eventlet.tpool").execute(resolve, place, *rest, **more)

    return resolved


def _is_number(place: Any) -> bool:
    """Whether this is an IP address, or none: nobody has to be asked for it."""
    if not isinstance(place, str) or not place:
        return not place
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, place)
        except OSError:
            continue
        return True
    return False
