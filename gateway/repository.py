"""The accounts database: people and programs, their membership and their sessions."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.outside.repository import IdentityProviders
from shared.clock import Clock
from shared.config import database_url
from shared.database.errors import translated
from shared.database.pool import Pool
from shared.database.session import Session
from shared.database.statements import Statements
from shared.database.unit_of_work import Resources, UnitOfWork
from shared.database.units import UnitFactory
from shared.errors import Refused
from shared.events.encryption import Keyring


class LoginTaken(Refused):
    """The login name is in use."""

    slug = "login-taken"


@dataclass(frozen=True)
class KnownLogin:
    """What a look-up by login gives: ids and a hash."""

    network_id: UUID
    account_id: UUID
    kind: str
    secret_hash: str


@dataclass(frozen=True)
class Standing:
    """What a session is worth at this moment."""

    session_id: UUID
    network_id: UUID
    account_id: UUID
    session_kind: str
    seen_at: datetime
    expires_at: datetime
    ended: bool
    kind: str
    login: str
    role: str
    sites: frozenset[UUID] | None


class Accounts:
    """People and programs of the unit's network."""

    def __init__(self, sql: Session, network_id: UUID) -> None:
        self._sql = sql
        self._network_id = network_id

    def add(self, account_id: UUID, kind: str, login: str, secret_hash: str, at: datetime) -> None:
        """Raises LoginTaken."""
        with translated(accounts_network_id_login_key=LoginTaken):
            self._sql.run(
                "add-account",
                network_id=self._network_id,
                account_id=account_id,
                kind=kind,
                login=login,
                secret_hash=secret_hash,
                created_at=at,
            )

    def join(self, account_id: UUID, role: str, sites: Sequence[UUID] | None) -> None:
        """Gives the account its role, at `sites` or (None) at every site."""
        listed = None if sites is None else list(sites)
        self._sql.run("add-membership", network_id=self._network_id, account_id=account_id, role=role, sites=listed)

    def all(self) -> list[dict[str, Any]]:
        """Every account with role, sites and the instant it was disabled."""
        return self._sql.all("accounts")

    def logins(self, account_ids: Collection[UUID]) -> dict[UUID, str]:
        """The login of each that is known here."""
        rows = self._sql.all("logins", account_ids=list(account_ids))
        return {row["account_id"]: row["login"] for row in rows}

    def disable(self, login: str, at: datetime) -> UUID | None:
        """Ends the account and all its sessions; None where no such account is active."""
        found = self._sql.one("disable-account", login=login, at=at)
        if found is None:
            return None
        self._sql.run("revoke-sessions-of", account_id=found["account_id"], at=at)
        return UUID(str(found["account_id"]))


class Sessions:
    """What is open in the name of accounts of the unit's network."""

    def __init__(self, sql: Session, network_id: UUID) -> None:
        self._sql = sql
        self._network_id = network_id

    def add(
        self, session_id: UUID, account_id: UUID, kind: str, secret_hash: bytes, at: datetime, ends: datetime
    ) -> None:
        self._sql.run(
            "add-session",
            network_id=self._network_id,
            session_id=session_id,
            account_id=account_id,
            kind=kind,
            secret_hash=secret_hash,
            at=at,
            expires_at=ends,
        )

    def standing(self, session_id: UUID) -> Standing | None:
        row = self._sql.one("standing", session_id=session_id)
        if row is None:
            return None
        sites = None if row["sites"] is None else frozenset(row["sites"])
        return Standing(**{**row, "sites": sites})

    def touch(self, session_id: UUID, at: datetime) -> None:
        self._sql.run("touch-session", session_id=session_id, at=at)

    def lock(self, session_id: UUID) -> dict[str, Any]:
        """The session's hashes, under its row lock."""
        row = self._sql.one("lock-session", session_id=session_id)
        if row is None:
            raise LookupError("a session that was found has no row")
        return row

    def rotate(self, session_id: UUID, spent_hash: bytes, secret_hash: bytes, at: datetime) -> None:
        self._sql.run("rotate-session", session_id=session_id, spent_hash=spent_hash, secret_hash=secret_hash, at=at)

    def forget(self, before: datetime) -> None:
        """Deletes what ended before that instant."""
        self._sql.run("forget-sessions", network_id=self._network_id, before=before)

    def revoke(self, session_id: UUID, at: datetime) -> None:
        self._sql.run("revoke-session", session_id=session_id, at=at)


class AccountsUnit(UnitOfWork):
    """One transaction on the accounts database."""

    statements = Statements.beside(__file__)

    def open_repositories(self) -> None:
        self.accounts = Accounts(self.sql, self.network_id)
        self.sessions = Sessions(self.sql, self.network_id)
        self.providers = IdentityProviders(self.sql, self.network_id)

    def network_name(self) -> str:
        row = self.sql.one("network", network_id=self.network_id)
        return str(row["name"]) if row else ""


class LookUps:
    """What is asked before a network is known: SECURITY DEFINER functions that give ids and hashes only."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def login(self, login: str) -> list[KnownLogin]:
        """Active accounts of that login, in every network. None has a NUL in it, which PostgreSQL would not take."""
        if "\0" in login:
            return []
        return [KnownLogin(**row) for row in self._ask("find-login", login=login)]

    def session(self, secret_hash: bytes) -> tuple[UUID, UUID] | None:
        """Network and session of a secret, or of the one before it."""
        rows = self._ask("find-session", secret_hash=secret_hash)
        return (rows[0]["network_id"], rows[0]["session_id"]) if rows else None

    def identity_provider(self, issuer: str, audience: str) -> tuple[UUID, UUID] | None:
        """Network and id of the provider in force that issues those tokens."""
        rows = self._ask("find-identity-provider", issuer=issuer, audience=audience)
        return (rows[0]["network_id"], rows[0]["provider_id"]) if rows else None

    def take_attempt(
        self, login_hash: bytes, at: datetime, forget_before: datetime, free: int, longest_s: int
    ) -> float:
        """Counts one try; the seconds to wait (0: none) where it is too early for one, which then does not count."""
        bounds = {"free": free, "longest": longest_s}
        rows = self._ask("take-login-attempt", login_hash=login_hash, at=at, forget_before=forget_before, **bounds)
        return float(rows[0]["seconds"])

    def give_attempt_back(self, login_hash: bytes) -> None:
        """The try came to no answer: it does not count."""
        self._ask("give-login-attempt-back", login_hash=login_hash)

    def forget_failures(self, login_hash: bytes) -> None:
        self._ask("forget-login-failures", login_hash=login_hash)

    def _ask(self, name: str, **params: Any) -> list[dict[str, Any]]:
        connection = self._pool.take()
        try:
            rows = Session(connection, AccountsUnit.statements).all(name, **params)
        except BaseException:
            self._pool.discard(connection)
            raise
        self._pool.give_back(connection)
        return rows


def accounts_units(clock: Clock, size: int = 8) -> tuple[UnitFactory[AccountsUnit], LookUps]:
    """Units and look-ups on the database that the environment names. The gateway tells no events: its key is idle."""
    pool = Pool(database_url("gateway"), size)
    resources = Resources(pool=pool, clock=clock, keyring=Keyring({"unused": secrets.token_bytes(32)}))
    return UnitFactory("gateway", AccountsUnit, resources), LookUps(pool)
