"""Sessions: signing in, renewing, being thrown out."""

import base64
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from gateway.guesses import FREE_FAILURES, LONGEST_WAIT_S
from gateway.passwords import Passwords
from gateway.sessions import secret_hash
from gateway.successors import Successors
from shared.errors import Unavailable
from tests.fix_gateway import FORM, Front

CORRELATION = {"Frontdesk-Correlation-Id": "0193a1f0-0000-7000-8000-00000000000f"}


def test_a_person_signs_in_and_is_who_the_directory_says(front: Front) -> None:
    login, password = front.account("secretary")
    answer = front.sign_in(login.upper(), password)
    me = front.get("/v1/me", answer.json["access_token"])
    assert answer.status_code == 201
    assert me.json["login"] == login
    assert me.json["network"] == {"network_id": str(front.network_id), "name": "North"}
    assert me.json["site_ids"] == [str(front.site_id)]
    assert front.audit("sign_in") == ["allowed"]


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(front: Front) -> None:
    """Seen red by: a slug of its own for unknown logins."""
    login, _ = front.account()
    known = front.post("/v1/sessions", {"login": login, "password": "wrong"}, headers=CORRELATION)
    unknown = front.post("/v1/sessions", {"login": "nobody", "password": "wrong"}, headers=CORRELATION)
    assert known.status_code == unknown.status_code == 401
    assert known.content == unknown.content
    assert front.audit("sign_in") == ["denied"]


def test_many_failures_make_every_further_try_wait(front: Front) -> None:
    """Seen red by: no count of failures."""
    login, password = front.account()
    for name in (login, "nobody"):
        for _ in range(FREE_FAILURES + 1):
            last = front.sign_in(name, "wrong")
        assert last.status_code in (401, 429)
        refused = front.sign_in(name, password)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1


def test_guesses_at_the_same_moment_are_counted_one_by_one(front: Front) -> None:
    """Seen red by: a look at the count before the slow hash, and counting after it."""
    login, _ = front.account()
    hashed: list[str] = []

    class Slow(Passwords):
        def holds(self, stored_hash: str | None, password: str) -> bool:
            hashed.append(password)
            everybody.wait()
            return False

    everybody = Event()
    object.__setattr__(front.door.desk, "passwords", Slow())
    with ThreadPoolExecutor(12) as guessing:
        guesses = [guessing.submit(front.sign_in, login, f"guess-{turn}") for turn in range(12)]
        done, _ = wait(guesses, timeout=20, return_when=FIRST_COMPLETED)
        while len(done) < 12 - FREE_FAILURES and len(hashed) <= FREE_FAILURES and len(done) + len(hashed) < 12:
            done, _ = wait(guesses, timeout=0.1)
        everybody.set()
    statuses = sorted(one.result().status_code for one in guesses)
    assert statuses == [401] * FREE_FAILURES + [429] * (12 - FREE_FAILURES)
    assert len(hashed) == FREE_FAILURES


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (FREE_FAILURES - 1, 0), (FREE_FAILURES, 1), (8, 8), (40, LONGEST_WAIT_S)]
)
def test_waiting_doubles_up_to_five_minutes(front: Front, failures: int, seconds: int) -> None:
    at, login = datetime.now(UTC), secret_hash("somebody")
    bounds = (at - timedelta(hours=1), FREE_FAILURES, LONGEST_WAIT_S)
    for turn in range(failures):
        at += timedelta(seconds=LONGEST_WAIT_S)
        assert front.door.look_ups.take_attempt(login, at, *bounds) == 0, turn
    assert front.door.look_ups.take_attempt(login, at, *bounds) == seconds


def test_failures_of_long_ago_count_for_nothing(front: Front) -> None:
    at, login = datetime.now(UTC), secret_hash("somebody")
    for hours in range(FREE_FAILURES + 2):
        then = at + timedelta(hours=hours)
        assert front.door.look_ups.take_attempt(login, then, then - timedelta(minutes=15), FREE_FAILURES, 300) == 0


def test_a_try_that_found_no_place_at_the_hasher_counts_for_nothing(front: Front) -> None:
    """Seen red by: tries that are never given back."""
    login, password = front.account()

    class Full(Passwords):
        def holds(self, stored_hash: str | None, password: str) -> bool:
            raise Unavailable

    there = front.door.desk.passwords
    object.__setattr__(front.door.desk, "passwords", Full())
    for _ in range(FREE_FAILURES + 1):
        assert front.sign_in(login, password).status_code == 503
    object.__setattr__(front.door.desk, "passwords", there)
    assert front.sign_in(login, password).status_code == 201


