"""Which provider a token is of: by its issuer and audience, before anything of it is believed."""

import re
from typing import Any
from uuid import UUID

from gateway.memory import Memory
from gateway.outside.provider import Provider, TokenRefused
from gateway.repository import AccountsUnit, LookUps
from shared.database.units import UnitFactory

_NAME = re.compile(r"^[\x21-\x7e]{1,500}\Z")


class KnownProviders:
    """Providers in force, re-read every ten seconds: a disabled one, or another mapping, is in force by then."""

    def __init__(self, units: UnitFactory[AccountsUnit], look_ups: LookUps) -> None:
        self._units = units
        self._look_ups = look_ups
        self._known: Memory[tuple[str, str], Provider] = Memory()

    def of(self, issuer: Any, audience: Any) -> Provider:
        """The one provider of that issuer and audience. Raises TokenRefused, or Unavailable where nobody can tell."""
        for name, given in (("issuer", issuer), ("audience", audience)):
            # An audience in a list is one that somebody else may be meant by, too.
            if not isinstance(given, str) or not _NAME.match(given):
                raise TokenRefused(name)
        key = (issuer, audience)
        found = self._known.fresh(key)
        return found.value if found else self._known.read(key, lambda: self._read(*key))

    def _read(self, issuer: str, audience: str) -> Provider:
        found = self._look_ups.identity_provider(issuer, audience)
        provider = self._one(*found) if found else None
        if provider is None or provider.disabled_at is not None:
            raise TokenRefused("provider-unknown")
        return provider

    def _one(self, network_id: UUID, provider_id: UUID) -> Provider | None:
        with self._units.for_network(network_id, action="identity_provider") as uow:
            return uow.providers.get(provider_id)
