"""The whole line: committed, published, handled once."""

import signal
from collections.abc import Callable

from fix_messaging import NETWORK, OTHER_NETWORK, Line, appointment, until
from fix_servers import BrokerUrls


def test_what_is_committed_is_handled_once_in_every_network(line: Line) -> None:
    line.relay()
    line.serve()
    line.tell(*(appointment() for _ in range(60)))
    line.tell(*(appointment() for _ in range(60)), network_id=OTHER_NETWORK)
    until(lambda: len(line.effects()) >= 120)
    until(lambda: not line.unpublished())
    assert len({row["event_id"] for row in line.effects()}) == len(line.effects()) == 120
    assert {str(row["network_id"]) for row in line.effects()} == {str(NETWORK), str(OTHER_NETWORK)}
    assert {row["outcome"] for row in line.inbox()} == {"applied"}
    assert max(row["batch"] for row in line.effects()) > 1


def test_what_another_line_left_in_the_queue_is_no_effect_of_what_this_one_tells(
    make_line: Callable[..., Line], broker: BrokerUrls
) -> None:
    """Its service ended after its commit and before its acknowledgement, as one may that a test ends.

    Seen red by: waiting for a number of effects (passed by before one looks).
    """
    before, now = (make_line(broker.amqp_as, broker.api) for _ in range(2))
    before.relay()
    before.tell(*(appointment() for _ in range(3)))
    assert before.serve(failpoint="handler.after-commit:1:kill").wait(60) == -signal.SIGKILL
    until(lambda: not before.unpublished())
    before.stop()
    now.serve()
    until(now.effects)
    now.relay()
    now.tell(appointment())
    until(lambda: not now.without_effect())
    assert not now.more_than_one_effect()
    assert len(now.effects()) > 1
