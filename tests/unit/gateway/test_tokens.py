"""Access tokens: ours hold for five minutes, and nothing else holds at all (RFC 8725)."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey, OKPKey

from gateway.tokens import LIFETIME, TokenClaims, Tokens
from shared.errors import Unauthenticated
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "k1"})
TOKENS = Tokens(json.dumps(KEY.as_dict(private=True)))
CLAIMS = TokenClaims(new_id(), new_id(), new_id())


def issued(**changes: Any) -> str:
    """A token as ours, but for `changes`."""
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "k1", **changes.pop("header", {})}
    body = payload(TOKENS.issue(CLAIMS, NOW, "secretary", None)) | changes
    body = {name: value for name, value in body.items() if value is not ...}
    return jwt.encode(header, body, KEY, algorithms=["Ed25519"])


def payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned(alg: str) -> str:
    header = encoded(json.dumps({"alg": alg, "typ": "at+jwt", "kid": "k1"}).encode())
    return f"{header}.{issued().split('.')[1]}."


def with_mac_of_the_public_key() -> str:
    public = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    header = {"alg": "HS256", "typ": "at+jwt", "kid": "k1"}
    return jwt.encode(header, payload(issued()), public, algorithms=["HS256"])


def with_site_edited() -> str:
    header, body, signature = issued().split(".")
    edited = payload(f"{header}.{body}.x") | {"sites": None, "role": "manager"}
    return f"{header}.{encoded(json.dumps(edited).encode())}.{signature}"


def with_doubled_name() -> str:
    """Signed by our own key, so that only the doubled name is wrong."""
    doubled = json.dumps(payload(issued())).encode()[:-1] + b',"role":"manager"}'
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "k1"}
    return jws.serialize_compact(header, doubled, KEY, algorithms=["Ed25519"])


SECONDS_NOW = int(NOW.timestamp())
FORGERIES = {
    "empty": "",
    "words": "not a token",
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg nOnE": unsigned("nOnE"),
    "alg unknown": unsigned("XX256"),
    "mac with the public key": with_mac_of_the_public_key(),
    "signature stripped": issued().rsplit(".", 1)[0] + ".",
    "signature of another token": issued().rsplit(".", 1)[0] + "." + issued(sub="x").rsplit(".", 1)[1],
    "kid path": issued(header={"kid": "../../dev/null"}),
    "kid sql": issued(header={"kid": "' OR 1=1 --"}),
    "kid url": issued(header={"kid": "http://attacker.example/key"}),
    "kid empty": issued(header={"kid": ""}),
    "kid long": issued(header={"kid": "k" * 10_000}),
    "jku": issued(header={"jku": "http://attacker.example/keys"}),
    "x5u": issued(header={"x5u": "http://attacker.example/cert"}),
    "jwk in the header": issued(header={"jwk": KEY.as_dict(private=False)}),
    "five parts like a JWE": issued() + ".a.b",
    "expired": issued(iat=SECONDS_NOW - 301, exp=SECONDS_NOW - 1),
    "not yet": issued(nbf=SECONDS_NOW + 60),
    "no exp": issued(exp=...),
    "exp as text": issued(exp=str(SECONDS_NOW + 60)),
    "too long a life": issued(exp=SECONDS_NOW + 3600),
    "wrong audience": issued(aud="scheduling"),
    "no audience": issued(aud=...),
    "audience in a list": issued(aud=["frontdesk-gateway"]),
    "wrong issuer": issued(iss="elsewhere"),
    "a refresh token's type": issued(header={"typ": "rt+jwt"}),
    "claims for a service": issued(header={"typ": "frontdesk-claims+jwt"}),
    "site claim edited": with_site_edited(),
    "a name twice": with_doubled_name(),
    "no session": issued(sid=...),
}


def test_a_token_of_ours_names_its_session_and_account() -> None:
    assert TOKENS.read(TOKENS.issue(CLAIMS, NOW, "secretary", frozenset({new_id()})), NOW) == CLAIMS


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(name: str) -> None:
    """Seen red by: reading `alg` from the token; comparing no audience; taking `kid` as optional."""
    with pytest.raises(Unauthenticated):
        TOKENS.read(FORGERIES[name], NOW)


def test_a_token_ends_when_its_five_minutes_are_over() -> None:
    token = TOKENS.issue(CLAIMS, NOW, "secretary", None)
    assert TOKENS.read(token, NOW + LIFETIME - timedelta(seconds=1))
    with pytest.raises(Unauthenticated):
        TOKENS.read(token, NOW + LIFETIME)


def test_an_old_key_verifies_while_it_is_in_the_set_and_not_after() -> None:
    old = TOKENS.issue(CLAIMS, NOW, "secretary", None)
    new_key = OKPKey.generate_key("Ed25519", parameters={"kid": "k2"}).as_dict(private=True)
    overlap = Tokens(json.dumps({"keys": [new_key, KEY.as_dict(private=True)]}))
    assert overlap.read(old, NOW) == CLAIMS
    with pytest.raises(Unauthenticated):
        Tokens(json.dumps(new_key)).read(old, NOW)


def test_a_shared_secret_may_be_the_key() -> None:
    tokens = Tokens(json.dumps(OctKey.generate_key(256).as_dict(private=True)))
    assert tokens.read(tokens.issue(CLAIMS, NOW, "biller", None), NOW) == CLAIMS
