"""The access matrix on the whole system: every route of the router x every role x whose object it is, for every id.

What an account may not see is answered exactly like what was never there, and each try stands in the audit.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from access_table import EMPTY, NETWORK_WIDE, NOT_FOUND, REFUSED, TABLE
from fix_access import EVERYWHERE, ROLES, Answer, Caller, World, a_request

from gateway.access import SCOPES
from gateway.endpoint import Route
from gateway.routes import ROUTES
from shared.database.migrate import DATABASES

GUARDED = [one for one in ROUTES if one.auth == "session"]
DENIED = {404: "denied", 403: "denied", 409: "refused", 200: "allowed"}
STATUS = {NOT_FOUND: 404, EMPTY: 200, REFUSED: 409}


@dataclass(frozen=True)
class Try:
    """One cell that was denied, and how the audit has to show it."""

    cell: str
    correlation_id: str
    actor_id: str
    decision: str
    asked_for: str | None


def test_every_route_and_every_id_of_it_is_in_the_reviewed_table() -> None:
    assert {one.name: set(one.objects) for one in GUARDED} == {name: set(places) for name, places in TABLE.items()}


@pytest.mark.requirement("4a")
@pytest.mark.requirement("4b")
@pytest.mark.requirement("4c")
@pytest.mark.requirement("4d")
@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_hers_is_answered_like_what_was_never_there_and_every_try_is_audited(
    world: World, role: str, record_property
) -> None:
    """Seen red by: an appointment read without its site; a denial that writes nothing."""
    caller = world.sign_in(role)
    tries: list[Try] = []
    cells = 0
    for one in sorted(GUARDED, key=lambda one: one.name == "sign_out"):
        may = one.scope is None or one.scope in SCOPES[role]
        found = allowed_cells(world, caller, one) if may else forbidden_cells(world, caller, one)
        for number, each in found:
            cells += number
            tries += each
    record_property("cells", cells)
    must_be_audited(world, tries)


@pytest.mark.requirement("36e")
def test_who_is_disabled_or_nobody_is_answered_one_401_everywhere(world: World) -> None:
    """Seen red by: a disabled account answered 403."""
    caller = world.sign_in("disabled")
    me = next(one for one in GUARDED if one.name == "get_me")
    assert world.ask(me, caller.token, a_request()).status == 200
    done = world.desk.command("user", "disable", caller.login, "--network", str(world.network_id))
    assert done.returncode == 0, done.stderr
    world.desk.wait_until(lambda: world.ask(me, caller.token, a_request()).status == 401, within=60)
    shapes = set()
    for one in GUARDED:
        for token in (caller.token, "", "no-token-at-all"):
            for ids in ({}, *({place: world.other_network[place.split(".")[1]]} for place in one.objects)):
                request = a_request()
                shapes.add(world.ask(one, token, request, **ids).shape(request))
    assert {(status, b"unauthenticated" in body) for status, _, body in shapes} == {(401, True)}
    # One body; headers differ only where a write returns its key.
    assert len({body for _, _, body in shapes}) == 1
    assert len(shapes) == 2
    assert all(("www-authenticate", "Bearer") in headers for _, headers, _ in shapes)


def allowed_cells(world: World, caller: Caller, one: Route) -> Iterator[tuple[int, list[Try]]]:
    """What the role's scope allows: its own things answer, everything else does not exist."""
    must_answer(world, caller, one, world.ask(one, caller.token, a_request()))
    yield 1, []
    for place in one.objects:
        name = place.split(".")[1]
        must_answer(world, caller, one, world.ask(one, caller.token, a_request(), **{place: world.own[name]}))
        strangers = [world.other_network[name], a_request()]
        if caller.role in EVERYWHERE or name in NETWORK_WIDE:
            must_answer(
                world, caller, one, world.ask(one, caller.token, a_request(), **{place: world.other_site[name]})
            )
        else:
            strangers.append(world.other_site[name])
        yield len(strangers) + 2, denied(world, caller, one, place, strangers)


def denied(world: World, caller: Caller, one: Route, place: str, strangers: list[str]) -> list[Try]:
    expected = TABLE[one.name][place]
    cell = f"{caller.role}: {one.name} {place}"
    shapes, tries = set(), []
    for stranger in strangers:
        request = a_request()
        answer = world.ask(one, caller.token, request, **{place: stranger})
        assert (cell, answer.status) == (cell, STATUS[expected]), answer.body
        shapes.add(answer.shape(request, stranger))
        asked_for = stranger if expected == EMPTY else None
        tries.append(Try(cell, request, caller.account_id, DENIED[answer.status], asked_for))
    assert len(shapes) == 1, (cell, shapes)
    return tries


def forbidden_cells(world: World, caller: Caller, one: Route) -> Iterator[tuple[int, list[Try]]]:
    """What the role's scope does not allow is one 403, whatever it is asked about."""
    cell = f"{caller.role}: {one.name}"
    shapes, tries = set(), []
    kinds = (world.own, world.other_site, world.other_network)
    asked = [{place: kind[place.split(".")[1]]} for place in one.objects for kind in kinds]
    asked += [{place: a_request()} for place in one.objects]
    for ids in asked or [{}]:
        request = a_request()
        answer = world.ask(one, caller.token, request, **ids)
        assert (cell, answer.status) == (cell, 403)
        shapes.add(answer.shape(request))
        tries.append(Try(cell, request, caller.account_id, "denied", None))
    assert len(shapes) == 1, cell
    yield len(tries), tries


def must_answer(world: World, caller: Caller, one: Route, answer: Answer) -> None:
    """It answers (409: a rule says no, so it is hers), and holds nothing of what is not hers: no id, no name."""
    cell = f"{caller.role}: {one.name}"
    assert answer.status < 300 or answer.status == 409, (cell, answer.status, answer.body)
    hidden = [world.other_network] if caller.role in EVERYWHERE else [world.other_network, world.other_site]
    for name, mark in ((name, mark) for kind in hidden for name, mark in kind.items()):
        if not (name in NETWORK_WIDE and mark in world.other_site.values()):
            assert mark.encode() not in answer.body, (cell, name)


def must_be_audited(world: World, tries: list[Try]) -> None:
    """Each try has its entry, with who made it; what was answered empty is named by its id."""
    entries = defaultdict(set)
    ask = "SELECT correlation_id, actor_id, decision, object_id FROM audit_entries WHERE correlation_id = ANY (%(ids)s)"
    for database in DATABASES:
        for row in world.desk.rows(database, ask, ids=[one.correlation_id for one in tries]):
            entries[row["correlation_id"]].add((row["actor_id"], row["decision"], row["object_id"]))
    for one in tries:
        known = entries[one.correlation_id]
        if one.asked_for is None:
            assert (one.actor_id, one.decision) in {found[:2] for found in known}, (one.cell, known)
        else:
            assert (one.actor_id, one.decision, one.asked_for) in known, (one.cell, known)