def test_a_program_that_knows_its_secret_never_waits(front: Front) -> None:
    """Twenty workers of an importer ask at once, and somebody has been guessing."""
    client_id, secret = front.account("integration")
    for _ in range(FREE_FAILURES + 2):
        assert front.client_token(client_id, "wrong").status_code in (401, 429)
    with ThreadPoolExecutor(8) as workers:
        answers = list(workers.map(lambda _: front.client_token(client_id, secret).status_code, range(20)))
    assert answers == [200] * 20


def test_a_success_ends_the_count_of_failures(front: Front) -> None:
    login, password = front.account()
    for _ in range(FREE_FAILURES - 1):
        front.sign_in(login, "wrong")
    assert front.sign_in(login, password).status_code == 201
    assert front.rows("SELECT 1 FROM login_attempts") == []


def test_a_renewal_gives_the_next_tokens(front: Front) -> None:
    first = front.sign_in(*front.account()).json
    second = front.post("/v1/sessions/renewals", {"refresh_token": first["refresh_token"]}).json
    assert second["session_id"] == first["session_id"]
    assert second["refresh_token"] != first["refresh_token"]
    assert front.get("/v1/me", second["access_token"]).status_code == 200


def test_a_renewal_whose_answer_was_lost_may_be_asked_again_for_half_a_minute(front: Front) -> None:
    """Whoever holds either answer goes on. Seen red by: a new random token for each try."""
    first = front.sign_in(*front.account()).json
    answers = [renewed(front, first["refresh_token"]) for _ in range(3)]
    assert [one.status_code for one in answers] == [200] * 3
    assert len({one.json["refresh_token"] for one in answers}) == 1
    for one in answers:
        assert front.get("/v1/me", one.json["access_token"]).status_code == 200
    assert renewed(front, answers[0].json["refresh_token"]).status_code == 200


def test_renewals_at_the_same_moment_all_give_tokens_that_can_be_used(front: Front) -> None:
    """A page with two tabs. Seen red by: a new random token for each try."""
    first = front.sign_in(*front.account()).json
    with ThreadPoolExecutor(6) as tabs:
        answers = list(tabs.map(lambda _: renewed(front, first["refresh_token"]), range(6)))
    assert [one.status_code for one in answers] == [200] * 6
    for one in answers:
        assert renewed(front, one.json["refresh_token"]).status_code == 200


def test_asking_again_does_not_make_the_half_minute_longer(front: Front) -> None:
    """Seen red by: a rotation, and its instant, for each try."""
    first = front.sign_in(*front.account()).json
    for _ in range(2):
        assert renewed(front, first["refresh_token"]).status_code == 200
        front.clock.instant += timedelta(seconds=20)
    assert renewed(front, first["refresh_token"]).status_code == 401


def test_a_try_that_waited_while_its_successor_was_spent_puts_nobody_out(front: Front) -> None:
    """The row's lock let a later renewal pass. Seen red by: no look at the token before the present one."""
    first = front.sign_in(*front.account()).json
    second = renewed(front, first["refresh_token"]).json
    third = renewed(front, second["refresh_token"]).json
    desk, spent = front.door.desk, secret_hash(first["refresh_token"])
    with front.door.units.for_network(front.network_id) as uow:
        assert not desk._rotate(uow, UUID(first["session_id"]), spent, second["refresh_token"])
        uow.commit()
    assert renewed(front, third["refresh_token"]).status_code == 200


def test_a_successor_is_made_by_the_gateways_key_alone() -> None:
    ours, theirs = Successors("one"), Successors("another")
    assert ours.of("token") == Successors("one").of("token")
    assert len({ours.of("token"), theirs.of("token"), ours.of("other"), "token"}) == 4


def renewed(front: Front, refresh_token: str) -> Any:
    return front.post("/v1/sessions/renewals", {"refresh_token": refresh_token})


