"""Every forgery of a provider's token answers one constant 401, and nothing that it names is looked at (RFC 8725)."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwe, jws
from joserfc.jwk import OctKey

from tests.fix_gateway import Front
from tests.fix_openid import OpenIdProvider, ec_key, encoded, rsa_key, signed
from tests.integration.gateway.outside_front import CORRELATION, introduce, me

Forgery = Callable[[OpenIdProvider], str]
LEEWAY = 30


def unsigned(alg: str) -> Forgery:
    return lambda op: ".".join([*op.token(header={"alg": alg}).split(".")[:2], ""])


def mac_with_the_public_key(as_pem: bool) -> Forgery:
    def forged(op: OpenIdProvider) -> str:
        public = op.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        secret = public if as_pem else json.dumps(op.published[0]).encode()
        text = f"{encoded(json.dumps(op.header(alg='HS256')).encode())}.{encoded(json.dumps(op.claims()).encode())}"
        return f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}"

    return forged


def by_the_attacker(**header: Any) -> Forgery:
    """Signed by a key that the header itself offers."""
    return lambda op: op.token(header={"kid": "attackers", **header}, key=rsa_key("attackers"))


def parts(op: OpenIdProvider) -> list[str]:
    return op.token().split(".")


def edited(op: OpenIdProvider, **changes: Any) -> str:
    header, _, signature = parts(op)
    return f"{header}.{encoded(json.dumps(op.claims(**changes)).encode())}.{signature}"


def encrypted(op: OpenIdProvider) -> str:
    header = {"alg": "RSA-OAEP", "enc": "A128GCM", "typ": "at+jwt", "kid": op.key.kid, "cty": "JWT"}
    return jwe.encrypt_compact(header, op.token().encode(), op.key)


def doubled(op: OpenIdProvider, name: str, value: str) -> str:
    body = json.dumps(op.claims())[:-1] + f', "{name}": {value}}}'
    return signed(op.header(), body.encode(), op.key)


def doubled_header(op: OpenIdProvider) -> str:
    text = encoded(json.dumps(op.header()).encode()[:-1] + b', "kid": "first"}')
    good = op.token()
    return f"{text}.{good.split('.')[1]}.{good.split('.')[2]}"


def raw_number(op: OpenIdProvider, name: str, number: str) -> str:
    body = json.dumps(op.claims(**{name: 12345678})).replace("12345678", number)
    return signed(op.header(), body.encode(), op.key)


def with_ec_key_and_rsa_kid(op: OpenIdProvider) -> str:
    body = json.dumps(op.claims()).encode()
    return jws.serialize_compact(op.header(alg="ES256"), body, ec_key("ec"), algorithms=["ES256"])


def seconds(op: OpenIdProvider, **changes: int) -> str:
    return op.token(**{name: int(op.now()) + value for name, value in changes.items()})


FORGERIES: dict[str, Forgery] = {
    "empty": lambda _: "",
    "words": lambda _: "not-a-token",
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg nOnE": unsigned("nOnE"),
    "alg none with a signature": lambda op: op.token(header={"alg": "none"}),
    "mac with the public key as PEM": mac_with_the_public_key(as_pem=True),
    "mac with the public key as JWK": mac_with_the_public_key(as_pem=False),
    "alg unknown": lambda op: op.token(header={"alg": "XX256"}),
    "alg that the provider does not use": lambda op: op.token(header={"alg": "RS512"}),
    "alg as a list": lambda op: op.token(header={"alg": ["RS256"]}),
    "alg missing": lambda op: op.token(header={"alg": ...}),
    "alg of another kind of key": lambda op: op.token(header={"alg": "ES256"}),
    "alg of another kind of key, well signed": with_ec_key_and_rsa_kid,
    "kid path": lambda op: op.token(header={"kid": "../../dev/null"}),
    "kid sql": lambda op: op.token(header={"kid": "' OR 1=1 --"}),
    "kid url": lambda op: op.token(header={"kid": f"{op.issuer}/attacker"}),
    "kid empty": lambda op: op.token(header={"kid": ""}),
    "kid long": lambda op: op.token(header={"kid": "k" * 10_000}),
    "kid number": lambda op: op.token(header={"kid": 1}),
    "kid missing": lambda op: op.token(header={"kid": ...}),
    "jku": lambda op: by_the_attacker(jku=f"{op.issuer}/attacker")(op),
    "jku with a good signature": lambda op: op.token(header={"jku": f"{op.issuer}/attacker"}),
    "x5u": lambda op: by_the_attacker(x5u=f"{op.issuer}/attacker")(op),
    "jwk": by_the_attacker(jwk=rsa_key("attackers").as_dict(private=False)),
    "x5c": by_the_attacker(x5c=["MIIB"]),
    "crit": lambda op: op.token(header={"crit": ["exp"]}),
    "zip": lambda op: op.token(header={"zip": "DEF"}),
    "signature by another key": lambda op: op.token(key=rsa_key("attackers")),
    "signature of another token": lambda op: ".".join([*parts(op)[:2], parts(op)[2]]),
    "signature empty": lambda op: ".".join([*parts(op)[:2], ""]),
    "signature stripped": lambda op: ".".join(parts(op)[:2]),
    "encrypted": encrypted,
    "nested": lambda op: signed(op.header(cty="JWT"), op.token().encode(), op.key),
    "expired by a second beyond the leeway": lambda op: seconds(op, iat=-300, exp=-LEEWAY - 1),
    "not yet": lambda op: seconds(op, nbf=LEEWAY + 1),
    "issued in the future": lambda op: seconds(op, iat=LEEWAY + 1),
    "older than twelve hours": lambda op: seconds(op, iat=-12 * 3600, exp=3600),
    "no exp": lambda op: op.token(exp=...),
    "no iat": lambda op: op.token(iat=...),
    "exp as text": lambda op: op.token(exp="2099-01-01"),
    "exp as truth": lambda op: op.token(exp=True),
    "exp infinite": lambda op: raw_number(op, "exp", "Infinity"),
    "exp beyond all numbers": lambda op: raw_number(op, "exp", "1e999"),
    "exp of many digits": lambda op: raw_number(op, "exp", "9" * 400),
    "aud wrong": lambda op: op.token(aud="another-api"),
    "aud missing": lambda op: op.token(aud=...),
    "aud in a list": lambda op: op.token(aud=["frontdesk-api", "another-api"]),
    "aud alone in a list": lambda op: op.token(aud=["frontdesk-api"]),
    "iss wrong": lambda op: op.token(iss="https://elsewhere.example"),
    "iss with a slash more": lambda op: op.token(iss=f"{op.issuer}/"),
    "iss missing": lambda op: op.token(iss=...),
    "iss that no database takes": lambda op: op.token(iss="a\0b"),
    "iss of our own tokens": lambda op: op.token(iss="frontdesk", aud="frontdesk-gateway"),
    "a refresh token's type": lambda op: op.token(header={"typ": "rt+jwt"}),
    "a refresh token, as Keycloak says it": lambda op: op.token(typ="Refresh"),
    "an ID token, as Keycloak says it": lambda op: op.token(typ="ID"),
    "bound to a key that nobody shows": lambda op: op.token(cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
    "type missing": lambda op: op.token(header={"typ": ...}),
    "a type that was not agreed on": lambda op: op.token(header={"typ": "JWT"}),
    "sub missing": lambda op: op.token(sub=...),
    "sub empty": lambda op: op.token(sub=""),
    "sub long": lambda op: op.token(sub="s" * 256),
    "sub number": lambda op: op.token(sub=7),
    "of another environment with the same names": lambda op: op.token(key=rsa_key("another environment")),
    "site claim edited": lambda op: edited(op, sites=["everywhere"]),
    "role claim edited": lambda op: edited(op, groups=["managers"]),
    "a claim twice": lambda op: doubled(op, "groups", '["managers"]'),
    "a header's name twice": doubled_header,
    "a payload that is no object": lambda op: signed(op.header(), b"[1]", op.key),
    "a bottomless payload": lambda op: signed(op.header(), b"[" * 6000, op.key),
    "a payload that is no text": lambda op: signed(op.header(), b"\xff\xfe", op.key),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_outside_token_is_refused_like_no_token(front: Front, openid: OpenIdProvider, name: str) -> None:
    """Seen red by, each at its own forgery: no signature; `alg` as the token says; no look at `typ`, at `nbf`, at the
    age of a token, at `sub`, at `cnf`; a leeway of a minute; doubled names; numbers without a bound."""
    introduce(front, openid)
    assert me(front, openid.token()).status_code == 200
    before, forged = len(openid.asked), FORGERIES[name](openid)
    answer, plain = me(front, forged), me(front, "")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.content == plain.content
    assert not any("attacker" in path for path in openid.asked)
    assert len(openid.asked) == before


def test_a_token_in_the_query_and_two_tokens_in_one_header_are_none(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    token, plain = openid.token(), me(front, "")
    assert me(front, token).status_code == 200
    for more in ({"query_string": f"access_token={token}"}, {"query_string": f"token={token}"}):
        answer = front.get("/v1/me", headers=CORRELATION, **more)
        assert (answer.status_code, answer.content) == (401, plain.content)
    twice = {**CORRELATION, "Authorization": f"Bearer {token}, Bearer {token}"}
    assert front.get("/v1/me", headers=twice).content == plain.content


@pytest.mark.parametrize("public", [True, False])
def test_keys_that_are_no_public_signing_keys_verify_nothing(
    front: Front, openid: OpenIdProvider, public: bool
) -> None:
    """A secret or a private key that a provider publishes by mistake is known to everybody."""
    introduce(front, openid)
    secret = OctKey.generate_key(256, parameters={"kid": "shared"})
    extra = secret.as_dict(private=True) if public else rsa_key("leaked").as_dict(private=True)
    openid.published.append(extra)
    assert me(front, openid.token()).status_code == 200
    assert me(front, openid.token(header={"kid": "leaked"}, key=rsa_key("leaked"))).status_code == 401
    body = json.dumps(openid.claims()).encode()
    mac = jws.serialize_compact(openid.header(alg="HS256", kid="shared"), body, secret, algorithms=["HS256"])
    assert me(front, mac).status_code == 401


def test_every_forgery_differs_from_a_good_token(openid: OpenIdProvider) -> None:
    """A forgery that is one by accident proves nothing: those with a good header and signature differ in one claim."""
    good = openid.header()
    for name in ("aud wrong", "sub missing", "no exp"):
        header = FORGERIES[name](openid).split(".")[0]
        assert json.loads(base64.urlsafe_b64decode(header + "==")) == good
