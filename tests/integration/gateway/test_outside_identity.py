"""People whom a network's own OpenID provider vouches for: who they are here, and until when."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from joserfc import jwt

from gateway.memory import REREAD_S
from gateway.outside.repository import ProviderTaken
from gateway.repository import AccountsUnit
from shared.errors import Invalid, NotFound, Unauthenticated
from shared.ids import new_id
from tests.fix_gateway import Front
from tests.fix_openid import OpenIdProvider, ec_key
from tests.integration.gateway.outside_front import described, introduce, me

NewProvider = Callable[[], OpenIdProvider]


def test_a_token_of_the_networks_provider_lets_its_person_in(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    answer = me(front, openid.token())
    assert answer.status_code == 200
    assert (answer.json["role"], answer.json["site_ids"]) == ("secretary", [str(front.site_id)])
    assert answer.json["login"] == "clinic-sso:alice"
    assert front.audit("sign_in") == ["allowed"]


def test_what_the_services_see_is_the_mapped_role_at_the_mapped_sites(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    front.answers["scheduling.sites"] = {"items": [], "next": None}
    assert front.get("/v1/sites", openid.token()).status_code == 200
    (_, _, _, asker, _) = front.asked[-1]
    assert (asker.actor_kind, asker.network_id, asker.sites) == ("user", front.network_id, frozenset({front.site_id}))
    assert "network:manage" not in asker.scopes
    assert front.post("/v1/sites", {"name": "New", "zone": "America/Chicago"}, openid.token()).status_code == 403


def test_the_same_subject_is_the_same_principal_and_another_one_is_not(front: Front, openid: OpenIdProvider) -> None:
    """Idempotency keys and the audit hang on it. Seen red by: an account by the token and not by its subject."""
    introduce(front, openid)
    first, second, other = (me(front, openid.token(sub=sub)).json for sub in ("alice", "alice", "Alice"))
    assert first["account_id"] == second["account_id"] != other["account_id"]
    assert re.fullmatch(r"clinic-sso/[0-9a-f-]{36}", other["login"])
    assert len(front.rows("SELECT 1 FROM accounts WHERE provider_id IS NOT NULL")) == 2


def test_one_token_is_one_session_however_often_it_is_shown(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    token = openid.token()
    for _ in range(3):
        assert me(front, token).status_code == 200
    front.door.outside._opened.clear()
    assert me(front, token).status_code == 200
    assert len(front.rows("SELECT 1 FROM sessions WHERE kind = 'outside'")) == 1
    assert front.audit("sign_in") == ["allowed"]


def test_signing_out_ends_that_token_and_no_other(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    token, other = openid.token(), openid.token()
    assert front.request("DELETE", "/v1/sessions/current", token).status_code == 204
    front.forget_standings()
    front.door.outside._opened.clear()
    assert me(front, token).status_code == 401
    assert me(front, other).status_code == 200


def test_a_disabled_person_is_out_with_old_and_new_tokens(front: Front, openid: OpenIdProvider) -> None:
    """Seen red by: a session opened without a look at the account."""
    introduce(front, openid)
    token = openid.token()
    assert me(front, token).status_code == 200
    assert front.directory.disable(front.network_id, "clinic-sso:alice")
    front.forget_standings()
    assert me(front, token).status_code == 401
    assert me(front, openid.token()).status_code == 401
    assert me(front, openid.token(sub="bob")).status_code == 200
    assert front.audit("sign_in") == ["allowed", "denied", "allowed"]


def test_a_disabled_provider_is_out_and_its_old_tokens_stay_out(front: Front, openid: OpenIdProvider) -> None:
    """Seen red by: sessions that are left open."""
    provider = introduce(front, openid)
    token = openid.token()
    assert me(front, token).status_code == 200
    assert front.registry.disable(front.network_id, provider.name)
    assert not front.registry.disable(front.network_id, provider.name)
    front.forget_standings()
    assert me(front, token).status_code == 401
    assert me(front, openid.token()).status_code == 401
    assert front.registry.enable(front.network_id, provider.name)
    front.forget_standings()
    assert me(front, token).status_code == 401
    assert me(front, openid.token()).status_code == 200


def test_an_open_page_of_a_disabled_provider_ends_too(front: Front, openid: OpenIdProvider) -> None:
    """A live page asks for its session alone. Seen red by: sessions that are left open."""
    provider = introduce(front, openid)
    account = me(front, openid.token()).json["account_id"]
    (session,) = front.rows("SELECT session_id FROM sessions WHERE account_id = %s", account)
    front.registry.disable(front.network_id, provider.name)
    front.forget_standings()
    with pytest.raises(Unauthenticated):
        front.door.standings.of(front.network_id, session["session_id"], active=False)


def test_another_mapping_is_in_force_for_a_token_that_is_in_use(front: Front, openid: OpenIdProvider) -> None:
    """Seen red by: the role of the token's first use."""
    provider = introduce(front, openid)
    token = openid.token()
    assert me(front, token).json["role"] == "secretary"
    front.registry.map_role(front.network_id, provider.name, "front-desk", "biller")
    front.registry.map_sites(front.network_id, provider.name, "elm", None)
    front.forget_standings()
    assert (me(front, token).json["role"], me(front, token).json["site_ids"]) == ("biller", None)
    assert front.registry.unmap(front.network_id, provider.name, "front-desk")
    front.forget_standings()
    assert me(front, token).status_code == 403


