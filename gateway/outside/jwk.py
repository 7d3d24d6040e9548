"""Public keys as providers publish them (RFC 7517): which of them may verify what."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from gateway.outside.provider import KeysUnreadable

MAX_KEYS = 100
_RSA_BITS = range(2048, 8193)

# algorithm -> key type and curve
_KINDS: Mapping[str, tuple[str, str | None]] = {
    **{f"{family}{bits}": ("RSA", None) for family in ("RS", "PS") for bits in (256, 384, 512)},
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "Ed25519": ("OKP", "Ed25519"),
}
ALGORITHMS = frozenset(_KINDS)
# What makes a key: nothing that it says about certificates or addresses is taken over.
_MEMBERS = ("kty", "kid", "alg", "n", "e", "crv", "x", "y")


def fits(key: Key, algorithm: str) -> bool:
    """Whether the key is of that algorithm's kind, and of no other by its own word."""
    kind, curve = _KINDS[algorithm]
    own_word = key.alg in (None, algorithm)
    return own_word and key.key_type == kind and (curve is None or getattr(key, "curve_name", "") == curve)


def keys_in(document: Any) -> dict[str, Key]:
    """The usable keys of a JWK Set by their ids; an id that stands twice names none. Raises KeysUnreadable."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise KeysUnreadable("not-a-key-set")
    named = [one["kid"] for one in listed if isinstance(one, dict) and isinstance(one.get("kid"), str)]
    once = [one for one in listed if isinstance(one, dict) and named.count(one.get("kid", "")) == 1]
    return {one["kid"]: key for one in once if (key := _usable(one)) is not None}


def _usable(given: dict[str, Any]) -> Key | None:
    """A public key for signatures; None for a secret, a private key, a weak one, one for something else."""
    if given.get("kty") not in ("RSA", "EC", "OKP") or "d" in given or given.get("use", "sig") != "sig":
        return None
    try:
        if "verify" not in given.get("key_ops", ["verify"]):
            return None
        key = JWKRegistry.import_key({name: given[name] for name in _MEMBERS if name in given})
        public = key.public_key
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None if isinstance(public, RSAPublicKey) and public.key_size not in _RSA_BITS else key
