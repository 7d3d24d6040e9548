"""A front that knows the tests' own OpenID provider: what its groups and sites mean there."""

from typing import Any

from falcon import testing

from gateway.outside.provider import Provider
from shared.ids import new_id
from tests.fix_gateway import Front
from tests.fix_openid import AUDIENCE, OpenIdProvider

CORRELATION = {"Frontdesk-Correlation-Id": "0193a1f0-0000-7000-8000-00000000000f"}


def described(front: Front, openid: OpenIdProvider, **changes: Any) -> Provider:
    """The provider as an operator describes it, by discovery."""
    good: dict[str, Any] = {
        "network_id": front.network_id,
        "provider_id": new_id(),
        "name": "clinic-sso",
        "issuer": openid.issuer,
        "audience": AUDIENCE,
        "keys_uri": None,
        "algorithms": frozenset({"RS256", "ES256"}),
        "token_types": frozenset({"at+jwt"}),
        "role_claim": "groups",
        "site_claim": "sites",
    }
    return Provider(**{**good, **changes})


def introduce(front: Front, openid: OpenIdProvider, **changes: Any) -> Provider:
    """Adds the provider with one group and one site; its clock is the front's from here on."""
    openid.now = lambda: front.clock.now().timestamp()
    provider = front.registry.add(described(front, openid, **changes))
    front.registry.map_role(provider.network_id, provider.name, "front-desk", "secretary")
    front.registry.map_sites(provider.network_id, provider.name, "elm", [front.site_id])
    return provider


def me(front: Front, token: str, **more: Any) -> testing.Result:
    """Who the gateway says that the token's bearer is."""
    return front.get("/v1/me", token, headers=CORRELATION, **more)
