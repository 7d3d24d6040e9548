"""Asking as a careful client does: a key before the first try, and again with it until somebody answers for good."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3
from fix_desk import Json
from history import History, Operation

from cli.seeding import Account
from shared.ids import new_id

PATIENCE_S = 240.0
_TIMEOUT = urllib3.Timeout(connect=2, read=8)
_SIGN_IN_TIMEOUT = urllib3.Timeout(connect=1, read=3)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0
# These say nothing about the command: signed out, too fast, or a gateway that does not know.
_SAYS_NOTHING = frozenset({401, 429})
# How a write is asked for, where it is not by POST.
_METHODS = {"hours": "PUT", "release": "DELETE", "withdraw": "DELETE", "remove-exception": "DELETE"}


class NeverSettled(Exception):
    """An operation that nobody answered for good, long after everything had been healed."""


class Sessions:
    """One session for each role, signed in again when its token no longer holds."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._tokens: dict[str, str] = {}
        self._http = urllib3.PoolManager(retries=False, timeout=_SIGN_IN_TIMEOUT)
        self._lock = threading.Lock()

    def token(self, role: str, door: str) -> str:
        """Signs in at that door where nobody has yet. Empty where nobody answers there."""
        with self._lock:
            if role not in self._tokens:
                account = self._accounts[role]
                raw = json.dumps({"login": account.login, "password": account.password}).encode()
                _, answer = request(self._http, "POST", f"{door}/v1/sessions", raw, {})
                if "access_token" not in answer:
                    return ""
                self._tokens[role] = answer["access_token"]
            return self._tokens[role]

    def renew(self, role: str, old: str) -> None:
        """That token does not hold any more."""
        with self._lock:
            if self._tokens.get(role) == old:
                del self._tokens[role]


@dataclass
class Asking:
    """One desk's way to the system; `doors` are the gateways' URLs, the next of them after each unknown."""

    desk: str
    doors: Sequence[str]
    sessions: Sessions
    history: History
    _door: int = 0
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=4, retries=False, timeout=_TIMEOUT)
    )

    def write(
        self,
        name: str,
        path: str,
        body: Json,
        *,
        role: str = "secretary",
        subject: str = "",
        key: str = "",
        about: Json | None = None,
        method: str = "",
    ) -> Operation:
        """One write, settled. `name` is what the history calls it; `about` what it keeps beside the answer."""
        method = method or self.method_of(name)
        raw = b"" if method == "DELETE" else json.dumps(body).encode()
        headers = {"Idempotency-Key": key or str(new_id())}
        return self.settle(
            name, subject or path, lambda door: self._once(door, method, path, raw, headers, role), body, about
        )

    @staticmethod
    def method_of(name: str) -> str:
        """By which method that is asked for."""
        return _METHODS.get(name, "POST")

    def read(self, path: str, role: str = "secretary") -> Json | None:
        """One look, of which no history tells; None where it had no answer: look again later, at the next door."""
        status, answer = self._once(self.doors[self._door % len(self.doors)], "GET", path, b"", {}, role)
        if status == 200:
            return answer
        self._door += 1
        return None

    def settle(
        self,
        name: str,
        subject: str,
        ask: Callable[[str], tuple[int, Json]],
        body: Json | None = None,
        about: Json | None = None,
    ) -> Operation:
        """Asks at one door after the other until an answer decides. Raises NeverSettled."""
        operation = self.history.invoked(self.desk, name, subject, body, about)
        ends, pause = time.monotonic() + PATIENCE_S, _FIRST_PAUSE_S
        while time.monotonic() < ends:
            status, answer = ask(self.doors[self._door % len(self.doors)])
            slug = str(answer.get("type", "")).rpartition(":")[2].rpartition("/")[2]
            if status and status < 500 and status not in _SAYS_NOTHING:
                self.history.settled(operation, status, slug, answer)
                return operation
            self.history.unknown(operation, slug or str(status))
            self._door += 1
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        raise NeverSettled(f"{name} {subject}")

    def _once(
        self, door: str, method: str, path: str, raw: bytes, headers: Mapping[str, str], role: str
    ) -> tuple[int, Json]:
        token = self.sessions.token(role, door)
        if not token:
            return 401, {}
        status, answer = request(self._http, method, door + path, raw, {**headers, "Authorization": f"Bearer {token}"})
        if status == 401:
            self.sessions.renew(role, token)
        return status, answer


def request(
    http: urllib3.PoolManager, method: str, url: str, raw: bytes, headers: Mapping[str, str]
) -> tuple[int, dict[str, Any]]:
    """Status and body; status 0 where no whole answer came."""
    try:
        got = http.request(method, url, body=raw, headers={"Content-Type": "application/json", **headers})
        answer = json.loads(got.data or b"{}")
    except (urllib3.exceptions.HTTPError, ValueError):
        return 0, {}
    return got.status, answer if isinstance(answer, dict) else {}
