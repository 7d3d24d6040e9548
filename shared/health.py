"""/healthz, /readyz and /metrics: the same three pages in every process.

Alive = the process answers. Ready = every registered check holds and nobody has asked it to stop.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from shared.logs import log
from shared.metrics import exposition

Check = Callable[[], bool]
Page = tuple[str, bytes, str]  # status line, body, content type


@dataclass
class Health:
    """The named checks of one process."""

    checks: dict[str, Check] = field(default_factory=dict)
    draining: bool = False

    def register(self, name: str, check: Check) -> None:
        """`check` is called for every /readyz: quick, True when all is well; raising counts as False."""
        self.checks[name] = check

    def drain(self) -> None:
        """From now on not ready, for good: this process is asked to stop."""
        self.draining = True

    def report(self) -> dict[str, bool]:
        """Each check by name, and `accepting`: False once the process drains."""
        return {"accepting": not self.draining, **{name: _holds(name, check) for name, check in self.checks.items()}}

    def page(self, path: str) -> Page | None:
        """The page at `path`, or None where it is not one of the three."""
        if path == "/healthz":
            return _json("200 OK", {"status": "alive"})
        if path == "/readyz":
            checks = self.report()
            return _json("200 OK" if all(checks.values()) else "503 Service Unavailable", {"checks": checks})
        if path == "/metrics":
            return ("200 OK", *exposition())
        return None


health = Health()


def health_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI application of the three pages alone."""
    page = health.page(environ["PATH_INFO"]) or ("404 Not Found", b"", "text/plain")
    status, body, kind = page
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _holds(name: str, check: Check) -> bool:
    try:
        return bool(check())
    except Exception:
        log.warning("check-failed", check=name, exc_info=True)
        return False


def _json(status: str, body: dict[str, Any]) -> Page:
    return status, json.dumps(body).encode(), "application/json"
