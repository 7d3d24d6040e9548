"""Whether an outside token holds: RFC 8725 in strictness. Nothing in its header says how it is to be believed."""

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from gateway.compact import Part
from gateway.outside.jwk import fits
from gateway.outside.provider import Provider, TokenRefused, Vouched

LONGEST_TOKEN = 16_384
# Clocks differ by this much and no more (seconds).
LEEWAY_S = 30
# A token is good for twelve hours at most, whatever its provider says: the absolute logoff of docs/security.md.
LONGEST_LIFE_S = 12 * 3600

_NEEDED = frozenset({"alg", "typ", "kid"})
# Thumbprints of a certificate say nothing that is believed; jku, x5u, jwk, x5c, crit, zip and the rest are refused.
_HARMLESS = frozenset({"x5t", "x5t#S256"})
_KID = re.compile(r"^[\x21-\x7e]{1,200}\Z")
# OpenID Connect Core 2: at most 255 ASCII characters.
_SUBJECT = re.compile(r"^[\x20-\x7e]{1,255}\Z")


def verify(
    token: str, header: Part, claims: Part, provider: Provider, key_of: Callable[[str], Key], now: float
) -> Vouched:
    """What a token of `provider` says at `now` (real time, seconds). Raises TokenRefused, and what `key_of` raises."""
    kid = _kid_of(header, provider)
    key = key_of(kid)
    if not fits(key, header["alg"]):
        raise TokenRefused("key-mismatch")
    _verify_signature(token, key, header["alg"])
    return _vouched(token, claims, provider, now)


def _kid_of(header: Part, provider: Provider) -> str:
    if not set(header) >= _NEEDED or set(header) - _NEEDED - _HARMLESS:
        raise TokenRefused("header")
    if _plain_type(header["typ"]) not in provider.token_types:
        raise TokenRefused("type")
    if not isinstance(header["alg"], str) or header["alg"] not in provider.algorithms:
        raise TokenRefused("algorithm")
    if not isinstance(header["kid"], str) or not _KID.match(header["kid"]):
        raise TokenRefused("key-unknown")
    return header["kid"]


def _plain_type(given: Any) -> str:
    """RFC 7515, 4.1.9: a media type, whatever its case, `application/` left out at will."""
    return given.lower().removeprefix("application/") if isinstance(given, str) else ""


def _verify_signature(token: str, key: Key, algorithm: str) -> None:
    try:
        jws.deserialize_compact(token, key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError, KeyError):
        raise TokenRefused("signature") from None


def _vouched(token: str, claims: Part, provider: Provider, now: float) -> Vouched:
    if claims.get("iss") != provider.issuer:
        raise TokenRefused("issuer")
    if claims.get("aud") != provider.audience:
        raise TokenRefused("audience")
    # RFC 7800: bound to a key or a certificate of its bearer, who would have to show it. We ask for none.
    if "cnf" in claims:
        raise TokenRefused("bound")
    # Keycloak tells its refresh and ID tokens apart by a claim of that name.
    if claims.get("typ", "Bearer") != "Bearer":
        raise TokenRefused("type")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.match(subject):
        raise TokenRefused("subject")
    signed = token.rpartition(".")[0].encode()
    return Vouched(provider, subject, claims, _end(claims, now), hashlib.sha256(signed).digest())


def _end(claims: Part, now: float) -> float:
    """When the token ends (real time, seconds). Raises TokenRefused for one that is over or has not begun."""
    issued, expires, begins = (_seconds(claims, name) for name in ("iat", "exp", "nbf"))
    if issued is None or expires is None:
        raise TokenRefused("no-expiry")
    if max(issued, begins or issued) > now + LEEWAY_S:
        raise TokenRefused("not-yet")
    ends = min(expires + LEEWAY_S, issued + LONGEST_LIFE_S)
    if now >= ends:
        raise TokenRefused("expired")
    return ends


def _seconds(claims: Part, name: str) -> float | None:
    """A NumericDate (RFC 7519, 2), None where there is none. Raises TokenRefused for what is not a finite number."""
    if name not in claims:
        return None
    given = claims[name]
    # A number beyond this is no date, and may be too large for a float.
    if type(given) not in (int, float) or not abs(given) < 1e12 or not math.isfinite(given):
        raise TokenRefused("no-expiry")
    return float(given)
