"""Claims: only a whole, timely token of ours for this very service tells a service who is asking."""

import base64
import json
import time
from dataclasses import replace
from uuid import UUID

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.asker import Asker
from shared.calls.claims import HEADER, REUSED_SECONDS, Signer, Verifier
from shared.errors import Unauthenticated

KEY = OKPKey.generate_key("Ed25519")
PRIVATE, PUBLIC = KEY.as_dict(private=True), KEY.as_dict(private=False)
STRANGER = OKPKey.generate_key("Ed25519")
ASKER = Asker(
    actor_id="u-1",
    actor_kind="user",
    network_id=UUID(int=1),
    sites=frozenset({UUID(int=2)}),
    scopes=frozenset({"appointments:read"}),
    purpose="TREAT",
)


def token(**changes):
    now = int(time.time())
    claims = {
        "iss": "gateway",
        "aud": "scheduling",
        "iat": now,
        "exp": now + 60,
        "sub": "u-1",
        "kind": "user",
        "network": str(UUID(int=1)),
        "sites": [str(UUID(int=2))],
        "scopes": ["appointments:read"],
        "purpose": "TREAT",
    }
    claims.update(changes)
    return {name: value for name, value in claims.items() if value is not ...}


def signed(claims=None, header=None, key=KEY, algorithms=("Ed25519", "EdDSA", "HS256", "none")):
    return jwt.encode(header or dict(HEADER), claims or token(), key, algorithms=list(algorithms))


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned():
    return f"{part({'alg': 'none', 'typ': HEADER['typ']})}.{part(token())}."


def with_other_sites():
    head, _, signature = signed().split(".")
    return f"{head}.{part(token(sites=None))}.{signature}"


def hmac_with_the_public_key():
    key = OctKey.import_key(base64.urlsafe_b64decode(PUBLIC["x"] + "="))
    return signed(header={"alg": "HS256", "typ": HEADER["typ"]}, key=key)


FORGERIES = {
    "nothing": lambda: "",
    "no token at all": lambda: "a.b.c",
    "not ascii": lambda: "\xff.\xff.\xff",
    "unsigned": unsigned,
    "signed by a stranger": lambda: signed(key=STRANGER),
    "claims exchanged under the signature": with_other_sites,
    "HMAC keyed with the public key": hmac_with_the_public_key,
    "another algorithm's name": lambda: signed(header={"alg": "EdDSA", "typ": HEADER["typ"]}),
    "another type of token": lambda: signed(header={"alg": "Ed25519", "typ": "at+jwt"}),
    "no type": lambda: signed(header={"alg": "Ed25519"}),
    "a key of the forger's in the header": lambda: signed(header={**HEADER, "jwk": STRANGER.as_dict(private=False)}),
    "for another service": lambda: signed(token(aud="billing")),
    "for several services": lambda: signed(token(aud=["scheduling", "billing"])),
    "for no service": lambda: signed(token(aud=...)),
    "from an unknown issuer": lambda: signed(token(iss="notifications")),
    "expired": lambda: signed(token(iat=int(time.time()) - 66, exp=int(time.time()) - 6)),
    "never expiring": lambda: signed(token(exp=...)),
    "long-lived": lambda: signed(token(exp=int(time.time()) + 3600)),
    "from the future": lambda: signed(token(iat=int(time.time()) + 30, exp=int(time.time()) + 60)),
    "expiry as text": lambda: signed(token(exp=str(int(time.time()) + 60))),
    "no network": lambda: signed(token(network=...)),
    "a network that is no id": lambda: signed(token(network="*")),
    "no list of sites": lambda: signed(token(sites=...)),
    "sites that are no ids": lambda: signed(token(sites=["*"])),
    "scopes as text": lambda: signed(token(scopes="appointments:read")),
    "an unknown kind of actor": lambda: signed(token(kind="root")),
    "nobody": lambda: signed(token(sub="")),
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_or_foreign_token_tells_nothing(forgery):
    """Seen red by: dropping the header's comparison, the audience's, the life time's."""
    with pytest.raises(Unauthenticated):
        Verifier(PUBLIC, "scheduling").asker(forgery())


def test_the_asker_arrives_as_the_gateway_signed_it():
    everywhere = Asker(**{**vars(ASKER), "sites": None, "actor_kind": "client", "patients_seen": True})
    for asker in (ASKER, everywhere):
        assert Verifier(PUBLIC, "scheduling").asker(Signer(PRIVATE, "gateway").sign(asker, "scheduling")) == asker


def test_claims_live_for_a_minute_of_real_time():
    made = Signer(json.dumps(PRIVATE), "cli").sign(ASKER, "scheduling")
    with time_machine.travel(time.time() + 55):
        assert Verifier(json.dumps(PUBLIC), "scheduling").asker(made) == ASKER
    with time_machine.travel(time.time() + 70), pytest.raises(Unauthenticated):
        Verifier(PUBLIC, "scheduling").asker(made)


def test_a_token_is_used_again_for_ten_seconds_and_only_by_the_same_asker_for_the_same_service():
    """Seen red by: forgetting the audience, or the sites, in what a kept token is found by."""
    signer = Signer(PRIVATE, "gateway")
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        made = signer.sign(replace(ASKER, correlation_id="c-1"), "scheduling")
        assert signer.sign(replace(ASKER, correlation_id="c-2"), "scheduling") == made
        others = [(ASKER, "records"), (replace(ASKER, sites=frozenset()), "scheduling")]
        others.append((replace(ASKER, patients_seen=True), "scheduling"))
        assert made not in [signer.sign(*other) for other in others]
        clock.shift(REUSED_SECONDS)
        assert signer.sign(ASKER, "scheduling") != made


def test_a_token_that_held_before_is_refused_once_it_has_expired():
    """Seen red by: remembering who asks without from when and until when."""
    verifier = Verifier(PUBLIC, "scheduling")
    made = Signer(PRIVATE, "gateway").sign(ASKER, "scheduling")
    assert verifier.asker(made) == verifier.asker(made) == ASKER
    with time_machine.travel(time.time() + 70), pytest.raises(Unauthenticated):
        verifier.asker(made)


def test_a_service_can_check_claims_and_cannot_make_them():
    with pytest.raises(Exception, match=r".+"):
        Signer(PUBLIC, "gateway").sign(ASKER, "scheduling")