@pytest.mark.parametrize(
    ("claims", "details"),
    [
        ({"groups": ["visitors"]}, {"missing": "role", "claim": "groups"}),
        ({"groups": ...}, {"missing": "role", "claim": "groups"}),
        ({"groups": 5}, {"missing": "role", "claim": "groups"}),
        ({"groups": {"front-desk": True}}, {"missing": "role", "claim": "groups"}),
        ({"sites": ["harbor"]}, {"missing": "site", "claim": "sites"}),
        ({"sites": []}, {"missing": "site", "claim": "sites"}),
        ({"groups": ["front-desk", "billing"]}, {"several": ["biller", "secretary"], "claim": "groups"}),
    ],
)
def test_claims_that_give_no_role_or_site_are_refused_with_what_to_do(
    front: Front, openid: OpenIdProvider, claims: dict[str, Any], details: dict[str, Any]
) -> None:
    """Seen red by: a role for whoever has none; every site for whoever names none."""
    provider = introduce(front, openid)
    front.registry.map_role(front.network_id, provider.name, "billing", "biller")
    answer = me(front, openid.token(**claims))
    assert (answer.status_code, answer.json["slug"]) == (403, "not-mapped")
    assert answer.json["details"] == details
    assert "frontdesk identity map" in answer.json["detail"]
    assert front.audit("sign_in") == ["denied"]
    assert front.rows("SELECT 1 FROM sessions") == []


def test_the_widest_of_several_roles_counts_and_the_sites_add_up(front: Front, openid: OpenIdProvider) -> None:
    provider = introduce(front, openid)
    front.registry.map_role(front.network_id, provider.name, "bosses", "manager")
    front.registry.map_sites(front.network_id, provider.name, "oak", [front.other_site_id])
    answer = me(front, openid.token(groups=["front-desk", "bosses"], sites=["elm", "oak", "nowhere"])).json
    assert answer["role"] == "manager"
    assert set(answer["site_ids"]) == {str(front.site_id), str(front.other_site_id)}


def test_claims_may_stand_deep_inside_or_in_one_text(front: Front, openid: OpenIdProvider) -> None:
    """Keycloak's realm_access.roles, an address as a name, one word alone."""
    introduce(front, openid, role_claim="realm_access.roles", site_claim="https://clinic.example/sites")
    claims = {"realm_access": {"roles": ["front-desk"]}, "https://clinic.example/sites": "elm"}
    assert me(front, openid.token(**claims)).json["role"] == "secretary"


def test_a_provider_of_one_network_says_nothing_in_another(front: Front, new_openid: NewProvider) -> None:
    ours, theirs = new_openid(), new_openid()
    theirs.rotate("theirs", overlap=False)
    introduce(front, ours)
    other = new_id()
    front.directory.open_network(other, "South")
    introduce(front, theirs, network_id=other)
    assert me(front, ours.token()).json["network"]["network_id"] == str(front.network_id)
    assert me(front, theirs.token()).json["network"]["network_id"] == str(other)
    assert me(front, ours.token(iss=theirs.issuer)).status_code == 401
    assert me(front, theirs.token(iss=ours.issuer)).status_code == 401
    assert me(front, ours.token(iss=theirs.issuer, aud="x")).status_code == 401
    with pytest.raises(ProviderTaken):
        front.registry.add(described(front, ours, network_id=other, name="stolen"))


