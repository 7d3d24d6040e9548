"""What an operator does with accounts: open a network, add, disable and list people and programs."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.access import SCOPES
from gateway.passwords import hash_password
from gateway.repository import AccountsUnit, LoginTaken, LookUps
from gateway.sessions import normal_login, secret_hash
from shared.asker import Asker
from shared.clock import Clock
from shared.database.units import UnitFactory
from shared.errors import Invalid, NotFound
from shared.ids import new_id

_LOGIN = re.compile(r"^[a-z0-9][a-z0-9._@+-]{2,119}\Z")


@dataclass(frozen=True)
class Added:
    """A new account; its secret is shown this once."""

    account_id: UUID
    login: str
    secret: str


@dataclass(frozen=True)
class Directory:
    """The accounts of all networks, one network at a time."""

    units: UnitFactory[AccountsUnit]
    look_ups: LookUps
    clock: Clock

    def open_network(self, network_id: UUID, name: str) -> None:
        """Makes the network known; again is harmless."""
        with self._unit(network_id, "open_network") as uow:
            if uow.open_network(name):
                uow.audit("open_network", "network", network_id)
            uow.commit()

    def knows(self, network_id: UUID) -> bool:
        """Whether the network was opened here."""
        with self._unit(network_id, "open_network") as uow:
            return bool(uow.network_name())

    def add(self, network_id: UUID, kind: str, login: str, role: str, sites: Sequence[UUID] | None) -> Added:
        """Adds a `user` or `client` with a random secret. Raises LoginTaken, Invalid (role), NotFound (network)."""
        login = normal_login(login)
        if not _LOGIN.match(login):
            raise Invalid(errors=[{"field": "login", "message": "3 to 120 of a-z, 0-9 and . _ @ + -"}])
        if role not in SCOPES or (role == "integration") != (kind == "client"):
            raise Invalid(errors=[{"field": "role", "message": "integration for programs, the others for people"}])
        if self.look_ups.login(login):
            raise LoginTaken
        account_id, secret = new_id(), secrets.token_urlsafe(18 if kind == "user" else 32)
        stored = hash_password(secret) if kind == "user" else secret_hash(secret).hex()
        with self._unit(network_id, "add_account") as uow:
            if not uow.network_name():
                raise NotFound
            uow.accounts.add(account_id, kind, login, stored, self.clock.now())
            uow.accounts.join(account_id, role, sites)
            uow.audit("add_account", "account", account_id, detail={"role": role})
            uow.commit()
        return Added(account_id, login, secret)

    def disable(self, network_id: UUID, login: str) -> bool:
        """Ends an account and its sessions; False where no such account is active."""
        with self._unit(network_id, "disable_account") as uow:
            account_id = uow.accounts.disable(normal_login(login), self.clock.now())
            if account_id is not None:
                uow.audit("disable_account", "account", account_id)
            uow.commit()
        return account_id is not None

    def all(self, network_id: UUID) -> list[dict[str, Any]]:
        """The network's accounts, by login."""
        with self._unit(network_id, "list_accounts") as uow:
            return uow.accounts.all()

    def _unit(self, network_id: UUID, action: str) -> AccountsUnit:
        return self.units.for_call(console(network_id), action=action)


def console(network_id: UUID) -> Asker:
    """The operator at the console, as the audit of the accounts names one."""
    return Asker(
        actor_id="console",
        actor_kind="operator",
        network_id=network_id,
        sites=None,
        scopes=frozenset({"operator"}),
        correlation_id=str(new_id()),
    )