def test_a_refresh_token_that_was_spent_long_ago_ends_its_session(front: Front) -> None:
    """Seen red by: accepting the previous token without end."""
    first = front.sign_in(*front.account()).json
    second = front.post("/v1/sessions/renewals", {"refresh_token": first["refresh_token"]}).json
    front.clock.instant += timedelta(minutes=2)
    stolen = front.post("/v1/sessions/renewals", {"refresh_token": first["refresh_token"]})
    owner = front.post("/v1/sessions/renewals", {"refresh_token": second["refresh_token"]})
    assert (stolen.status_code, owner.status_code) == (401, 401)
    assert front.audit("renew_session") == ["allowed", "denied"]


def test_a_refresh_token_is_no_access_token(front: Front) -> None:
    tokens = front.sign_in(*front.account()).json
    assert front.get("/v1/me", tokens["refresh_token"]).status_code == 401


def test_signing_out_ends_the_session_at_once_in_this_process(front: Front) -> None:
    tokens = front.sign_in(*front.account()).json
    assert front.request("DELETE", "/v1/sessions/current", tokens["access_token"]).status_code == 204
    assert front.get("/v1/me", tokens["access_token"]).status_code == 401
    assert front.post("/v1/sessions/renewals", {"refresh_token": tokens["refresh_token"]}).status_code == 401


@pytest.mark.requirement("36e")
def test_a_disabled_user_is_out_when_the_session_is_read_again(front: Front) -> None:
    """Seen red by: never reading the session's row again while its token lasts."""
    login, password = front.account()
    token = front.sign_in(login, password).json["access_token"]
    assert front.get("/v1/me", token).status_code == 200
    assert front.directory.disable(front.network_id, login)
    front.forget_standings()
    assert front.get("/v1/me", token).status_code == 401
    assert front.sign_in(login, password).status_code == 401


def test_a_role_that_was_taken_away_is_gone_with_the_old_token(front: Front) -> None:
    login, password = front.account("manager")
    token = front.sign_in(login, password).json["access_token"]
    with front.door.units.for_network(front.network_id) as uow:
        uow.connection.cursor().execute("UPDATE memberships SET role = 'secretary'")
        uow.commit()
    front.forget_standings()
    assert "network:manage" not in front.get("/v1/me", token).json["scopes"]


def test_an_idle_session_ends_after_fifteen_minutes(front: Front) -> None:
    first = front.sign_in(*front.account()).json
    front.clock.instant += timedelta(minutes=16)
    assert front.post("/v1/sessions/renewals", {"refresh_token": first["refresh_token"]}).status_code == 401


def test_a_session_in_use_ends_after_twelve_hours(front: Front) -> None:
    tokens = front.sign_in(*front.account()).json
    for _ in range(12 * 6):
        front.clock.instant += timedelta(minutes=10)
        answer = front.post("/v1/sessions/renewals", {"refresh_token": tokens["refresh_token"]})
        tokens = answer.json
    assert answer.status_code == 401


