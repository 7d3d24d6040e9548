"""Two small networks with three sites in all, made through the public API by their own managers.

They are open around the clock, and so are their texts: nothing waits for a morning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cli.accounts import add_account, open_network, text_around_the_clock
from cli.api import Api
from cli.operator import network_id_of

Json = dict[str, Any]

CPT = "http://www.ama-assn.org/go/cpt"
AROUND_THE_CLOCK = [{"weekday": day, "starts": "00:00", "ends": "24:00"} for day in range(1, 8)]
OFFICE_HOURS = [{"weekday": day, "starts": "08:00", "ends": "17:00"} for day in range(1, 6)]


@dataclass(frozen=True)
class Plan:
    """A network to make: `sites` are names and IANA zones. It `reminds` patients of visits by the default rule."""

    name: str
    sender_number: str
    sites: tuple[tuple[str, str], ...]
    reminds: bool = False

    @property
    def network_id(self) -> UUID:
        return network_id_of(self.name)


_ELM_SITES = (("Elm Street", "America/New_York"), ("Riverside", "America/Chicago"))
ELM = Plan("Elm Family Clinics", "+12025550101", _ELM_SITES, reminds=True)
HARBOR = Plan("Harbor Health", "+12025550102", (("Harbor", "America/Los_Angeles"),), reminds=True)


@dataclass(frozen=True)
class Account:
    """A login (or client id) and its password (or secret), known only here and printed once."""

    login: str
    password: str


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """What was made. `accounts` by role; secretary, clinician and biller work at the first site only."""

    network_id: str
    name: str
    sender_number: str
    feed_password: str | None
    sites: list[Json]
    practitioners: list[Json]
    types: list[Json]
    accounts: Mapping[str, Account]

    def sign_in(self, base_url: str, role: str) -> Api:
        """A session of that role."""
        api = Api(base_url)
        account = self.accounts[role]
        if role == "integration":
            api.sign_in_as_client(account.login, account.password)
        else:
            api.sign_in(account.login, account.password)
        return api


def seed(base_url: str, plan: Plan) -> Seeded:
    """Makes the network with its map, people and fees."""
    opened = open_network(plan.name, plan.sender_number)
    network_id = opened.network_id
    text_around_the_clock(network_id, reminds=plan.reminds)
    accounts = {"manager": _account(network_id, plan, "manager", None)}
    manager = Api(base_url)
    manager.sign_in(accounts["manager"].login, accounts["manager"].password)
    sites = [manager.post("/v1/sites", {"name": name, "zone": zone}) for name, zone in plan.sites]
    first = [UUID(sites[0]["site_id"])]
    accounts |= {role: _account(network_id, plan, role, first) for role in ("secretary", "clinician", "biller")}
    accounts["integration"] = _account(network_id, plan, "integration", None)
    practitioners, types = _map(manager, sites)
    manager.put("/v1/fees", {"fees": _fees()})
    return Seeded(
        network_id=str(network_id),
        name=plan.name,
        sender_number=plan.sender_number,
        feed_password=opened.feed_password,
        sites=sites,
        practitioners=practitioners,
        types=types,
        accounts=accounts,
    )


def _account(network_id: UUID, plan: Plan, role: str, sites: list[UUID] | None) -> Account:
    login = f"{role}@{plan.name.split()[0].lower()}.example"
    added = add_account(network_id, login, role, sites, client=role == "integration")
    return Account(added.login, added.secret)


def _map(manager: Api, sites: list[Json]) -> tuple[list[Json], list[Json]]:
    types = [
        manager.post("/v1/appointment-types", {"name": name, "minutes": minutes})
        for name, minutes in (("Urgent care", 15), ("Follow-up", 20), ("New patient", 40))
    ]
    practitioners = []
    for site in sites:
        for given, family, weekly in (("Ada", "Okafor", AROUND_THE_CLOCK), ("Peter", "Lindgren", OFFICE_HOURS)):
            made = manager.post("/v1/practitioners", {"given": given, "family": family})
            hours = {"practitioner_id": made["practitioner_id"], "site_id": site["site_id"]}
            manager.put("/v1/working-hours", hours | {"lanes": 1, "weekly": weekly})
            practitioners.append(made | {"site_id": site["site_id"]})
    return practitioners, types


def _fees() -> list[Json]:
    prices = {"99203": 16500, "99213": 12800, "99214": 18200, "36415": 1200}
    return [{"system": CPT, "code": code, "amount_cents": cents} for code, cents in prices.items()]
