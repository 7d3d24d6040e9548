"""Letting in who bears a token of an outside provider.

A token that holds opens one session of its own, whose row makes it revocable and ends it when nobody uses it; what its
bearer may do is read from the token's own claims by the network's table at each request.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from joserfc.jwk import Key

from gateway.access import PURPOSES
from gateway.compact import unverified
from gateway.memory import Memory
from gateway.outside.keys import KeySets
from gateway.outside.known import KnownProviders
from gateway.outside.mapping import Access, access_of
from gateway.outside.provider import NotMapped, Provider, TokenRefused, Vouched
from gateway.outside.verification import LONGEST_TOKEN, verify
from gateway.repository import AccountsUnit, LookUps, Standing
from gateway.sessions import KEPT_AFTER_END
from gateway.standings import Standings
from shared.asker import Asker
from shared.clock import Clock
from shared.database.units import UnitFactory
from shared.errors import Unauthenticated
from shared.ids import derived_id
from shared.logs import log
from shared.metrics import counter

_outcomes = counter("gateway_outside_tokens_total", "Tokens of outside providers.", "outcome")


@dataclass(frozen=True)
class Admission:
    """`real_time` gives seconds: a provider's clock does not move with business time (docs/decisions/0010)."""

    units: UnitFactory[AccountsUnit]
    providers: KnownProviders
    keys: KeySets
    standings: Standings
    clock: Clock
    real_time: Callable[[], float]
    _opened: Memory[UUID, bool] = field(default_factory=Memory)

    def standing(self, token: str, correlation_id: str, *, active: bool = True) -> Standing:
        """What the token's bearer may do now. Raises Unauthenticated, NotMapped, or Unavailable."""
        try:
            vouched = self.vouched(token)
            session_id = derived_id(vouched.provider.provider_id, f"token/{vouched.fingerprint.hex()}")
            access = self._access(vouched, correlation_id)
            if self._opened.any(session_id) is None:
                self._open(vouched, access, session_id, correlation_id)
            standing = self.standings.of(vouched.provider.network_id, session_id, active=active)
        except Unauthenticated as refused:
            self._say_why(refused, correlation_id)
            raise
        _outcomes.labels("accepted").inc()
        return replace(standing, role=access.role, sites=access.sites)

    def vouched(self, token: str) -> Vouched:
        """What a token that holds says. Raises Unauthenticated, or Unavailable where its keys cannot be had."""
        header, claims = unverified(token, LONGEST_TOKEN)
        provider = self.providers.of(claims.get("iss"), claims.get("aud"))
        return verify(token, header, claims, provider, lambda kid: self.keys.key(provider, kid), self.real_time())

    def _access(self, vouched: Vouched, correlation_id: str) -> Access:
        """Raises NotMapped, which stands in the audit before the answer."""
        try:
            return access_of(vouched.provider, vouched.claims)
        except NotMapped:
            _outcomes.labels("not-mapped").inc()
            with self._unit(vouched, correlation_id) as uow:
                uow.object_ids = {"account_id": uow.asker.actor_id}
                raise

    def _open(self, vouched: Vouched, access: Access, session_id: UUID, correlation_id: str) -> None:
        now = self.clock.now()
        ends = now + timedelta(seconds=vouched.ends_at - self.real_time())
        with self._unit(vouched, correlation_id) as uow:
            enabled = uow.providers.meet(vouched, now)
            if not enabled:
                uow.audit("sign_in", "account", vouched.account_id, decision="denied")
            elif uow.providers.open_session(session_id, vouched, access, now, ends):
                detail = {"provider_id": str(vouched.provider.provider_id), "role": access.role}
                uow.audit("sign_in", "session", session_id, detail=detail)
                uow.sessions.forget(now - KEPT_AFTER_END)
            uow.commit()
        if not enabled:
            raise TokenRefused("account-disabled")
        self._opened.put(session_id, value=True)

    def _unit(self, vouched: Vouched, correlation_id: str) -> AccountsUnit:
        asker = Asker(
            actor_id=str(vouched.account_id),
            actor_kind="user",
            network_id=vouched.provider.network_id,
            sites=frozenset(),
            scopes=frozenset(),
            purpose=PURPOSES["secretary"],
            correlation_id=correlation_id,
        )
        return self.units.for_call(asker, action="sign_in")

    def _say_why(self, refused: Unauthenticated, correlation_id: str) -> None:
        """In the log alone: the answer is the same for everything that does not hold. Nothing of the token is in it."""
        why = refused.why if isinstance(refused, TokenRefused) else "session-over"
        _outcomes.labels(why).inc()
        log.info("outside-token-refused", why=why, correlation_id=correlation_id)


def admission_on(
    units: UnitFactory[AccountsUnit],
    look_ups: LookUps,
    standings: Standings,
    clock: Clock,
    fetch: Callable[[Provider], Mapping[str, Key]],
    real_time: Callable[[], float] = time.time,
) -> Admission:
    """The admission of one process."""
    return Admission(units, KnownProviders(units, look_ups), KeySets(fetch), standings, clock, real_time)
