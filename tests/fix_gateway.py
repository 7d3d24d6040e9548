"""The gateway in-process on a real accounts database: `front` signs people in; services are recorded stand-ins.

Only for behaviour of the gateway itself; what runs through services is tested on real ones.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg2
import pytest
from falcon import testing
from joserfc.jwk import OKPKey
from psycopg2.extras import RealDictCursor

from gateway.app import app_of
from gateway.calendars.secrets import LinkSecrets
from gateway.clients import SERVICES, Services
from gateway.cursors import Cursors
from gateway.day import DayFeeds
from gateway.directory import Directory
from gateway.door import Door
from gateway.outside.admission import admission_on
from gateway.outside.fetching import KeyFetcher
from gateway.outside.registry import Registry
from gateway.passwords import Passwords
from gateway.repository import AccountsUnit, LookUps
from gateway.sessions import Desk
from gateway.standings import Standings
from gateway.successors import Successors
from gateway.tokens import Tokens
from shared.asker import Asker
from shared.calls.outcomes import CallRefused
from shared.carriers import CarrierAccount, CarrierAccounts
from shared.clock import FixedClock
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.events.encryption import Keyring
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEBHOOK_SECRET = "only-in-tests"
CARRIER_SECRET, PUBLIC_URL = "the-carriers-token", "https://desk.example"
Asked = tuple[str, str, dict[str, Any], Asker, str | None]


class StandInService:
    """Answers from a table of functions and remembers what it was asked."""

    def __init__(self, name: str, asked: list[Asked], answers: dict[str, Any]) -> None:
        self._name = name
        self._asked = asked
        self._answers = answers

    def command(self, name: str, body: Mapping[str, Any], asker: Asker, key: str, deadline_s: float) -> dict[str, Any]:
        return self._answer(name, body, asker, key)

    def batch(self, name: str, items: Sequence[Mapping[str, Any]], asker: Asker, deadline_s: float) -> dict[str, Any]:
        return {"items": [self._outcome(name, item, asker) for item in items]}

    def _outcome(self, name: str, item: Mapping[str, Any], asker: Asker) -> dict[str, Any]:
        try:
            return {"status": 200, "answer": self._answer(name, item["body"], asker, item["key"])}
        except CallRefused as no:
            return {"status": no.status, "slug": no.slug, "details": no.details, "errors": no.errors}

    def query(self, name: str, body: Mapping[str, Any], asker: Asker, deadline_s: float) -> dict[str, Any]:
        return self._answer(name, body, asker, None)

    def _answer(self, name: str, body: Mapping[str, Any], asker: Asker, key: str | None) -> dict[str, Any]:
        self._asked.append((self._name, name, dict(body), asker, key))
        answer = self._answers.get(f"{self._name}.{name}")
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            raise CallRefused("not-found", 404, {})
        return answer(dict(body)) if callable(answer) else answer


@dataclass
class Front:
    """A gateway, its directory of accounts, and what its services were asked."""

    door: Door
    directory: Directory
    registry: Registry
    admin_url: str
    clock: FixedClock
    asked: list[Asked]
    answers: dict[str, Any]
    network_id: UUID = field(default_factory=new_id)
    site_id: UUID = field(default_factory=new_id)
    other_site_id: UUID = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self.client = testing.TestClient(app_of(self.door))
        self.directory.open_network(self.network_id, "North")

    def account(self, role: str = "secretary", login: str = "", sites: list[UUID] | None = None) -> tuple[str, str]:
        """Login and password of a new account at the front's own site (or `sites`)."""
        kind = "client" if role == "integration" else "user"
        login = login or f"{role}-{secrets.token_hex(3)}"
        added = self.directory.add(self.network_id, kind, login, role, [self.site_id] if sites is None else sites)
        return added.login, added.secret

    def sign_in(self, login: str, password: str, **more: Any) -> testing.Result:
        return self.post("/v1/sessions", {"login": login, "password": password, **more})

    def token(self, role: str = "secretary") -> str:
        """The access token of a new account with that role."""
        login, secret = self.account(role)
        if role == "integration":
            return str(self.client_token(login, secret).json["access_token"])
        return str(self.sign_in(login, secret).json["access_token"])

    def client_token(self, client_id: str, secret: str) -> testing.Result:
        form = urlencode({"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret})
        return self.client.simulate_post("/v1/oauth/token", body=form, headers={"Content-Type": FORM})

    def get(self, path: str, token: str = "", **more: Any) -> testing.Result:
        return self.request("GET", path, token=token, **more)

    def post(self, path: str, body: Any = None, token: str = "", **more: Any) -> testing.Result:
        return self.request("POST", path, token=token, json=body if body is not None else {}, **more)

    def request(
        self, method: str, path: str, token: str = "", headers: dict[str, str] | None = None, **more: Any
    ) -> testing.Result:
        given = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.simulate_request(method, path, headers={**given, **(headers or {})}, **more)

    def forget_standings(self) -> None:
        """As if ten seconds had passed for this process's memory of sessions."""
        self.door.standings._known.clear()
        self.door.outside.providers._known.clear()

    def rows(self, statement: str, *params: Any) -> list[dict[str, Any]]:
        """What the database holds, seen by the superuser."""
        connection = psycopg2.connect(self.admin_url)
        try:
            with connection.cursor(cursor_factory=RealDictCursor) as cursor:
                cursor.execute(statement, params)
                return [dict(row) for row in cursor.fetchall()]
        finally:
            connection.close()

    def audit(self, action: str) -> list[str]:
        """Decisions of the audit entries with that action, oldest first."""
        rows = self.rows("SELECT decision FROM audit_entries WHERE action = %s ORDER BY entry_id", action)
        return [row["decision"] for row in rows]


FORM = "application/x-www-form-urlencoded"


def front_on(app_url: str, admin_url: str) -> Front:
    """A front on that accounts database."""
    clock, pool = FixedClock(NOW), Pool(app_url, 8)
    units = UnitFactory("gateway", AccountsUnit, Resources(pool=pool, clock=clock, keyring=Keyring({"k1": b"1" * 32})))
    look_ups = LookUps(pool)
    standings = Standings(units, look_ups, clock)
    fetcher = KeyFetcher(plain_http=True)
    tokens = Tokens(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    asked: list[Asked] = []
    answers: dict[str, Any] = {}
    services = Services({name: StandInService(name, asked, answers) for name in SERVICES})
    door = Door(
        services=services,
        desk=Desk(units, look_ups, Passwords(), tokens, Successors("only-in-tests"), clock),
        tokens=tokens,
        standings=standings,
        outside=admission_on(units, look_ups, standings, clock, fetcher, lambda: clock.now().timestamp()),
        units=units,
        look_ups=look_ups,
        cursors=Cursors("only-in-tests"),
        link_secrets=LinkSecrets("only-in-tests"),
        clock=clock,
        feeds=DayFeeds(services, clock, every_s=0.05),
        webhook_secret=WEBHOOK_SECRET,
        carriers=carriers_with(CARRIER_SECRET),
        public_url=PUBLIC_URL,
        simulated=True,
        secure_cookies=False,
    )
    registry = Registry(units, clock, plain_http=True)
    return Front(door, Directory(units, look_ups, clock), registry, admin_url, clock, asked, answers)


def carriers_with(*secrets: str, **networks: list[str]) -> CarrierAccounts:
    """An account for each secret, named by it; `networks`: which of them each network uses, all for `*`."""
    accounts = {it: CarrierAccount(url="https://carrier.example", account="AC1", secret=it) for it in secrets}
    return CarrierAccounts(accounts, networks or {"*": list(secrets)})


@pytest.fixture
def front(database: Callable[[str], Any]) -> Iterator[Front]:
    """A gateway with one opened network on a fresh accounts database."""
    urls = database("gateway")
    made = front_on(urls.app, urls.admin)
    yield made
    made.door.units.resources.pool.close()
