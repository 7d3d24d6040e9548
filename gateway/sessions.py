"""Signing in and out: people by password, programs by client credentials; renewals; back-off."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from gateway.access import PURPOSES
from gateway.guesses import Guesses
from gateway.passwords import Passwords
from gateway.repository import AccountsUnit, KnownLogin, LookUps, Standing
from gateway.successors import Successors
from gateway.tokens import LIFETIME, TokenClaims, Tokens
from shared.asker import Asker
from shared.clock import Clock
from shared.database.units import UnitFactory
from shared.errors import Unauthenticated, Unavailable
from shared.ids import new_id

# Automatic logoff (45 CFR 164.312(a)(2)(iii)); the figures are those of docs/security.md.
LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=15)
KEPT_AFTER_END = timedelta(days=30)
# A renewal whose answer was lost may be asked again this long; later the old token is a stolen one.
RENEWAL_GRACE = timedelta(seconds=30)


@dataclass(frozen=True)
class Opened:
    """A session just opened or renewed; `secret` is shown this once."""

    standing: Standing
    secret: str = field(repr=False)
    access_token: str = field(repr=False)
    expires_in: int


def secret_hash(secret: str) -> bytes:
    """What is kept of a random secret. It has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def normal_login(login: str) -> str:
    """Logins are one whatever the case."""
    return login.strip().lower()


@dataclass(frozen=True)
class Desk:
    """Opens, renews and closes sessions."""

    units: UnitFactory[AccountsUnit]
    look_ups: LookUps
    passwords: Passwords
    tokens: Tokens
    successors: Successors
    clock: Clock

    def sign_in(self, login: str, password: str, network: UUID | None, kind: str, correlation_id: str) -> Opened:
        """Opens a session of `kind` page or token. Raises Unauthenticated, TooManyTries or Unavailable."""
        login = normal_login(login)
        self._guesses.take(login)
        known = self._known(login, "user", network)
        if not self._holds(login, known, password) or known is None:
            self._failed(known, correlation_id)
            raise Unauthenticated
        self._guesses.forget(login)
        return self._open(known, kind, LONGEST, correlation_id)

    def client_token(self, client_id: str, client_secret: str, correlation_id: str) -> Opened:
        """A token for a program (RFC 6749, 4.4). Raises Unauthenticated or TooManyTries."""
        login = normal_login(client_id)
        known = self._known(login, "client", None)
        stored = known.secret_hash if known else secret_hash("nobody").hex()
        if not hmac.compare_digest(stored, secret_hash(client_secret).hex()) or known is None:
            # Nobody guesses 256 bits: what is counted is noise, and a program that knows its secret never waits.
            self._guesses.take(login)
            self._failed(known, correlation_id)
            raise Unauthenticated
        return self._open(known, "client", LIFETIME, correlation_id)

    def renew(self, refresh_token: str, correlation_id: str) -> Opened:
        """The next access token, and the refresh token's successor: the same one when it is asked again within
        RENEWAL_GRACE. A refresh token that was spent before that ends its session."""
        spent = secret_hash(refresh_token)
        found = self.look_ups.session(spent)
        if found is None:
            raise Unauthenticated
        network_id, session_id = found
        secret = self.successors.of(refresh_token)
        with self._unit(network_id, "unknown", "service", correlation_id, "renew_session") as uow:
            standing = uow.sessions.standing(session_id)
            alive = standing is not None and standing.session_kind == "token" and is_alive(standing, self.clock.now())
            if standing is None or not alive:
                raise Unauthenticated
            honest = self._rotate(uow, session_id, spent, secret)
            uow.audit("renew_session", "session", session_id, decision="allowed" if honest else "denied")
            uow.commit()
        if not honest:
            raise Unauthenticated
        return self._opened(standing, secret)

    def sign_out(self, asker: Asker, session_id: UUID) -> None:
        """Ends one session of the asker's."""
        with self.units.for_call(asker, action="sign_out") as uow:
            uow.sessions.revoke(session_id, self.clock.now())
            uow.audit("sign_out", "session", session_id)
            uow.commit()

    def _known(self, login: str, kind: str, network: UUID | None) -> KnownLogin | None:
        found = [known for known in self.look_ups.login(login) if known.kind == kind]
        found = [known for known in found if network in (None, known.network_id)]
        return found[0] if len(found) == 1 else None

    def _open(self, known: KnownLogin, kind: str, lasts: timedelta, correlation_id: str) -> Opened:
        session_id, secret, now = new_id(), _new_secret(), self.clock.now()
        with self._unit(known.network_id, str(known.account_id), known.kind, correlation_id, "sign_in") as uow:
            uow.sessions.add(session_id, known.account_id, kind, secret_hash(secret), now, now + lasts)
            standing = uow.sessions.standing(session_id)
            if standing is None or standing.ended:
                raise Unauthenticated
            uow.sessions.forget(now - KEPT_AFTER_END)
            uow.audit("sign_in", "session", session_id)
            uow.commit()
        return self._opened(standing, secret)

    def _opened(self, standing: Standing, secret: str) -> Opened:
        claims = TokenClaims(standing.network_id, standing.session_id, standing.account_id)
        token = self.tokens.issue(claims, self.clock.now(), standing.role, standing.sites)
        return Opened(standing, secret, token, int(LIFETIME.total_seconds()))

    def _rotate(self, uow: AccountsUnit, session_id: UUID, spent: bytes, secret: str) -> bool:
        row, now = uow.sessions.lock(session_id), self.clock.now()
        present, previous = (bytes(row[name] or b"") for name in ("secret_hash", "previous_hash"))
        if spent not in (present, previous):
            return False  # while this one waited for the row its successor was spent, too
        if present != spent and now - row["rotated_at"] > RENEWAL_GRACE:
            uow.sessions.revoke(session_id, now)
            return False
        # Asked again, the successor is the present token already: nobody who holds it is put out.
        if present != secret_hash(secret):
            uow.sessions.rotate(session_id, spent, secret_hash(secret), now)
        return True

    @property
    def _guesses(self) -> Guesses:
        return Guesses(self.look_ups)

    def _holds(self, login: str, known: KnownLogin | None, password: str) -> bool:
        try:
            return self.passwords.holds(known.secret_hash if known else None, password)
        except Unavailable:
            self._guesses.give_back(login)
            raise

    def _failed(self, known: KnownLogin | None, correlation_id: str) -> None:
        if known is None:
            return
        with self._unit(known.network_id, str(known.account_id), known.kind, correlation_id, "sign_in") as uow:
            uow.audit("sign_in", "account", known.account_id, decision="denied")
            uow.commit()

    def _unit(self, network_id: UUID, actor: str, kind: str, correlation_id: str, action: str) -> AccountsUnit:
        asker = Asker(
            actor_id=actor,
            actor_kind="client" if kind == "client" else "user" if kind == "user" else "service",
            network_id=network_id,
            sites=frozenset(),
            scopes=frozenset(),
            purpose=PURPOSES["secretary"],
            correlation_id=correlation_id,
        )
        return self.units.for_call(asker, action=action)


def is_alive(standing: Standing, now: datetime) -> bool:
    """Whether the session still holds: not ended, not past its end, and (people only) not idle."""
    if standing.ended or now >= standing.expires_at:
        return False
    return standing.session_kind == "client" or now - standing.seen_at < IDLE


def _new_secret() -> str:
    return secrets.token_urlsafe(32)