def test_a_page_lives_by_its_cookie_and_gets_no_token(front: Front) -> None:
    answer = front.sign_in(*front.account(), cookie=True)
    cookie = answer.headers["Set-Cookie"]
    assert "access_token" not in answer.json
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    value = cookie.split(";")[0]
    assert front.get("/v1/me", headers={"Cookie": value}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Frontdesk-Page": "1", "Origin": "http://attacker.example"},
        {"Frontdesk-Page": "1", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_write_by_cookie_comes_from_our_own_page(front: Front, headers: dict[str, str]) -> None:
    """Seen red by: not looking at Origin and Sec-Fetch-Site."""
    value = front.sign_in(*front.account(), cookie=True).headers["Set-Cookie"].split(";")[0]
    answer = front.post(f"/v1/appointments/{front.site_id}/check-in", headers={"Cookie": value, **headers})
    assert answer.status_code == 401
    assert front.asked == []


def test_a_program_gets_a_token_by_its_credentials(front: Front) -> None:
    client_id, secret = front.account("integration")
    answer = front.client_token(client_id, secret)
    assert answer.status_code == 200
    assert "texts:reply" in front.get("/v1/me", answer.json["access_token"]).json["scopes"]


def test_a_program_that_is_not_known_gets_invalid_client(front: Front) -> None:
    answer = front.client_token("nobody", "x")
    assert (answer.status_code, answer.json["slug"]) == (401, "invalid-client")


@pytest.mark.parametrize("given", ["", "Bearer", "Basic abc", "Bearer a, Bearer b", "Bearer \u00e9"])
def test_no_token_and_half_a_token_have_one_constant_answer(front: Front, given: str) -> None:
    headers: dict[str, Any] = {**CORRELATION, **({"Authorization": given} if given else {})}
    answer = front.get("/v1/sites", headers=headers)
    plain = front.get("/v1/sites", headers=CORRELATION)
    assert answer.status_code == 401
    assert answer.content == plain.content


def test_a_token_in_the_query_string_is_no_token(front: Front) -> None:
    token = front.token()
    assert front.get("/v1/sites", query_string=f"access_token={token}").status_code == 401


def test_while_the_accounts_database_is_away_known_sessions_go_on_and_others_wait(front: Front) -> None:
    """The desk goes on; nobody is let in unseen."""
    token, other = front.token(), front.token()
    assert front.get("/v1/me", token).status_code == 200
    front.door.standings._units = _Away()  # type: ignore[assignment]
    front.answers["scheduling.sites"] = {"items": [], "next": None}
    assert front.get("/v1/sites", token).status_code == 200
    assert front.get("/v1/sites", other).status_code == 503


class _Away:
    def for_network(self, *_: Any, **__: Any) -> Any:
        raise psycopg2.OperationalError


def test_signing_in_while_the_accounts_database_is_away_is_503_and_not_a_failure(front: Front) -> None:
    """Seen red by: an OperationalError that nobody maps."""
    login, password = front.account()
    object.__setattr__(front.door.desk, "look_ups", _AwayLookUps())
    answer = front.sign_in(login, password)
    assert (answer.status_code, answer.json["slug"]) == (503, "unavailable")
    assert "Retry-After" in answer.headers


class _AwayLookUps:
    def take_attempt(self, *_: Any) -> Any:
        raise psycopg2.OperationalError


def test_a_try_is_counted_while_a_right_one_of_the_same_login_forgets_them(front: Front) -> None:
    """Also between two statements of whoever counts the next one.

    Seen red by: a row that was there, and was looked for once it was gone.
    """
    look_ups, whose = front.door.desk.look_ups, b"one login"

    def sign_in_again_and_again(_: int) -> list[float]:
        return [_counted_and_forgotten(look_ups, whose) for _ in range(150)]

    with ThreadPoolExecutor(8) as people:
        waits = [seconds for done in people.map(sign_in_again_and_again, range(8)) for seconds in done]
    assert len(waits) == 8 * 150


def _counted_and_forgotten(look_ups: Any, whose: bytes) -> float:
    now = datetime.now(UTC)
    seconds: float = look_ups.take_attempt(whose, now, now - timedelta(minutes=15), FREE_FAILURES, 300)
    look_ups.forget_failures(whose)
    return seconds


def test_what_ended_a_month_ago_is_forgotten_by_the_next_sign_in(front: Front) -> None:
    login, password = front.account()
    front.sign_in(login, password)
    front.clock.instant += timedelta(days=40)
    front.sign_in(login, password)
    assert len(front.rows("SELECT 1 FROM sessions")) == 1


def test_who_works_beside_a_live_page_is_not_idle(front: Front) -> None:
    """The page looks every ten seconds without waking the session. Seen red by: a request that its memory answers."""
    token = front.sign_in(*front.account()).json["access_token"]
    claims = front.door.tokens.read(token, front.clock.now())
    for _ in range(4):
        front.clock.instant += timedelta(minutes=4)
        front.forget_standings()
        standing = front.door.standings.of(claims.network_id, claims.session_id, active=False)
        assert front.door.standings.of(claims.network_id, claims.session_id).seen_at == front.clock.now()
        assert standing.seen_at < front.clock.now()


def test_a_login_that_no_database_takes_is_no_login(front: Front) -> None:
    """Seen red by: the NUL handed to PostgreSQL, a 500 for whoever is not even signed in."""
    assert front.sign_in("a\0b", "x").status_code in (401, 422)
    assert front.client_token("a\0b", "x").status_code in (401, 422)
    basic = {"Authorization": "Basic " + base64.b64encode(b"a%00b:c").decode(), "Content-Type": FORM}
    answer = front.client.simulate_post("/v1/oauth/token", body="grant_type=client_credentials", headers=basic)
    assert answer.status_code == 401
