"""SQL of providers, of what their claims mean, and of the people they vouch for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.outside.mapping import Access
from gateway.outside.provider import Provider, Vouched
from shared.database.errors import translated
from shared.database.session import Session
from shared.errors import Refused


class ProviderTaken(Refused):
    """A provider of that name stands in the network, or that issuer and audience are some network's already."""

    slug = "provider-taken"


class IdentityProviders:
    """The providers of the unit's network."""

    def __init__(self, sql: Session, network_id: UUID) -> None:
        self._sql = sql
        self._network_id = network_id

    def add(self, provider: Provider, at: datetime) -> None:
        """Raises ProviderTaken."""
        taken = {
            "identity_providers_network_id_name_key": ProviderTaken,
            "identity_providers_issuer_audience_key": ProviderTaken,
        }
        with translated(**taken):
            self._sql.run(
                "add-identity-provider",
                network_id=self._network_id,
                provider_id=provider.provider_id,
                name=provider.name,
                issuer=provider.issuer,
                audience=provider.audience,
                keys_uri=provider.keys_uri,
                algorithms=sorted(provider.algorithms),
                token_types=sorted(provider.token_types),
                role_claim=provider.role_claim,
                site_claim=provider.site_claim,
                added_at=at,
            )

    def all(self) -> list[Provider]:
        """Every provider, by name, the disabled ones too."""
        return [_provider(row) for row in self._sql.all("identity-providers", provider_id=None, name=None)]

    def named(self, name: str) -> Provider | None:
        row = self._sql.one("identity-providers", provider_id=None, name=name)
        return _provider(row) if row else None

    def get(self, provider_id: UUID) -> Provider | None:
        row = self._sql.one("identity-providers", provider_id=provider_id, name=None)
        return _provider(row) if row else None

    def disable(self, provider_id: UUID, at: datetime) -> bool:
        """Ends the provider and every session that its tokens opened; False where it was disabled already."""
        if not self._sql.run("disable-identity-provider", provider_id=provider_id, at=at):
            return False
        self._sql.run("revoke-sessions-of-identity-provider", provider_id=provider_id, at=at)
        return True

    def enable(self, provider_id: UUID) -> bool:
        """Its new tokens are accepted again; False where it was in force."""
        return bool(self._sql.run("enable-identity-provider", provider_id=provider_id))

    def map_role(self, provider_id: UUID, value: str, role: str | None) -> bool:
        """`value` of the role claim means that role, or (None) nothing any more; False where nothing changed."""
        key = {"provider_id": provider_id, "value": value}
        if role is None:
            return bool(self._sql.run("unmap-identity-role", **key))
        return bool(self._sql.run("map-identity-role", network_id=self._network_id, role=role, **key))

    def map_sites(self, provider_id: UUID, value: str, sites: Sequence[UUID] | None) -> bool:
        """`value` of the site claim means those sites, or (None) every site of the network."""
        listed = None if sites is None else sorted(sites)
        key = {"provider_id": provider_id, "value": value}
        return bool(self._sql.run("map-identity-sites", network_id=self._network_id, sites=listed, **key))

    def unmap_sites(self, provider_id: UUID, value: str) -> bool:
        """`value` of the site claim means nothing any more; False where it meant nothing."""
        return bool(self._sql.run("unmap-identity-sites", provider_id=provider_id, value=value))

    def meet(self, vouched: Vouched, at: datetime) -> bool:
        """The person's account, made where there is none. False: it is disabled."""
        provider, subject = vouched.provider, vouched.subject
        row = self._sql.one(
            "meet-outside-person",
            network_id=self._network_id,
            account_id=vouched.account_id,
            login=provider.login_of(subject),
            provider_id=provider.provider_id,
            subject=subject,
            at=at,
        )
        return row is not None and row["disabled_at"] is None

    def open_session(self, session_id: UUID, vouched: Vouched, access: Access, at: datetime, ends: datetime) -> bool:
        """The token's session and the account's present place; False where another process was first."""
        listed = None if access.sites is None else sorted(access.sites)
        place = {"network_id": self._network_id, "account_id": vouched.account_id}
        self._sql.run("place-outside-person", role=access.role, sites=listed, **place)
        more = {"session_id": session_id, "fingerprint": vouched.fingerprint, "at": at, "expires_at": ends}
        return bool(self._sql.run("open-outside-session", **place, **more))


def _provider(row: dict[str, Any]) -> Provider:
    sets = {name: frozenset(row[name]) for name in ("algorithms", "token_types")}
    sites = {
        value: None if found is None else frozenset(UUID(site) for site in found)
        for value, found in row["sites"].items()
    }
    return Provider(**{**row, **sets, "sites": sites})
