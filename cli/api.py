"""The public API as a command sees it: the same door that any program of a network uses."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import urllib3

from shared.ids import new_id

Json = dict[str, Any]

# Nobody answered, or the answer says that nothing was decided: ask again with the same key.
_AGAIN = frozenset({502, 503, 504})


class ApiRefused(Exception):
    """The API said no: `problem` is its problem+json (RFC 9457)."""

    def __init__(self, status: int, problem: Json) -> None:
        fields = "; ".join(f"{error.get('field')}: {error.get('message')}" for error in problem.get("errors", []))
        super().__init__(f"{status} {problem.get('title') or problem.get('type')}{': ' if fields else ''}{fields}")
        self.status = status
        self.problem = problem

    @property
    def slug(self) -> str:
        """The reason's stable word."""
        return str(self.problem.get("type", "")).rsplit("/", 1)[-1].rsplit(":", 1)[-1]


class ApiUnreachable(Exception):
    """Nobody answered within the patience of this client."""


class Api:
    """One signed-in caller. Writes carry a key that is made before the first try and kept over retries."""

    def __init__(self, base_url: str, token: str = "", patience_s: float = 30.0) -> None:
        self.base_url = base_url.rstrip("/")
        self.token = token
        self._patience_s = patience_s
        self._http = urllib3.PoolManager(maxsize=16, retries=False, timeout=urllib3.Timeout(connect=2, read=15))

    def sign_in(self, login: str, password: str) -> None:
        """A person's session."""
        self.token = self.post("/v1/sessions", {"login": login, "password": password})["access_token"]

    def sign_in_as_client(self, client_id: str, secret: str) -> None:
        """A program's session (OAuth2 client credentials)."""
        form = urlencode({"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.token = self._answer("POST", "/v1/oauth/token", form.encode(), headers)["access_token"]

    def get(self, path: str, **query: Any) -> Json:
        given = {name: value for name, value in query.items() if value is not None}
        return self._answer("GET", f"{path}?{urlencode(given)}" if given else path, None, {})

    def post(self, path: str, body: Json | None = None, key: str = "") -> Json:
        return self._write("POST", path, body, key)

    def put(self, path: str, body: Json, key: str = "") -> Json:
        return self._write("PUT", path, body, key)

    def all(self, path: str, **query: Any) -> list[Json]:
        """Every item of a paged list."""
        items: list[Json] = []
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            items += page["items"]
            cursor = page.get("next")
            if not cursor:
                return items

    def _write(self, method: str, path: str, body: Json | None, key: str) -> Json:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(new_id())}
        return self._answer(method, path, json.dumps(body or {}).encode(), headers)

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Json:
        deadline = time.monotonic() + self._patience_s
        while True:
            status, problem = self._once(method, path, body, headers)
            if status < 300:
                return problem
            if status not in _AGAIN:
                raise ApiRefused(status, problem)
            if time.monotonic() > deadline:
                raise ApiUnreachable(f"{method} {path.partition('?')[0]} found no answer at {self.base_url}")
            time.sleep(0.2)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Json]:
        if self.token:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        try:
            answer = self._http.request(method, self.base_url + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError:
            return 503, {}
        try:
            return answer.status, json.loads(answer.data or b"{}")
        except ValueError:
            return answer.status, {}
