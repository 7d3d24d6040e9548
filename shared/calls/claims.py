"""Signed claims: how a service knows who is asking, without asking anyone.

The gateway (or the operator's CLI) signs an Asker as a JWT of 60 seconds for one service. Ed25519 (RFC 8037, by the
name that RFC 9864 gave the algorithm); nothing else is accepted. Expiry is real time, never the business clock.

Signing and checking a signature cost more than the rest of a call, and one asker calls again and again: a token is
used for up to ten seconds, and one whose signature was found good is only looked at for its times again.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.asker import ACTOR_KINDS, Asker
from shared.errors import Unauthenticated

ALGORITHM = "Ed25519"
# An explicit type (RFC 8725, 3.11), so that no other token of ours passes for claims.
HEADER = {"alg": ALGORITHM, "typ": "frontdesk-claims+jwt"}
ISSUERS = frozenset({"gateway", "cli"})
LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 5
REUSED_SECONDS = 10
_REMEMBERED = 1000


class Signer:
    """Signs claims in the name of `issuer` with the private key (a JWK as JSON text or mapping)."""

    def __init__(self, private_key: str | Mapping[str, Any], issuer: str) -> None:
        self._key = _key(private_key)
        self._issuer = issuer
        self._kept = lru_cache(_REMEMBERED)(self._signed)

    def sign(self, asker: Asker, audience: str) -> str:
        """The token with which `asker` may ask the service `audience` for the better part of a minute."""
        # What differs from call to call (correlation, causation) is no part of the claims.
        who = replace(asker, correlation_id="", causation_id=None, traceparent=None)
        return self._kept(who, audience, int(time.time()) // REUSED_SECONDS)

    def _signed(self, asker: Asker, audience: str, _ten_seconds: int) -> str:
        issued = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": audience,
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS,
            "jti": uuid4().hex,
            "sub": asker.actor_id,
            "kind": asker.actor_kind,
            "network": str(asker.network_id),
            "sites": None if asker.sites is None else sorted(map(str, asker.sites)),
            "scopes": sorted(asker.scopes),
            "purpose": asker.purpose,
            "patients_seen": asker.patients_seen,
        }
        return jwt.encode(dict(HEADER), claims, self._key, algorithms=[ALGORITHM])


class Verifier:
    """Checks claims that are meant for the service `audience`."""

    def __init__(self, public_key: str | Mapping[str, Any], audience: str) -> None:
        self._key = _key(public_key)
        self._audience = audience
        self._kept = lru_cache(_REMEMBERED)(self._checked)

    def asker(self, token: str) -> Asker:
        """Who is asking. Raises Unauthenticated for anything but a whole, timely token for this service."""
        issued, expires, asker = self._kept(token)
        if not issued - LEEWAY_SECONDS <= time.time() < expires + LEEWAY_SECONDS:
            raise Unauthenticated
        return asker

    def _checked(self, token: str) -> tuple[int, int, Asker]:
        """From when and until when who is asking; only what holds is remembered."""
        try:
            token_read = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError, TypeError, UnicodeError):
            raise Unauthenticated from None
        claims = token_read.claims
        if token_read.header != HEADER or not self._is_for_us(claims):
            raise Unauthenticated
        return claims["iat"], claims["exp"], _asker_of(claims)

    def _is_for_us(self, claims: Mapping[str, Any]) -> bool:
        issued, expires = claims.get("iat"), claims.get("exp")
        if type(issued) is not int or type(expires) is not int:
            return False
        short = 0 < expires - issued <= LIFETIME_SECONDS
        return short and claims.get("aud") == self._audience and claims.get("iss") in ISSUERS


def _asker_of(claims: Mapping[str, Any]) -> Asker:
    try:
        if claims["kind"] not in ACTOR_KINDS or not isinstance(claims["scopes"], list):
            raise Unauthenticated
        return Asker(
            actor_id=_text(claims["sub"]),
            actor_kind=claims["kind"],
            network_id=UUID(claims["network"]),
            sites=None if claims["sites"] is None else frozenset(UUID(site) for site in claims["sites"]),
            scopes=frozenset(map(_text, claims["scopes"])),
            purpose=_text(claims["purpose"]),
            # A gateway of the release before says nothing here, and has always asked records.
            patients_seen=claims.get("patients_seen", True) is True,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Unauthenticated from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise Unauthenticated
    return value


def _key(given: str | Mapping[str, Any]) -> OKPKey:
    key = OKPKey.import_key(json.loads(given) if isinstance(given, str) else dict(given))
    if key.curve_name != ALGORITHM:
        raise ValueError("claims are signed with an Ed25519 key")
    return key
