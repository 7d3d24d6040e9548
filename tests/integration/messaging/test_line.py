"""The whole line: committed, published, handled once."""

from fix_messaging import NETWORK, OTHER_NETWORK, Line, appointment, until


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
