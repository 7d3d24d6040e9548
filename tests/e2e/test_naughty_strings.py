"""Every string field of every operation, on a running system: what is put there comes back exactly, or is refused.

Refused means a problem that names the field (or the body, where that is no JSON). The Big List of Naughty Strings is
used where the shared data lies beside the checkout.
"""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fix_naughty import FORMS, KEEPS, Answered, Caller
from naughty import (
    BUILT_IN,
    MUST_BE_KEPT,
    RAW_VALUES,
    Slot,
    big_list,
    lists_of,
    raw_body,
    slots_of,
    value_at,
    with_value,
)

from gateway.endpoint import Route
from gateway.routes import ROUTES

Json = dict[str, Any]

SHOWN = [one for one in ROUTES if not one.hidden]
WITH_BODY = [one for one in SHOWN if one.body is not None]
WITH_QUERY = [one for one in SHOWN if one.query is not None]
WITH_IDS = [one for one in SHOWN if "{" in one.path]
# A password is hashed slowly on purpose, and six wrong ones in a row make the seventh wait.
SLOW = frozenset({"sign_in"})
# Facts of the moment, which any right body may meet.
# A reason to overbook is kept where a time was taken that others had.
NOT_NEEDED = frozenset({("book_appointment", "overbook_reason"), ("move_appointment", "overbook_reason")})
STATE = frozenset({401, 404, 409, 429})
BLNS = big_list()
SHARES = int(os.environ.get("FRONTDESK_FUZZ_SHARES", "5"))


@pytest.mark.parametrize("one", WITH_BODY, ids=lambda one: one.name)
def test_each_string_field_keeps_a_string_exactly_or_refuses_it_by_name(caller: Caller, one: Route) -> None:
    """Seen red by: a telephone number that records refused as `number` where the caller had written `phone`."""
    body = caller.body(one)
    for slot in slots_of(one.body, body):
        kept = 0
        for text in BUILT_IN[:: 8 if one.name in SLOW else 1]:
            sent = with_value(caller.body(one), slot.place, text)
            kept += _kept_or_refused(caller, one, sent, [slot]) and text in MUST_BE_KEPT
        if slot.is_free and one.name in KEEPS:
            fits = [text for text in MUST_BE_KEPT if len(text) <= slot.longest]
            assert kept == len(fits), f"{slot.name} keeps {kept} of what names may hold"


@pytest.mark.skipif(not BLNS, reason="the Big List of Naughty Strings is not beside this checkout")
@pytest.mark.parametrize("one", [one for one in WITH_BODY if one.name in KEEPS], ids=lambda one: one.name)
def test_each_string_of_the_big_list_is_kept_exactly_or_refused_by_name(caller: Caller, one: Route) -> None:
    """All free fields that a string fits hold it at once; where a body has lists, each entry holds another string.

    Bodies without lists share the strings out (FRONTDESK_FUZZ_SHARES=1: every one of them gets all).
    Seen red by: `Text` that strips what it takes.
    """
    if lists := lists_of(one.body):
        for some in _chunks(BLNS, min(lists.values())):
            _all_kept_but_the_refused(caller, one, lists, some)
        return
    for text in BLNS[WITH_BODY.index(one) % SHARES :: SHARES]:
        body = caller.body(one)
        slots = [slot for slot in slots_of(one.body, body) if slot.is_free and len(text) <= slot.longest]
        for slot in slots:
            body = with_value(body, slot.place, text)
        if slots:
            _kept_or_refused(caller, one, body, slots)


@pytest.mark.parametrize("one", [one for one in WITH_BODY if one.reads not in FORMS], ids=lambda one: one.name)
def test_no_json_of_any_kind_in_any_field_is_a_failure_of_ours(caller: Caller, one: Route) -> None:
    """Lone surrogates, NUL, huge numbers, NaN, ten thousand levels. Seen red by: lone surrogates without a field."""
    body = caller.body(one)
    for slot in slots_of(one.body, body):
        for raw in RAW_VALUES:
            answer = caller.send(one, raw_body(body, slot.place, raw))
            if answer.status in STATE or (answer.status < 300 and raw == "null"):
                continue  # a password may hold anything, and some fields may be left empty
            _must_be_a_problem(answer, {slot.name, *_of_the_whole(one, answer)})
            assert "ud800" not in raw or answer.fields == [slot.name]


@pytest.mark.parametrize("one", WITH_BODY, ids=lambda one: one.name)
def test_a_megabyte_in_any_field_is_refused(caller: Caller, one: Route) -> None:
    """Over the body's bound it is the body that is named, under it the field. Seen red by: 413 that names nothing."""
    for slot in slots_of(one.body, caller.body(one)):
        for length in (1_000_000, one.max_body - 1_500):
            answer = caller.send(one, with_value(caller.body(one), slot.place, "x" * length))
            _must_be_a_problem(answer, {"body"} if length == 1_000_000 else {slot.name})
            assert (answer.status, bool(answer.fields)) == (413 if length == 1_000_000 else 422, True)


