"""What sessions are worth, re-read at most every ten seconds a process: a revoked or disabled user is out by then."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from gateway.memory import Memory
from gateway.repository import AccountsUnit, LookUps, Standing
from gateway.sessions import is_alive, secret_hash
from shared.clock import Clock
from shared.database.units import UnitFactory
from shared.errors import Unauthenticated

_TOUCH_AFTER = timedelta(seconds=60)


class Standings:
    """The sessions of this process's callers."""

    def __init__(self, units: UnitFactory[AccountsUnit], look_ups: LookUps, clock: Clock) -> None:
        self._units = units
        self._look_ups = look_ups
        self._clock = clock
        self._known: Memory[UUID, Standing | None] = Memory()
        self._secrets: Memory[bytes, tuple[UUID, UUID]] = Memory()

    def of(self, network_id: UUID, session_id: UUID, *, active: bool = True) -> Standing:
        """The session's standing. `active` False: a look that does not keep the session awake.

        Raises Unauthenticated for a session that does not hold, Unavailable where nobody can tell.
        """
        standing = self._read(network_id, session_id, active=active)
        if standing is None or standing.network_id != network_id or not is_alive(standing, self._clock.now()):
            raise Unauthenticated
        return standing

    def of_secret(self, secret: str, *, active: bool = True) -> Standing:
        """The standing of a page's session by its cookie."""
        hashed = secret_hash(secret)
        found = self._secrets.any(hashed) or self._look_ups.session(hashed)
        if found is None:
            raise Unauthenticated
        self._secrets.put(hashed, found)
        standing = self.of(*found, active=active)
        if standing.session_kind != "page":
            raise Unauthenticated
        return standing

    def forget(self, session_id: UUID) -> None:
        """This process reads the session again at its next use."""
        self._known.forget(session_id)

    def _read(self, network_id: UUID, session_id: UUID, *, active: bool) -> Standing | None:
        remembered = self._known.fresh(session_id)
        if remembered and not (active and self._is_to_be_touched(remembered.value)):
            return remembered.value
        return self._known.read(session_id, lambda: self._fetch(network_id, session_id, active=active))

    def _fetch(self, network_id: UUID, session_id: UUID, *, active: bool) -> Standing | None:
        now = self._clock.now()
        with self._units.for_network(network_id, action="session") as uow:
            standing = uow.sessions.standing(session_id)
            if active and standing and self._is_to_be_touched(standing):
                uow.sessions.touch(session_id, now)
                uow.commit()
                standing = replace(standing, seen_at=now)
        return standing

    def _is_to_be_touched(self, standing: Standing | None) -> bool:
        """Whether use must be noted. A live page re-reads all the time: its memory must not hide that one works."""
        now = self._clock.now()
        return standing is not None and is_alive(standing, now) and now - standing.seen_at > _TOUCH_AFTER
