"""Whatever a stranger makes of a token, it is refused and nothing breaks."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fix_openid import AUDIENCE, OpenIdProvider, rsa_key, signed
from hypothesis import given, settings
from hypothesis import strategies as some
from joserfc.jwk import RSAKey

from gateway.compact import unverified
from gateway.outside.jwk import keys_in
from gateway.outside.provider import KeysUnreadable, Provider, TokenRefused, Vouched
from gateway.outside.verification import LONGEST_TOKEN, verify
from shared.errors import Unauthenticated
from shared.ids import new_id

NOW = 1_800_000_000.0
OPENID = OpenIdProvider("https://clinic.example", now=lambda: NOW)
KEYS = keys_in({"keys": OPENID.published})
PROVIDER = Provider(
    network_id=new_id(),
    provider_id=new_id(),
    name="clinic-sso",
    issuer=OPENID.issuer,
    audience=AUDIENCE,
    keys_uri=None,
    algorithms=frozenset({"RS256"}),
    token_types=frozenset({"at+jwt"}),
    role_claim="groups",
    site_claim="sites",
)
GOOD = OPENID.token()
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
HEADERS = some.dictionaries(some.sampled_from(["alg", "typ", "kid", "jku", "jwk", "crit", "b64", "x5t"]), JSON)
CLAIMS = some.dictionaries(some.sampled_from(["iss", "aud", "sub", "exp", "iat", "nbf", "typ", "cnf"]), JSON)


def read(token: str) -> Vouched | None:
    """What the token says, None where it is refused; any other exception is a failure."""
    try:
        header, claims = unverified(token, LONGEST_TOKEN)
        return verify(token, header, claims, PROVIDER, key_of, NOW)
    except (TokenRefused, Unauthenticated):
        return None


def key_of(kid: str) -> Any:
    if kid not in KEYS:
        raise TokenRefused("key-unknown")
    return KEYS[kid]


def test_a_good_token_is_read() -> None:
    found = read(GOOD)
    assert found is not None
    assert (found.subject, found.provider) == ("alice", PROVIDER)


@pytest.mark.parametrize(
    ("claims", "holds"),
    [
        ({"exp": -29}, True),
        ({"exp": -30}, False),
        ({"exp": 10**6}, True),
        ({"iat": -12 * 3600 + 1, "exp": 10**6}, True),
        ({"iat": -12 * 3600, "exp": 10**6}, False),
        ({"iat": 30}, True),
        ({"iat": 31}, False),
        ({"nbf": 30}, True),
        ({"nbf": 31}, False),
    ],
)
def test_a_token_holds_within_its_times_and_half_a_minute_around_them(claims: dict[str, int], holds: bool) -> None:
    """Seen red by: no look at the end; a leeway of a minute."""
    found = read(OPENID.token(**{name: int(NOW) + seconds for name, seconds in claims.items()}))
    assert (found is not None) == holds


@pytest.mark.parametrize("more", [{"jku": "https://x.example"}, {"x5u": "https://x.example"}, {"x5c": []}, {"jwk": {}}])
def test_a_header_that_offers_a_key_refuses_the_token(more: dict[str, Any]) -> None:
    """Well signed all the same. Seen red by: names in a header that nobody looks at."""
    assert read(OPENID.token(header=more)) is None
    assert read(OPENID.token(header={"x5t": "thumb"})) is not None


@settings(max_examples=100, deadline=None)
@given(place=some.integers(0, len(GOOD) - 2), letter=some.sampled_from("ABCxyz019-_.="))
def test_a_token_with_another_letter_anywhere_is_refused(place: int, letter: str) -> None:
    """But for the last one, half of which is padding. Seen red by: no signature."""
    changed = GOOD[:place] + letter + GOOD[place + 1 :]
    assert changed == GOOD or read(changed) is None


@settings(max_examples=100, deadline=None)
@given(changes=some.just({}) | HEADERS, claims=CLAIMS)
def test_whatever_stands_in_a_header_and_in_claims_nothing_breaks(changes: Any, claims: Any) -> None:
    """Well signed. Seen red by: `exp` taken for a number without a look."""
    found = read(signed(OPENID.header() | changes, OPENID.claims() | claims, OPENID.key))
    assert found is None or (found.claims["iss"], found.claims["aud"]) == (OPENID.issuer, AUDIENCE)


@settings(max_examples=60, deadline=None)
@given(raw=some.binary(max_size=60), parts=some.integers(1, 5))
def test_whatever_bytes_a_token_is_made_of_nothing_breaks(raw: bytes, parts: int) -> None:
    assert read(".".join([raw.hex()] * parts)) is None
    assert read(signed(OPENID.header(), raw, OPENID.key)) is None


@settings(max_examples=60, deadline=None)
@given(found=JSON | some.fixed_dictionaries({"keys": some.lists(HEADERS | some.just(OPENID.published[0]), max_size=4)}))
def test_whatever_a_provider_publishes_nothing_breaks(found: Any) -> None:
    try:
        keys = keys_in(found)
    except KeysUnreadable:
        return
    assert set(keys) <= {"first"}


def test_keys_of_one_id_are_no_keys_and_a_weak_one_is_none() -> None:
    """Seen red by: the last of two keys of an id; keys of any length."""
    first, second = ({**rsa_key(name).as_dict(private=False), "kid": "same"} for name in ("one", "two"))
    assert keys_in({"keys": [first, second]}) == {}
    weak = RSAKey.import_key(rsa.generate_private_key(65537, 1024).public_key(), {"kid": "weak"}).as_dict(private=False)
    assert keys_in({"keys": [weak, OPENID.published[0]]}).keys() == {"first"}