@pytest.mark.parametrize("one", WITH_QUERY, ids=lambda one: one.name)
def test_each_query_parameter_takes_a_string_or_refuses_it_by_name(caller: Caller, one: Route) -> None:
    """Seen red by: a cursor that holds no base64, as a failure of ours."""
    right = {name: caller.ids[name] for name in ("site_id", "practitioner_id", "appointment_type_id")}
    right = {name: value for name, value in right.items() if name in one.query.fields}
    for slot in slots_of(one.query, {}):
        for text in [*BUILT_IN[:-1], *BLNS[::5]]:
            answer = caller.send(
                one, b"", {**right, slot.name: text} if slot.place[0] != "on" else {**right, "on": text}
            )
            if answer.status not in {200, *STATE}:
                _must_be_a_problem(answer, {slot.name, "body"})


@pytest.mark.parametrize("one", WITH_IDS, ids=lambda one: one.name)
def test_a_path_that_names_nothing_is_not_found(caller: Caller, one: Route) -> None:
    """Seen red by: an id that is no UUID, as a failure of ours."""
    for text in [*BUILT_IN[:-1], *BLNS[::10]]:
        name = quote(text, safe="")
        if name in ("", ".", ".."):
            continue
        path = one.path.replace(one.path[one.path.index("{") : one.path.index("}") + 1], name)
        headers = {"Authorization": f"Bearer {caller.desk.session('integration').token}"}
        answer = caller.ask(one.method, path, b"", headers)
        # Names of calendars are secrets: too many wrong ones have to wait.
        assert answer.status in ((400, 404, 429) if one.name == "read_calendar" else (400, 404)), text
        assert answer.kind == "application/problem+json"


def _kept_or_refused(caller: Caller, one: Route, body: Json, slots: list[Slot]) -> bool:
    """Whether it was kept, exactly."""
    answer = caller.send(one, body)
    names = [slot.name for slot in slots]
    if answer.status >= 300:
        if answer.status not in STATE:
            _must_be_a_problem(answer, {*names, *_of_the_whole(one)})
        return False
    if one.name in KEEPS:
        kept = caller.read_again(one, answer.body)
        for slot in slots:
            if slot.is_free and (one.name, slot.name) not in NOT_NEEDED:
                _must_hold(kept, slot, value_at(body, slot.place))
    return True


def _all_kept_but_the_refused(caller: Caller, one: Route, lists: dict[str, int], strings: list[str]) -> None:
    left = list(strings)
    for _ in range(2):
        body = caller.body(one)
        for name in lists:
            body[name] = [_filled(one, name, body[name][0], text) for text in left]
        answer = caller.send(one, body)
        if answer.status < 300:
            break
        _must_be_a_problem(answer, None)
        refused = {int(field.split(".")[1]) for field in answer.fields}
        assert all(field.split(".")[0] in lists for field in answer.fields)
        left = [text for place, text in enumerate(left) if place not in refused]
    assert answer.status < 300, answer
    kept = caller.read_again(one, answer.body)
    for name in lists:
        for place, entry in enumerate(body[name]):
            for slot in slots_of(one.body, {name: [entry]}):
                if slot.is_free and slot.place[0] == name:
                    key = slot.place[-1]
                    assert value_at(kept, (name, place, key)) == entry[key], (name, key, entry)


def _filled(one: Route, name: str, entry: Json, text: str) -> Json:
    """An entry of a list with the string in each of its free fields that it fits, and no two entries alike."""
    for slot in slots_of(one.body, {name: [entry]}):
        if slot.is_free and slot.place[0] == name and len(text) <= slot.longest:
            entry = {**entry, slot.place[-1]: text}
    return entry


def _must_be_a_problem(answer: Answered, names: set[str] | None) -> None:
    assert 400 <= answer.status < 500, answer
    assert answer.kind == "application/problem+json", answer
    assert names is None or "body" in names or answer.fields, answer
    assert names is None or set(answer.fields) <= names, (answer, names)


def _of_the_whole(one: Route, answer: Answered | None = None) -> set[str]:
    """What a problem may name instead: the body, where that is no JSON or breaks a rule across its fields."""
    is_unread = answer is not None and answer.body.get("slug") in ("malformed-body", "too-large")
    return {"body"} if is_unread or one.body.rule else set()


def _must_hold(kept: Json, slot: Slot, text: str) -> None:
    name = str(slot.place[-1])
    keys = (name, "cancelled_reason") if name == "reason" else (name,)
    assert text in [value for key in keys for value in _values_of(kept, key)], (slot.name, text)


def _values_of(value: Any, key: str) -> Iterator[Any]:
    for name, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if name == key:
            yield each
        yield from _values_of(each, key)


def _chunks(strings: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(strings), size):
        yield strings[at : at + size]
