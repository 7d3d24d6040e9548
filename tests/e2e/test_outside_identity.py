"""A person of a network's own OpenID provider, from the console to a booked appointment, on a whole system."""

import http.client
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from fix_desk import WITHIN_A_MINUTE, Desk, answer, is_out
from fix_openid import AUDIENCE, OpenIdProvider

from cli.api import Api
from shared.ids import new_id


@dataclass
class Clinic:
    """The provider, known to elm under `name`; `front-desk` is a secretary, `elm-street` the first site."""

    desk: Desk
    openid: OpenIdProvider
    name: str

    def identity(self, verb: str, *arguments: str) -> Any:
        return self.desk.command("identity", verb, self.name, "--network", self.desk.elm.network_id, *arguments)

    def person(self, **claims: Any) -> Api:
        """Somebody with a token of five minutes."""
        return Api(self.desk.system.gateway_url, self.openid.token(**{"sites": ["elm-street"], **claims}))


@pytest.fixture
def clinic(desk: Desk, openid: OpenIdProvider) -> Iterator[Clinic]:
    made = Clinic(desk, openid, f"sso-{secrets.token_hex(3)}")
    for arguments in (
        ("add", "--issuer", openid.issuer, "--audience", AUDIENCE),
        ("map", "--value", "front-desk", "--role", "secretary"),
        ("map", "--value", "elm-street", "--site", desk.elm.sites[0]["name"]),
    ):
        done = made.identity(*arguments)
        assert done.returncode == 0, done.stderr
    yield made
    made.identity("disable")


def test_a_person_of_the_provider_books_at_her_site_and_finds_nothing_at_another(desk: Desk, clinic: Clinic) -> None:
    """Seen red by: every site for whoever names one (gateway/outside/mapping.py)."""
    person, diary, elsewhere = clinic.person(), desk.diary(), desk.diary(site=1)
    assert [one["site_id"] for one in person.get("/v1/sites")["items"]] == [desk.elm.sites[0]["site_id"]]
    booked = person.post("/v1/appointments", diary.body(0, new_patient=desk.newcomer()))
    assert booked["status"] == "booked"
    correlation = {"Frontdesk_Correlation_Id": str(new_id()), "Idempotency_Key": "one"}
    newcomer = desk.newcomer()
    foreign = answer(person, "POST", "/v1/appointments", elsewhere.body(0, new_patient=newcomer), **correlation)
    nowhere = elsewhere.body(0, new_patient=newcomer) | {"site_id": str(new_id())}
    assert foreign.status == 404
    assert foreign.body == answer(person, "POST", "/v1/appointments", nowhere, **correlation).body
    account = person.get("/v1/me")["account_id"]
    audited = "SELECT decision FROM audit_entries WHERE actor_id = %(id)s AND action = 'book_appointment'"
    assert [row["decision"] for row in desk.rows("scheduling", audited, id=account)] == ["allowed"]
    assert {row["decision"] for row in desk.rows("gateway", audited, id=account)} == {"denied"}


def test_her_key_is_hers_whatever_token_she_brings(desk: Desk, clinic: Clinic) -> None:
    """The same subject is the same principal. Seen red by: an account by the token and not by its subject."""
    key, body = f"key-{secrets.token_hex(8)}", desk.diary().body(0, new_patient=desk.newcomer())
    first, again = (clinic.person().post("/v1/appointments", body, key) for _ in range(2))
    assert first == again


@pytest.mark.timeout(200)
def test_a_person_and_a_provider_who_are_disabled_are_out_within_a_minute(desk: Desk, clinic: Clinic) -> None:
    person, colleague = clinic.person(sub="dana"), clinic.person(sub="eve")
    for one in (person, colleague):
        assert answer(one, "GET", "/v1/me").status == 200
    done = desk.command("user", "disable", f"{clinic.name}:dana", "--network", desk.elm.network_id)
    assert done.returncode == 0, done.stderr
    desk.wait_until(lambda: is_out(person), WITHIN_A_MINUTE)
    assert answer(colleague, "GET", "/v1/me").status == 200
    assert clinic.identity("disable").returncode == 0
    desk.wait_until(lambda: is_out(colleague), WITHIN_A_MINUTE)
    # A provider and a session are each remembered for ten seconds, each by itself.
    desk.wait_until(lambda: is_out(clinic.person(sub="finn")), WITHIN_A_MINUTE)


def test_two_tokens_in_one_request_are_none(desk: Desk, clinic: Clinic) -> None:
    person, place = clinic.person(), urlsplit(desk.system.gateway_url)
    for tokens, expected in (([person.token], 200), ([person.token, person.token], 401)):
        asking = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
        asking.putrequest("GET", "/v1/me")
        for token in tokens:
            asking.putheader("Authorization", f"Bearer {token}")
        asking.endheaders()
        assert asking.getresponse().status == expected
        asking.close()


def test_a_provider_that_trickles_holds_up_nobody_else(desk: Desk, clinic: Clinic) -> None:
    """Its request waits for the keys, the event loop does not."""
    clinic.openid.behave = "slow"
    statuses: list[int] = []
    waiting = threading.Thread(target=lambda: statuses.append(answer(clinic.person(), "GET", "/v1/me").status))
    before = len(clinic.openid.asked)
    waiting.start()
    desk.wait_until(lambda: len(clinic.openid.asked) > before)
    assert answer(desk.session(), "GET", "/v1/me").status == 200
    assert waiting.is_alive()
    waiting.join(60)
    assert statuses == [503]


def test_no_part_of_a_token_stands_in_the_gateways_log(desk: Desk, clinic: Clinic) -> None:
    good, forged = clinic.person(), clinic.person(aud="another")
    assert [answer(one, "GET", "/v1/me").status for one in (good, forged)] == [200, 401]
    file = desk.system.instance.logs / "gateway.log"
    desk.wait_until(lambda: "outside-token-refused" in file.read_text("utf-8"))
    log = file.read_text("utf-8")
    for token in (good.token, forged.token):
        assert not any(part in log for part in token.split("."))
    assert "alice" not in log


def test_the_console_says_what_a_token_gives_and_why_one_does_not_hold(desk: Desk, clinic: Clinic) -> None:
    shown = clinic.identity("show")
    assert "groups=front-desk: secretary" in shown.stdout
    assert "1 usable" in shown.stdout
    good = _tried(clinic, clinic.openid.token(sites=["elm-street"]))
    assert f"login   {clinic.name}:alice" in good.stdout
    assert desk.elm.sites[0]["site_id"] in good.stdout
    assert _tried(clinic, clinic.openid.token(aud="another")).stderr.strip().endswith("does not hold: provider-unknown")
    assert _tried(clinic, clinic.openid.token(exp=1)).stderr.strip().endswith("does not hold: expired")
    assert _tried(clinic, clinic.openid.token(groups=[])).stderr.strip() == (
        "frontdesk: Your identity provider's account has no role or no site here (missing: role; claim: groups)"
    )
    assert clinic.name in desk.command("identity", "list", "--network", desk.elm.network_id).stdout


def _tried(clinic: Clinic, token: str) -> Any:
    return clinic.desk.command(
        "identity", "try", clinic.name, "--network", clinic.desk.elm.network_id, given=f"{token}\n"
    )
