"""From a request to the one who asks: a bearer token of ours or of an outside provider, a cookie for our own pages."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import falcon

from gateway.access import PURPOSES, scopes_of
from gateway.compact import unverified
from gateway.door import Door
from gateway.outside.verification import LONGEST_TOKEN
from gateway.repository import Standing
from gateway.tokens import ISSUER
from shared.asker import Asker
from shared.errors import Unauthenticated

COOKIE = "frontdesk_session"
# A header that a foreign page cannot set without a preflight, which this gateway never grants.
PAGE_HEADER = "Frontdesk-Page"
_BEARER = re.compile(r"^[Bb]earer ([A-Za-z0-9_.~+/=-]+)$")
_SAFE_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Identity:
    """A session that holds, and the asker that it makes."""

    standing: Standing
    asker: Asker


def identify(req: falcon.Request, door: Door, *, active: bool = True) -> Identity:
    """Who is asking. Raises Unauthenticated for everything that is not a session that holds now."""
    standing = _standing(req, door, active=active)
    return Identity(standing, asker_of(standing, req.context.correlation_id, req.context.traceparent))


def asker_of(standing: Standing, correlation_id: str, traceparent: str) -> Asker:
    """The asker that travels to the services as signed claims: what the account may do now, not at its sign-in."""
    return Asker(
        actor_id=str(standing.account_id),
        actor_kind="client" if standing.kind == "client" else "user",
        network_id=standing.network_id,
        sites=standing.sites,
        scopes=scopes_of(standing.role),
        purpose=PURPOSES[standing.role],
        correlation_id=correlation_id,
        traceparent=traceparent,
    )


def _standing(req: falcon.Request, door: Door, *, active: bool) -> Standing:
    given = req.get_header("Authorization")
    if given is not None:
        found = _BEARER.match(given)
        if not found:
            raise Unauthenticated
        return _of_token(found.group(1), req.context.correlation_id, door, active=active)
    cookies = req.get_cookie_values(COOKIE) or []
    if len(cookies) != 1 or not _comes_from_our_page(req):
        raise Unauthenticated
    return door.standings.of_secret(cookies[0], active=active)


def _of_token(token: str, correlation_id: str, door: Door, *, active: bool) -> Standing:
    _, claims = unverified(token, LONGEST_TOKEN)
    if claims.get("iss") != ISSUER:
        return door.outside.standing(token, correlation_id, active=active)
    ours = door.tokens.read(token, door.clock.now())
    return door.standings.of(ours.network_id, ours.session_id, active=active)


def _comes_from_our_page(req: falcon.Request) -> bool:
    if req.get_header("Sec-Fetch-Site") not in (None, "same-origin", "none"):
        return False
    if req.method in _SAFE_METHODS:
        return True
    origin = req.get_header("Origin")
    same = origin is None or urlsplit(origin).netloc == req.netloc
    return bool(same and req.get_header(PAGE_HEADER) == "1")
