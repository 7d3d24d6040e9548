"""What an operator does with a network's identity providers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from gateway.access import SCOPES
from gateway.directory import console
from gateway.outside.fetching import is_address
from gateway.outside.jwk import ALGORITHMS
from gateway.outside.provider import Provider
from gateway.outside.repository import IdentityProviders
from gateway.repository import AccountsUnit
from shared.clock import Clock
from shared.database.units import UnitFactory
from shared.errors import Invalid, NotFound
from shared.ids import new_id

T = TypeVar("T")

PEOPLES_ROLES = frozenset(SCOPES) - {"integration"}
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{1,39}\Z")
_AUDIENCE = re.compile(r"^[\x21-\x7e]{1,500}\Z")
_TYPE = re.compile(r"^[a-z0-9.+-]{1,40}\Z")


@dataclass(frozen=True)
class Registry:
    """The providers of all networks, one network at a time. `plain_http`: in simulated installations alone."""

    units: UnitFactory[AccountsUnit]
    clock: Clock
    plain_http: bool = False

    def add(self, provider: Provider) -> Provider:
        """Adds a provider; its id is given here. Raises Invalid, ProviderTaken, NotFound (network)."""
        self._check(provider)
        added = replace(provider, provider_id=new_id())
        with self._unit(provider.network_id, "add_identity_provider") as uow:
            if not uow.network_name():
                raise NotFound
            uow.providers.add(added, self.clock.now())
            uow.audit("add_identity_provider", "identity_provider", added.provider_id)
            uow.commit()
        return added

    def all(self, network_id: UUID) -> list[Provider]:
        """The network's providers, by name."""
        with self._unit(network_id, "list_identity_providers") as uow:
            return uow.providers.all()

    def named(self, network_id: UUID, name: str) -> Provider:
        """Raises NotFound."""
        with self._unit(network_id, "show_identity_provider") as uow:
            return _found(uow.providers.named(name))

    def disable(self, network_id: UUID, name: str) -> bool:
        """Refuses its tokens and ends what they opened; False where it was disabled. Raises NotFound."""
        return self._change(network_id, name, "disable", lambda has, one: has.disable(one, self.clock.now()))

    def enable(self, network_id: UUID, name: str) -> bool:
        """Accepts its new tokens again; False where it was in force. Raises NotFound."""
        return self._change(network_id, name, "enable", lambda has, one: has.enable(one))

    def map_role(self, network_id: UUID, name: str, value: str, role: str) -> None:
        """From now on `value` in the role claim means `role`. Raises Invalid, NotFound."""
        if role not in PEOPLES_ROLES:
            raise _wrong("role", f"one of {', '.join(sorted(PEOPLES_ROLES))}")
        _check_value(value)
        self._change(network_id, name, "map", lambda has, one: has.map_role(one, value, role), {"role": role})

    def map_sites(self, network_id: UUID, name: str, value: str, sites: Sequence[UUID] | None) -> None:
        """From now on `value` in the site claim means those sites (None: all of the network). Raises Invalid."""
        _check_value(value)
        detail = {"sites": None if sites is None else [str(site) for site in sites]}
        self._change(network_id, name, "map", lambda has, one: has.map_sites(one, value, sites), detail)

    def unmap(self, network_id: UUID, name: str, value: str) -> bool:
        """From now on `value` means neither a role nor a site; False where it meant none. Raises NotFound."""
        _check_value(value)
        return self._change(
            network_id, name, "unmap", lambda has, one: has.map_role(one, value, None) | has.unmap_sites(one, value)
        )

    def _change(
        self,
        network_id: UUID,
        name: str,
        verb: str,
        change: Callable[[IdentityProviders, UUID], bool],
        detail: Mapping[str, object] | None = None,
    ) -> bool:
        action = f"{verb}_identity_provider"
        with self._unit(network_id, action) as uow:
            provider = _found(uow.providers.named(name))
            changed = change(uow.providers, provider.provider_id)
            if changed:
                uow.audit(action, "identity_provider", provider.provider_id, detail=dict(detail or {}))
            uow.commit()
        return changed

    def _check(self, provider: Provider) -> None:
        if not _NAME.match(provider.name):
            raise _wrong("name", "2 to 40 of a-z, 0-9 and -")
        issuer = is_address(provider.issuer, plain_http=self.plain_http) and "?" not in provider.issuer
        if not issuer:
            raise _wrong("issuer", "an https address without query, as it stands in `iss`")
        if provider.keys_uri is not None and not is_address(provider.keys_uri, plain_http=self.plain_http):
            raise _wrong("keys", "an https address")
        if not _AUDIENCE.match(provider.audience):
            raise _wrong("audience", "1 to 500 visible ASCII characters")
        if not provider.algorithms or provider.algorithms - ALGORITHMS:
            raise _wrong("algorithm", f"one of {', '.join(sorted(ALGORITHMS))}")
        if not provider.token_types or not all(_TYPE.match(one) for one in provider.token_types):
            raise _wrong("type", "as it stands in `typ`, in small letters: at+jwt, jwt")
        for name in ("role_claim", "site_claim"):
            if not 1 <= len(getattr(provider, name)) <= 200:
                raise _wrong(name, "1 to 200 characters")

    def _unit(self, network_id: UUID, action: str) -> AccountsUnit:
        return self.units.for_call(console(network_id), action=action)


def _found(provider: Provider | None) -> Provider:
    if provider is None:
        raise NotFound
    return provider


def _check_value(value: str) -> None:
    if not 1 <= len(value) <= 200 or not value.isprintable():
        raise _wrong("value", "1 to 200 printable characters")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(errors=[{"field": field, "message": message}])
