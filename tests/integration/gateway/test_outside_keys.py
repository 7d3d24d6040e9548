"""The keys of a provider: rotated, away, slow, lying. Nobody waits for long, and nothing is asked without end."""

from typing import Any

import pytest

from gateway.outside import keys as keys_module
from gateway.outside.fetching import KeyFetcher
from gateway.outside.keys import ASK_AGAIN_S, FRESH_S, KeySets
from gateway.outside.provider import KeysUnreadable, Provider, TokenRefused
from shared.errors import Unavailable
from tests.fix_gateway import Front
from tests.fix_openid import Behind, OpenIdProvider
from tests.integration.gateway.outside_front import described, introduce, me


class Hands:
    """Monotonic time that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def provider(front: Front, openid: OpenIdProvider) -> Provider:
    return described(front, openid)


@pytest.fixture
def sets(hands: Hands) -> KeySets:
    return KeySets(KeyFetcher(plain_http=True), hands)


def settled(sets: KeySets, provider: Provider) -> None:
    """Waits until no reading runs."""
    reading = sets._known[provider.provider_id].reading
    if reading:
        assert reading.wait(20)


def test_keys_are_read_once_and_kept(sets: KeySets, provider: Provider, openid: OpenIdProvider) -> None:
    for _ in range(5):
        assert sets.key(provider, "first").kid == "first"
    assert openid.asked == ["/realms/clinic/.well-known/openid-configuration", "/realms/clinic/keys"]


def test_keys_are_read_where_the_operator_says(sets: KeySets, front: Front, openid: OpenIdProvider) -> None:
    sets.key(described(front, openid, keys_uri=f"{openid.issuer}/certs"), "first")
    assert openid.asked == ["/realms/clinic/certs"]


def test_a_new_key_is_found_at_once_and_the_old_one_holds_during_the_overlap(
    front: Front, openid: OpenIdProvider
) -> None:
    """Seen red by: no reading for an unknown key id."""
    provider = introduce(front, openid)
    old = openid.token()
    assert me(front, old).status_code == 200
    known = front.door.outside.keys._known[provider.provider_id]
    known.asked_at -= ASK_AGAIN_S
    openid.rotate()
    new = openid.token()
    assert me(front, new).status_code == 200
    assert me(front, old).status_code == 200
    openid.publish(openid.key)  # the overlap is over
    known.read_at -= FRESH_S
    known.asked_at -= ASK_AGAIN_S
    me(front, new)
    settled(front.door.outside.keys, provider)
    assert me(front, openid.token()).status_code == 200
    assert me(front, old).status_code == 401


def test_unknown_key_ids_ask_the_provider_once_in_ten_seconds(
    sets: KeySets, provider: Provider, openid: OpenIdProvider, hands: Hands
) -> None:
    """A stranger's tokens must not become a flood at the provider. Seen red by: a reading for each unknown id."""
    sets.key(provider, "first")
    hands.seconds += ASK_AGAIN_S + 1
    for turn in range(50):
        with pytest.raises(TokenRefused):
            sets.key(provider, f"made-up-{turn}")
    assert len(openid.asked) == 4


def test_stale_keys_are_read_again_behind_the_requests(
    sets: KeySets, provider: Provider, openid: OpenIdProvider, hands: Hands
) -> None:
    sets.key(provider, "first")
    openid.behave = "slow"
    hands.seconds += FRESH_S + 1
    assert sets.key(provider, "first").kid == "first"  # while the provider is still writing
    assert sets._known[provider.provider_id].reading is not None
    settled(sets, provider)


def test_the_last_keys_hold_for_an_hour_while_the_provider_is_away(
    sets: KeySets, provider: Provider, openid: OpenIdProvider, hands: Hands
) -> None:
    """Seen red by: keys that are dropped when a reading fails; keys that hold for ever."""
    sets.key(provider, "first")
    openid.behave = "fail"
    hands.seconds += 59 * 60
    assert sets.key(provider, "first")
    settled(sets, provider)
    assert sets.key(provider, "first")
    with pytest.raises(Unavailable):
        sets.key(provider, "another")  # nobody can tell whether it is one of its keys
    hands.seconds += 61
    with pytest.raises(Unavailable):
        sets.key(provider, "first")
    openid.behave = "ok"
    hands.seconds += ASK_AGAIN_S
    assert sets.key(provider, "first")


@pytest.mark.parametrize("behave", ["fail", "elsewhere", "garbage", "huge"])
def test_what_a_provider_should_not_answer_gives_no_keys(
    sets: KeySets, provider: Provider, openid: OpenIdProvider, behave: str
) -> None:
    """Seen red by: following redirects; reading without a bound."""
    openid.behave = behave
    with pytest.raises(Unavailable):
        sets.key(provider, "first")
    assert not any("attacker" in path for path in openid.asked)


def test_a_provider_that_trickles_is_left_after_a_few_seconds(
    sets: KeySets, provider: Provider, openid: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.outside.fetching.SECONDS", 1.0)
    openid.behave = "slow"
    with pytest.raises(KeysUnreadable):
        KeyFetcher(plain_http=True)(provider)
    monkeypatch.setattr(keys_module, "PATIENCE_S", 0.2)
    with pytest.raises(Unavailable):
        sets.key(provider, "first")
    settled(sets, provider)


def test_a_discovery_document_of_another_issuer_is_not_believed(front: Front, openid: OpenIdProvider) -> None:
    with pytest.raises(KeysUnreadable):
        KeyFetcher(plain_http=True)(described(front, openid, issuer=f"{openid.issuer}/"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/keys", "file:///etc/passwd", "https://a:b@c.example", "", "x"])
def test_keys_are_read_over_https_alone(front: Front, openid: OpenIdProvider, address: str) -> None:
    with pytest.raises(KeysUnreadable) as refused:
        KeyFetcher(plain_http=False)(described(front, openid, keys_uri=address))
    assert refused.value.why == "not-an-address"


def test_a_provider_is_believed_by_its_certificate(
    front: Front, openid_behind_tls: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: certificates that nobody checks."""
    provider = described(front, openid_behind_tls.openid)
    with pytest.raises(KeysUnreadable) as refused:
        KeyFetcher(plain_http=False)(provider)
    assert refused.value.why == "no-answer"
    assert openid_behind_tls.openid.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(openid_behind_tls.authority))
    assert list(KeyFetcher(plain_http=False)(provider)) == ["first"]


def test_without_its_keys_a_token_is_neither_refused_nor_believed(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    openid.behave = "fail"
    answer: Any = me(front, openid.token())
    assert (answer.status_code, answer.json["slug"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
