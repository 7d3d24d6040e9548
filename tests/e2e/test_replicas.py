"""Two replicas of a service behind one gateway."""

import pytest
from fix_desk import answer

from cli.api import Api


@pytest.fixture
def replicas(desk):
    """The secretary at a gateway of its own that knows both replicas of scheduling."""
    system = desk.system
    addresses = [system.address("scheduling"), system.start_another("scheduling", "scheduling-b")]
    door = system.start_another("gateway", "gateway-b")
    system.restart("gateway-b", FRONTDESK_SCHEDULING_URL=" ".join(f"http://{address}" for address in addresses))
    yield Api(f"http://{door}", desk.session().token)
    system.end_another("gateway-b")
    system.end_another("scheduling-b")


def test_while_one_of_two_replicas_is_gone_every_booking_is_answered_by_the_other(desk, replicas):
    """Not one is answered with 503, by either of them. Seen red by: a client that asks its first address alone."""
    diary, patient = desk.diary(), desk.register()
    for turn, name in enumerate(("scheduling", "scheduling-b")):
        desk.system.kill(name)
        bodies = [diary.body(8 * turn + place, patient_id=patient["patient_id"]) for place in range(8)]
        answers = [answer(replicas, "POST", "/v1/appointments", body) for body in bodies]
        desk.system.start(name)
        assert [one.status for one in answers] == [201] * 8
    desk.settle()
    assert desk.checker.faults() == []
