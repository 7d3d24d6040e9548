"""From claims to a role and sites, by the network's own table. What is not in it gives nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.access import scopes_of
from gateway.outside.provider import NotMapped, Provider

# RFC 6749, 3.3: values of these claims stand in one text, with spaces between them.
_SPACED = frozenset({"scope", "scp"})


@dataclass(frozen=True)
class Access:
    """What a person may do, and where (None: at every site)."""

    role: str
    sites: frozenset[UUID] | None


def access_of(provider: Provider, claims: Mapping[str, Any]) -> Access:
    """Role and sites of the claims. Raises NotMapped, saying which claim gives nothing."""
    roles = {provider.roles[value] for value in values_of(claims, provider.role_claim) if value in provider.roles}
    found = [provider.sites[value] for value in values_of(claims, provider.site_claim) if value in provider.sites]
    if not roles:
        raise NotMapped({"missing": "role", "claim": provider.role_claim})
    if not found:
        raise NotMapped({"missing": "site", "claim": provider.site_claim})
    everywhere = any(sites is None for sites in found)
    return Access(_widest(roles, provider), None if everywhere else frozenset().union(*(s for s in found if s)))


def values_of(claims: Mapping[str, Any], name: str) -> list[str]:
    """The texts that stand under a claim's name, or under a path of names with dots between them."""
    found = claims[name] if name in claims else _at_path(claims, name.split("."))
    if isinstance(found, str):
        return found.split() if name in _SPACED else [found]
    return [value for value in found if isinstance(value, str)] if isinstance(found, list) else []


def _at_path(found: Any, names: list[str]) -> Any:
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _widest(roles: set[str], provider: Provider) -> str:
    """The role that may do all that the others may. Two of which neither does are for a person to decide."""
    for role in sorted(roles):
        if all(scopes_of(role) >= scopes_of(other) for other in roles):
            return role
    raise NotMapped({"several": sorted(roles), "claim": provider.role_claim})
