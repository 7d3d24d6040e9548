"""Where nodes are, none is where another one is: not in one run, and not in two runs on one machine."""

from pathlib import Path

import namespaces
import pytest
from namespaces import why_none
from places_of_nodes import OWN, Loopback

from cli.servers.process import stop_child


def test_nodes_on_one_machine_have_no_port_in_common() -> None:
    """Seen red by: asking for each node's ports when nobody listens yet on those of the one before."""
    names = [f"node-{number}" for number in range(200)]
    made = Loopback(names)
    ports = [made.place(name).ports[own] for name in names for own in OWN]
    assert len({*ports, made.place(names[0]).ports["epmd"]}) == len(ports) + 1


@pytest.mark.skipif(bool(why_none()), reason=why_none())
def test_two_runs_that_look_for_addresses_at_the_same_moment_get_different_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both see the same routes, and begin with the same net. Seen red by: taking the first that no route names."""
    monkeypatch.setattr(namespaces.random, "sample", lambda nets, _count: nets)
    holders = [namespaces._held(tmp_path / "log") for _ in range(2)]
    try:
        first, second = (namespaces._taken_net(holder.pid) for holder in holders)
    finally:
        for holder in holders:
            stop_child(holder)
    assert first != second
