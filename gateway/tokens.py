"""Access tokens: signed JWTs (RFC 9068 in shape, RFC 8725 in strictness), five minutes at most.

FRONTDESK_TOKEN_KEY is a JWK, or a JWK Set while keys are rotated: the first key signs, every one verifies. The
algorithm follows from the key and never from the token.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, OctKey

from gateway.compact import unverified
from shared.errors import Unauthenticated
from shared.ids import new_id

LIFETIME = timedelta(minutes=5)
ISSUER = "frontdesk"
AUDIENCE = "frontdesk-gateway"
TYPE = "at+jwt"
_LONGEST = 8192
_HEADER_NAMES = frozenset({"alg", "typ", "kid"})


@dataclass(frozen=True)
class TokenClaims:
    """What a valid token says."""

    network_id: UUID
    session_id: UUID
    account_id: UUID


class Tokens:
    """Issues and reads access tokens."""

    def __init__(self, setting: str) -> None:
        self._keys = {_kid(key): key for key in _keys(setting)}
        self._signing = next(iter(self._keys))

    def issue(self, claims: TokenClaims, now: datetime, role: str, sites: frozenset[UUID] | None) -> str:
        """A token for one session, good for LIFETIME from `now` (business time)."""
        key = self._keys[self._signing]
        header = {"alg": _algorithm(key), "typ": TYPE, "kid": self._signing}
        body = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(claims.account_id),
            "net": str(claims.network_id),
            "sid": str(claims.session_id),
            "role": role,
            "sites": None if sites is None else sorted(str(site) for site in sites),
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "jti": str(new_id()),
        }
        return jwt.encode(header, body, key, algorithms=[_algorithm(key)])

    def read(self, token: str, now: datetime) -> TokenClaims:
        """The claims of a token of ours. Raises Unauthenticated for every other text."""
        try:
            return self._read(token, now)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Unauthenticated from None

    def _read(self, token: str, now: datetime) -> TokenClaims:
        header, body = unverified(token, _LONGEST)
        if set(header) != _HEADER_NAMES or header["typ"] != TYPE:
            raise Unauthenticated
        key = self._keys[header["kid"]]
        claims = jwt.decode(token, key, algorithms=[_algorithm(key)]).claims
        if claims != body or not _holds(claims, now):
            raise Unauthenticated
        return TokenClaims(UUID(claims["net"]), UUID(claims["sid"]), UUID(claims["sub"]))


def _holds(claims: dict[str, Any], now: datetime) -> bool:
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int:
        return False
    ours = claims["iss"] == ISSUER and claims["aud"] == AUDIENCE
    short = 0 < expires - issued <= LIFETIME.total_seconds()
    return ours and short and now.timestamp() < expires and now.timestamp() >= claims.get("nbf", 0)


def _keys(setting: str) -> list[Key]:
    found = json.loads(setting)
    listed = found.get("keys", [found])
    return [JWKRegistry.import_key(key) for key in listed]


def _kid(key: Key) -> str:
    return key.kid or key.thumbprint()


def _algorithm(key: Key) -> str:
    return "HS256" if isinstance(key, OctKey) else "Ed25519"
