"""`small_service`: a small real service in a process of its own, which tests start, stop and kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest
from joserfc.jwk import OKPKey

from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient

ROOT = Path(__file__).parents[1]
KEY = OKPKey.generate_key("Ed25519")
NETWORK, HERS, OTHER_SITE = UUID(int=0xA), UUID(int=0xB), UUID(int=0xC)
EVENT_KEY = "k1:" + "A" * 43 + "="
THINGS = (
    "CREATE TABLE things (thing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, network_id uuid NOT NULL,"
    " site_id uuid NOT NULL, name text NOT NULL); GRANT SELECT, INSERT ON things TO scheduling_app"
)


def asker(**changes: Any) -> Asker:
    """A secretary of one site."""
    fields: dict[str, Any] = {
        "actor_id": "u-1",
        "actor_kind": "user",
        "network_id": NETWORK,
        "sites": frozenset({HERS}),
        "scopes": frozenset({"things:read", "things:write"}),
        "correlation_id": "c-test",
    }
    return Asker(**{**fields, **changes})


class SmallService:
    """The service as a process. `output` holds what it logged so far."""

    def __init__(self, app_url: str, admin_url: str) -> None:
        self._urls = {"app": app_url, "admin": admin_url}
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.output: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self.execute(THINGS)

    def start(self, **environment: str) -> None:
        """Starts it and waits until it is ready."""
        settings = {
            "FRONTDESK_ADDRESS": self.address,
            "FRONTDESK_AMQP_URL": "amqp://nobody:nothing@127.0.0.1:1//",
            "FRONTDESK_SCHEDULING_DATABASE_URL": self._urls["app"],
            "FRONTDESK_CLAIMS_PUBLIC_KEY": json.dumps(KEY.as_dict(private=False)),
            "FRONTDESK_EVENT_KEYS": EVENT_KEY,
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
        }
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/integration/calls/small_service.py")],
            env=settings | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
        until(self._is_up)

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "".join(self.output)
        return self.page("/readyz")[0] == 200

    def page(self, path: str) -> tuple[int, str]:
        """GET `path`; status 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=2) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def client(self) -> ServiceClient:
        """A client with the gateway's key."""
        signer = Signer(KEY.as_dict(private=True), "gateway")
        return ServiceClient("scheduling", f"http://{self.address}", signer)

    def add(self, key: str, asking: Asker | None = None, *, deadline_s: float = 3.0, **body: Any) -> Any:
        """The command add_thing."""
        command = {"site_id": str(HERS), "name": "x", **body}
        return self.client().command("add_thing", command, asking or asker(), key, deadline_s)

    def signal(self, number: int) -> None:
        """Sends a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        assert self._process is not None
        return self._process.wait(40)

    def stop(self) -> None:
        """Ends it where it runs."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGKILL)
            self.wait()

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Runs SQL as the administrator, past every policy."""
        with closing(psycopg2.connect(self._urls["admin"])) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def things(self) -> int:
        """How many effects there are."""
        return int(self.execute("SELECT count(*) FROM things")[0][0])

    def in_transaction(self) -> int:
        """How many commands have written their row and not committed yet."""
        return int(
            self.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename = 'scheduling_app' AND state = 'idle in transaction'"
                " AND query LIKE '%add-thing %'"
            )[0][0]
        )

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(line)


def until(holds: Any, told: Any = lambda: "", seconds: float = 20.0) -> None:
    """Polls until `holds()`; fails with `told()` where it never does."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, told()
        time.sleep(0.02)


def new_key() -> str:
    """An idempotency key."""
    return str(uuid4())


@pytest.fixture
def stopped_small_service(database: Any) -> Iterator[SmallService]:
    """Not started yet."""
    urls = database("scheduling")
    service = SmallService(urls.app, urls.admin)
    yield service
    service.stop()


@pytest.fixture
def small_service(stopped_small_service: SmallService) -> SmallService:
    """Running and ready."""
    stopped_small_service.start()
    return stopped_small_service
