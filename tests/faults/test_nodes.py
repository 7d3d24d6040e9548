"""A broker of three nodes: every queue has three members, and what ends one node or cuts it off loses nothing."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from fix_messaging import Line, appointment, until
from fix_servers import PASSWORD
from map_of_system import NODES
from namespaces import why_none
from nodes import WHOLE_WITHIN_S, Cluster, cluster
from told_of_nodes import what_there_is

from cli.servers.home import thrown_away_home
from cli.servers.packages import missing_servers
from shared.messaging.broker_api import BrokerApi
from shared.messaging.topology import handler_queues

# Beyond all of the waits together, which tell more when they end.
pytestmark = pytest.mark.timeout(3600)
IS_SHORT = os.environ.get("FRONTDESK_TEST_FAULTS") != "all"
LONG = pytest.mark.skipif(IS_SHORT, reason="takes a minute: part of `frontdesk faults` alone")
SIZE, BACK_S = 30, WHOLE_WITHIN_S
FIRST, SECOND, THIRD = NODES


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    if missing := missing_servers():
        pytest.skip(f"{', '.join(missing)} is not installed")
    with thrown_away_home() as home, cluster(home) as made:
        yield made


@pytest.fixture
def line(make_line: Callable[..., Line], three: Cluster) -> Line:
    """Relay and service know all three nodes, in one setting."""
    places = [node.amqp_url.rpartition("@")[2] for node in three.nodes.values()]
    made = make_line(lambda user: " ".join(f"amqp://{user}:{quote(PASSWORD)}@{at}" for at in places), three.api_url)
    made.relay()
    made.serve()
    tell(three, made)
    return made


def tell(three: Cluster, line: Line) -> None:
    """Tells some events, and waits until they and all before them had their effect once."""
    line.tell(*(appointment() for _ in range(SIZE)))
    everything_has_its_effect(three, line)


def everything_has_its_effect(three: Cluster, line: Line) -> None:
    """Soon. By the events' ids, never by their number: the queues may hold what the line of the test before told."""
    wait(three, line, lambda: not line.without_effect())
    assert not line.more_than_one_effect()


def wait(three: Cluster, line: Line, true: Callable[[], object]) -> None:
    """Until it is true; where it is not in time, says what there is instead."""
    try:
        until(true, within=BACK_S)
    except AssertionError:
        pytest.fail(f"not so within {BACK_S} s\n{what_there_is(three, line)}", pytrace=False)


def members(three: Cluster) -> dict[str, list[str]]:
    queues = BrokerApi(three.api_url).get("/api/queues/%2F")
    return {row["name"]: row["members"] for row in queues if row["name"] in handler_queues()}


def test_every_queue_has_three_members(three: Cluster, line: Line) -> None:
    held = members(three)
    assert set(held) == set(handler_queues())
    assert {len(set(nodes)) for nodes in held.values()} == {3}


def test_one_node_is_killed_and_events_go_on_without_it(three: Cluster, line: Line) -> None:
    three.nodes[FIRST].stop(how=9)
    assert not three.is_whole()
    tell(three, line)
    three.nodes[FIRST].start()
    wait(three, line, three.is_whole)
    tell(three, line)


@LONG
def test_two_nodes_are_killed_and_what_was_committed_meanwhile_arrives_when_they_are_back(
    three: Cluster, line: Line
) -> None:
    for name in (FIRST, SECOND):
        three.nodes[name].stop(how=9)
    line.tell(*(appointment() for _ in range(SIZE)))
    assert len(line.unpublished()) == SIZE
    for name in (FIRST, SECOND):
        three.nodes[name].start()
    wait(three, line, three.is_whole)
    everything_has_its_effect(three, line)
    wait(three, line, lambda: not line.unpublished())


@LONG
@pytest.mark.skipif(bool(why_none()), reason=why_none())
def test_a_node_that_is_cut_off_serves_nobody_and_events_go_on_without_it(three: Cluster, line: Line) -> None:
    links = [f"{THIRD}>{FIRST}", f"{FIRST}>{THIRD}", f"{THIRD}>{SECOND}", f"{SECOND}>{THIRD}"]
    three.cut(links)
    try:
        wait(three, line, lambda: not three.nodes[THIRD].answers())
        tell(three, line)
        # A node that has just lost the others may answer once more before it knows, and then stops.
        wait(three, line, lambda: three.nodes[FIRST].answers() and not three.nodes[THIRD].answers())
    finally:
        three.mend(links)
    wait(three, line, three.is_whole)
    tell(three, line)