def test_a_person_of_a_provider_has_no_password_here(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    assert me(front, openid.token()).status_code == 200
    for password in ("", "None", "x"):
        assert front.sign_in("clinic-sso:alice", password).status_code in (401, 422)
    assert front.post("/v1/sessions/renewals", {"refresh_token": "clinic-sso:alice"}).status_code == 401


def test_a_token_ends_with_its_session_when_nobody_uses_it(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    token = openid.token(exp=int(openid.now()) + 3600)
    assert me(front, token).status_code == 200
    front.clock.instant += timedelta(minutes=16)
    assert me(front, token).status_code == 401
    assert me(front, openid.token()).status_code == 200


def test_a_token_holds_to_its_end_and_half_a_minute_longer(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    token = openid.token()
    front.clock.instant += timedelta(seconds=329)
    assert me(front, token).status_code == 200
    front.clock.instant += timedelta(seconds=1)
    assert me(front, token).status_code == 401


def test_other_agreed_algorithms_and_types_hold(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid, token_types=frozenset({"jwt", "at+jwt"}))
    openid.publish(ec_key("ec"), openid.key)
    header = {"alg": "ES256", "typ": "application/at+JWT", "kid": "ec", "x5t": "thumb"}
    assert me(front, jwt.encode(header, openid.claims(), ec_key("ec"), algorithms=["ES256"])).status_code == 200
    assert me(front, openid.token(header={"typ": "JWT"}, typ="Bearer")).status_code == 200


def test_while_the_accounts_database_is_away_tokens_in_use_go_on(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    token = openid.token()
    front.answers["scheduling.sites"] = {"items": [], "next": None}
    assert front.get("/v1/sites", token).status_code == 200
    for remembers in (front.door.standings, front.door.outside.providers):
        remembers._units = _Away()  # type: ignore[assignment]
        for key, found in remembers._known._known.items():
            remembers._known._known[key] = replace(found, read_at=found.read_at - REREAD_S)
    assert front.get("/v1/sites", token).status_code == 200
    object.__setattr__(front.door.outside, "units", _Away())
    assert front.get("/v1/sites", openid.token()).status_code == 503


class _Away:
    def for_network(self, *_: Any, **__: Any) -> Any:
        raise psycopg2.OperationalError

    for_call = for_network


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "ftp://clinic.example"},
        {"issuer": "https://clinic.example?x=1"},
        {"issuer": "https://user:pass@clinic.example"},
        {"keys_uri": "file:///etc/passwd"},
        {"audience": "two words"},
        {"algorithms": frozenset({"HS256"})},
        {"algorithms": frozenset({"none"})},
        {"algorithms": frozenset()},
        {"token_types": frozenset({"AT+JWT"})},
        {"name": "Clinic SSO"},
        {"role_claim": ""},
    ],
)
def test_a_provider_that_nobody_could_trust_is_not_added(
    front: Front, openid: OpenIdProvider, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        front.registry.add(described(front, openid, **wrong))


def test_outside_of_a_simulation_providers_speak_https_alone(front: Front, openid: OpenIdProvider) -> None:
    object.__setattr__(front.registry, "plain_http", False)
    with pytest.raises(Invalid):
        front.registry.add(described(front, openid))


def test_a_provider_is_one_networks_and_unknown_ones_are_not_found(front: Front, openid: OpenIdProvider) -> None:
    provider = introduce(front, openid)
    assert [one.name for one in front.registry.all(front.network_id)] == [provider.name]
    assert front.registry.all(new_id()) == []
    with pytest.raises(NotFound):
        front.registry.disable(new_id(), provider.name)
    with pytest.raises(NotFound):
        front.registry.add(described(front, openid, network_id=new_id(), audience="x"))
    with pytest.raises(Invalid):
        front.registry.map_role(front.network_id, provider.name, "robots", "integration")
    assert front.audit("add_identity_provider")[0] == "allowed"


def test_the_tables_of_providers_are_seen_in_their_network_alone(front: Front, openid: OpenIdProvider) -> None:
    introduce(front, openid)
    with front.door.units.for_network(new_id()) as uow:
        assert isinstance(uow, AccountsUnit)
        for table in ("identity_providers", "identity_roles", "identity_sites"):
            with uow.connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) AS n FROM {table}")
                assert cursor.fetchone()["n"] == 0
