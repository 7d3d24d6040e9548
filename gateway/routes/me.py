"""Who is signed in, and what the installation's clock says."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas.base import Instant
from gateway.schemas.sessions import Me

_INSTANT = Instant()


@route("GET", "/v1/me", answer=Me())
def get_me(call: Call) -> Any:
    """The account that asks: role, scopes, sites, and business time."""
    standing = call.signed_in.standing
    with call.door.units.for_call(call.asker, action="get_me") as uow:
        name = uow.network_name()
    return {
        "account_id": str(standing.account_id),
        "kind": standing.kind,
        "login": standing.login,
        "role": standing.role,
        "network": {"network_id": str(standing.network_id), "name": name},
        "site_ids": None if standing.sites is None else sorted(str(site) for site in standing.sites),
        "scopes": sorted(call.asker.scopes),
        "now": _INSTANT.serialize("now", {"now": call.door.clock.now().replace(microsecond=0)}),
        "simulated": call.door.simulated,
    }
