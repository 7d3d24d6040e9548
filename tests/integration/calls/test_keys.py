"""One key, one effect, one answer: whoever retries, however often, whenever."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from fix_calls import HERS, NETWORK, OTHER_SITE, SmallService, asker, new_key, until

from shared.calls.outcomes import CallRefused, CallUnavailable, CallUnknown


def test_sixteen_callers_with_one_key_get_one_effect_and_the_same_answer(small_service: SmallService):
    """Seen red by: a unit of work without its key."""
    key = new_key()
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda _: small_service.add(key, deadline_s=10), range(16)))
    assert small_service.things() == 1
    assert len({tuple(sorted(answer.items())) for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1


def test_a_key_is_remembered_over_a_restart(small_service: SmallService):
    key = new_key()
    first = small_service.add(key)
    small_service.signal(signal.SIGTERM)
    assert small_service.wait() == 0
    small_service.start()
    again = small_service.add(key)
    assert (again, again.replayed, small_service.things()) == (first, True, 1)


def test_the_same_key_with_another_body_is_refused(small_service: SmallService):
    key = new_key()
    small_service.add(key)
    with pytest.raises(CallRefused) as refused:
        small_service.add(key, name="another")
    assert (refused.value.slug, refused.value.status) == ("idempotency-key-reused", 422)
    assert small_service.things() == 1


def test_a_key_says_nothing_to_another_principal(small_service: SmallService):
    """Seen red by: a scope of keys without the principal."""
    key = new_key()
    small_service.add(key)
    for other in (asker(actor_id="u-2"), asker(actor_kind="client")):
        assert not small_service.add(key, other).replayed
    assert small_service.things() == 3


def test_a_stored_answer_is_not_given_to_who_may_not_see_its_site_any_more(small_service: SmallService):
    """Seen red by: answering a replay without looking at the site."""
    key = new_key()
    small_service.add(key)
    with pytest.raises(CallRefused) as refused:
        small_service.add(key, asker(sites=frozenset({OTHER_SITE})))
    assert (refused.value.slug, refused.value.details) == ("not-found", {})
    with pytest.raises(CallRefused) as refused:
        small_service.add(key, asker(scopes=frozenset()))
    assert refused.value.slug == "forbidden"
    denied = small_service.execute("SELECT action, decision FROM audit_entries ORDER BY entry_id")
    assert denied == [("add_thing", "denied")] * 2


def test_a_refusal_by_stored_state_is_stored_without_its_effects(small_service: SmallService):
    body = {"site_id": str(HERS), "name": "x"}
    key = new_key()
    for _ in range(2):
        with pytest.raises(CallRefused) as refused:
            small_service.client().command("refuse_thing", body, asker(), key)
        assert (refused.value.slug, refused.value.status, refused.value.details) == ("too-many", 409, {"most": 0})
    assert small_service.things() == 0
    assert small_service.execute("SELECT status, answer->>'slug' FROM idempotency_keys") == [(409, "too-many")]


def test_what_a_schema_refuses_is_not_stored(small_service: SmallService):
    key = new_key()
    with pytest.raises(CallRefused) as refused:
        small_service.add(key, nonsense=1, seconds="soon")
    assert (refused.value.slug, refused.value.status) == ("invalid", 422)
    assert {error["field"] for error in refused.value.errors} == {"nonsense", "seconds"}
    assert small_service.add(key)["name"] == "x"


def test_a_command_needs_a_key(small_service: SmallService):
    with pytest.raises(CallRefused) as refused:
        small_service.add("")
    assert refused.value.errors[0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("place", ["uow.before-key", "uow.after-key", "uow.before-commit", "uow.after-commit"])
def test_a_service_killed_anywhere_in_a_command_does_it_once_when_asked_again(
    stopped_small_service: SmallService, place: str
):
    """Seen red by: a unit of work that commits its key before its effect."""
    service, key = stopped_small_service, new_key()
    service.start(FRONTDESK_FAILPOINTS="1", FAILPOINT=f"{place}:1:kill")
    with pytest.raises((CallUnknown, CallUnavailable)) as outcome:
        service.add(key, deadline_s=1)
    assert outcome.type is CallUnknown
    assert service.wait() == -signal.SIGKILL
    service.start()
    assert service.add(key).replayed == (place == "uow.after-commit")
    assert service.things() == 1


def test_two_commands_that_deadlock_are_both_done(small_service: SmallService):
    """Seen red by: no retries in process."""

    def contend(name: str):
        body = {"site_id": str(NETWORK), "name": name, "seconds": 0.3}
        return small_service.client().command("contend", body, asker(), new_key(), 10.0)["name"]

    with ThreadPoolExecutor(2) as callers:
        assert sorted(callers.map(contend, ["ab", "ba"])) == ["ab", "ba"]
    assert small_service.things() == 2
    assert 'operation="contend",outcome="unavailable"' not in small_service.page("/metrics")[1]


def test_a_caller_that_gives_up_leaves_one_effect_for_its_next_try(small_service: SmallService):
    key = new_key()
    with pytest.raises(CallUnknown):
        small_service.add(key, deadline_s=0.5, seconds=1.5)
    assert small_service.add(key, deadline_s=8, seconds=1.5)["name"] == "x"
    until(lambda: small_service.things() == 1)
