"""RabbitMQ's management API: the one door for exchanges, queues, policies and users."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import urllib3

from shared.config import addresses_in

_TIMEOUT = urllib3.Timeout(connect=3.0, read=15.0)


class BrokerRefused(Exception):
    """The management API said no, or did not answer; the text holds no password."""


@dataclass(frozen=True)
class ApiRequest:
    """One change at the management API: what `declare` sends and what an administrator can send by hand."""

    method: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)

    def as_curl(self, base_url: str = "$RABBITMQ_API_URL") -> str:
        """The same change as a command line; a password is left for the administrator to fill in."""
        shown = {key: "<password>" if key == "password" else value for key, value in self.body.items()}
        sent = f"-H 'content-type: application/json' -d '{json.dumps(shown)}'"
        return f"curl -sSf -X {self.method} {sent} {base_url}{self.path}"


class BrokerApi:
    """The API at `http://user:password@host:port[/vhost]`; without a path the virtual host is `/`.

    Of several addresses (a cluster's nodes) the first that answers is asked.
    """

    def __init__(self, url: str) -> None:
        self._doors = [_Door.at(address) for address in addresses_in(url)]
        self.vhost = self._doors[0].vhost
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=urllib3.Retry(2, backoff_factor=0.2))

    def get(self, path: str) -> Any:
        """The JSON at a path; None where there is nothing."""
        return self._ask("GET", path, None)

    def send(self, request: ApiRequest) -> None:
        """Makes one change. Sending it again changes nothing."""
        self._ask(request.method, request.path, dict(request.body))

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        answer = self._answer(method, path, None if body is None else json.dumps(body).encode())
        if answer.status == 404:
            return None
        if answer.status >= 400:
            raise BrokerRefused(f"RabbitMQ refused {method} {path}: {answer.status} {answer.data[:300]!r}")
        return json.loads(answer.data) if answer.data else None

    def _answer(self, method: str, path: str, raw: bytes | None) -> urllib3.BaseHTTPResponse:
        for door in self._doors:
            try:
                return self._pool.request(method, door.base + path, body=raw, headers=door.headers)
            except urllib3.exceptions.HTTPError:
                continue
        tried = ", ".join(door.base for door in self._doors)
        raise BrokerRefused(f"RabbitMQ's management API does not answer at {tried}")


@dataclass(frozen=True)
class _Door:
    """One address, and how to be let in there."""

    base: str
    headers: Mapping[str, str]
    vhost: str

    @classmethod
    def at(cls, url: str) -> "_Door":
        parts = urlsplit(url)
        auth = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        headers = {**urllib3.make_headers(basic_auth=auth), "content-type": "application/json"}
        return cls(f"{parts.scheme}://{parts.hostname}:{parts.port or 15672}", headers, unquote(parts.path[1:]) or "/")


def quoted(name: str) -> str:
    """A name as one segment of an API path."""
    return quote(name, safe="")
