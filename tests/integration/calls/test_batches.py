"""Many commands in one call: to each item nothing is different from being asked alone."""

import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fix_calls import HERS, OTHER_SITE, SmallService, asker, new_key

from shared.asker import Asker
from shared.calls.outcomes import CallRefused, CallUnavailable, CallUnknown

Json = dict[str, Any]


def an_item(key: str = "", **body: Any) -> Json:
    return {"key": key or new_key(), "body": {"site_id": str(HERS), "name": "x", **body}}


def batch(
    service: SmallService,
    *items: Json,
    asking: Asker | None = None,
    command: str = "add_thing",
    deadline_s: float = 10.0,
) -> list[Json]:
    answer = service.client().batch(command, items, asking or asker(), deadline_s)
    return list(answer["items"])


def kept(service: SmallService) -> dict[str, int | None]:
    return dict(service.execute("SELECT key, status FROM idempotency_keys"))


def test_each_item_has_its_effect_and_its_answer_in_the_order_of_the_items(small_service: SmallService):
    names = [f"n{place:02}" for place in range(50)]
    outcomes = batch(small_service, *(an_item(name=name) for name in names))
    assert [each["answer"]["name"] for each in outcomes] == names
    assert {each["status"] for each in outcomes} == {200}
    assert small_service.things() == 50


@pytest.mark.parametrize("first_alone", [True, False])
def test_a_key_is_one_key_whether_it_comes_alone_or_in_a_batch(small_service: SmallService, first_alone: bool):
    """Seen red by: keys of a batch under a name of their own."""
    key = new_key()
    alone = lambda: dict(small_service.add(key))  # noqa: E731
    together = lambda: batch(small_service, an_item(), an_item(key))[1]["answer"]  # noqa: E731
    first, again = (alone(), together()) if first_alone else (together(), alone())
    assert first == again
    assert small_service.things() == 2


def test_a_batch_that_is_sent_again_changes_nothing_and_is_answered_the_same(small_service: SmallService):
    items = [an_item(), an_item(), an_item(seconds="soon")]
    first = batch(small_service, *items)
    again = batch(small_service, *items)
    assert [each.get("replayed", False) for each in again] == [True, True, False]
    assert [{**each, "replayed": True} for each in first[:2]] == again[:2]
    assert (first[2], small_service.things()) == (again[2], 2)


def test_the_same_key_with_another_body_is_refused_alone(small_service: SmallService):
    key = new_key()
    batch(small_service, an_item(key))
    outcomes = batch(small_service, an_item(key, name="another"), an_item())
    assert [(each["status"], each.get("slug")) for each in outcomes] == [(422, "idempotency-key-reused"), (200, None)]
    assert small_service.things() == 2


def test_items_that_cannot_be_done_cost_no_other_and_leave_nothing(small_service: SmallService):
    """Seen red by: a refused item's rows kept; a key of an item that was not read kept without an outcome."""
    refused, denied, unread, done = an_item(), an_item(site_id=str(OTHER_SITE)), an_item(nonsense=1), an_item()
    outcomes = batch(small_service, denied, unread, done)
    assert [(each["status"], each.get("slug")) for each in outcomes] == [
        (404, "not-found"),
        (422, "invalid"),
        (200, None),
    ]
    assert outcomes[1]["errors"] == [{"field": "nonsense", "message": "Unknown field."}]
    told = batch(small_service, refused, command="refuse_thing")
    assert [(each["status"], each["slug"], each["details"]) for each in told] == [(409, "too-many", {"most": 0})]
    assert small_service.things() == 1
    assert kept(small_service) == {done["key"]: 200, refused["key"]: 409}
    audited = small_service.execute("SELECT action, object_id, decision FROM audit_entries ORDER BY entry_id")
    assert audited == [("add_thing", str(OTHER_SITE), "denied"), ("refuse_thing", str(HERS), "refused")]


def test_an_item_that_fails_after_it_has_written_is_undone_alone(small_service: SmallService):
    """Seen red by: no savepoint in the careful round (the others were undone with it)."""
    outcomes = batch(small_service, an_item(), an_item(name="wrong"), an_item(), command="add_some_wrongly")
    assert [each["status"] for each in outcomes] == [200, 500, 200]
    assert outcomes[1] == {"status": 500, "slug": "internal", "details": {}, "errors": []}
    assert small_service.things() == 2
    assert set(kept(small_service).values()) == {200}


def test_a_stored_answer_is_not_given_to_who_may_not_see_its_site_any_more(small_service: SmallService):
    """Seen red by: answering a replay without looking at the site."""
    item = an_item()
    batch(small_service, item)
    (outcome,) = batch(small_service, item, asking=asker(sites=frozenset({OTHER_SITE})))
    assert outcome == {"status": 404, "slug": "not-found", "details": {}, "errors": []}


@pytest.mark.parametrize(
    "items", [[], [an_item("same"), an_item("same")], [{"key": "k"}], [{"key": "", "body": {}}], 7]
)
def test_a_batch_that_is_none_is_refused_whole(small_service: SmallService, items: Any):
    with pytest.raises(CallRefused) as refused:
        batch(small_service, *(items if isinstance(items, list) else [items]))
    assert (refused.value.slug, small_service.things()) == ("invalid", 0)


def test_without_the_scope_nothing_is_looked_at(small_service: SmallService):
    with pytest.raises(CallRefused) as refused:
        batch(small_service, an_item(), asking=asker(scopes=frozenset()))
    assert (refused.value.slug, small_service.things()) == ("forbidden", 0)


def test_eight_batches_of_the_same_items_at_once_have_one_effect_each(small_service: SmallService):
    """In eight orders, so that without an order of the keys they would wait for one another in a circle."""
    items = [an_item(name=f"n{place}") for place in range(20)]
    with ThreadPoolExecutor(8) as callers:
        turned = [items[place:] + items[:place] for place in range(8)]
        told = list(callers.map(lambda each: batch(small_service, *each), turned))
    assert small_service.things() == 20
    answers = {each["answer"]["name"]: each["answer"] for each in told[0]}
    assert all(each["answer"] == answers[each["answer"]["name"]] for outcomes in told for each in outcomes)


@pytest.mark.parametrize("place", ["uow.before-commit", "uow.after-commit"])
def test_a_service_killed_in_a_batch_does_each_item_once_when_asked_again(
    stopped_small_service: SmallService, place: str
):
    """Seen red by: keys committed before the effects."""
    service, items = stopped_small_service, [an_item(), an_item()]
    service.start(FRONTDESK_FAILPOINTS="1", FAILPOINT=f"{place}:1:kill")
    with pytest.raises((CallUnknown, CallUnavailable)) as outcome:
        batch(service, *items, deadline_s=1)
    assert outcome.type is CallUnknown
    assert service.wait() == -signal.SIGKILL
    service.start()
    assert [each.get("replayed", False) for each in batch(service, *items)] == [place == "uow.after-commit"] * 2
    assert service.things() == 2
