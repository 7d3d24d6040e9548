"""Several carriers of one network, and what a carrier takes from one number."""

from collections.abc import Sequence
from datetime import timedelta

from fix_carrier import Carrier
from fix_carrier_http import ACCOUNT, SECRET
from fix_notifications import Desk

from services.notifications.adapters.exchange import Exchange
from services.notifications.adapters.form_gateway import FormGateway
from services.notifications.operations.carriers import Carriers
from services.notifications.operations.gateway import TextGateway


def gateway(carrier: Carrier, per_second: float | None = None) -> FormGateway:
    exchange = Exchange(carrier.url, ACCOUNT, SECRET, answer_s=0.5)
    return FormGateway(exchange, ACCOUNT, "https://desk.example", per_second=per_second)


def send(desk: Desk, carriers: Carriers, gateways: Sequence[TextGateway]) -> int:
    turns = carriers.in_turn(gateways)
    return sum(desk.run(it.gateway, it.watch, is_last=it.is_last).send_due_texts(desk.network_id) for it in turns)


def visits(desk: Desk, number: int, first: int = 0) -> None:
    for each in range(first, first + number):
        desk.hear(desk.visit(desk.patient(f"+1202555{each:04}")))


def test_when_the_first_carrier_takes_nothing_the_second_does_and_nobody_is_texted_twice(
    notifications: Desk, carrier: Carrier
) -> None:
    """What the first may have is nobody's to send. Seen red by: the second carrier taking what is unknown."""
    visits(notifications, 8)
    spare, carriers = Carrier(), Carriers(notifications.real_time)
    carrier.behave = lambda n: ["silent-after", "500-before", "503"][min(n, 2)]
    carrier.stalls_s = 1.0
    try:
        for _ in range(3):
            send(notifications, carriers, [gateway(carrier), gateway(spare)])
            notifications.real_time.instant += timedelta(seconds=10)
        texted = [held.to_number for held in spare.held]
        assert len(texted) == len(set(texted)) == 6
        assert not {held.to_number for held in carrier.held} & set(texted)
    finally:
        spare.close()
    assert sorted(status for _, status, _ in notifications.texts()) == ["accepted"] * 6 + ["unknown"] * 2
    names = {row["gateway"] for row in notifications.rows("SELECT gateway FROM texts WHERE status = 'accepted'")}
    assert names == {gateway(spare).name}


def test_the_first_carrier_is_tried_again_by_one_new_text_and_then_has_them_all(
    notifications: Desk, carrier: Carrier
) -> None:
    """What it did not take is not kept for it. Seen red by: a text that tries the same carrier again."""
    spare, carriers = Carrier(), Carriers(notifications.real_time)
    carrier.behave = lambda n: "503" if n < 3 else "ok"
    both = [gateway(carrier), gateway(spare)]
    try:
        visits(notifications, 5)
        send(notifications, carriers, both)
        assert (len(carrier.posted), len(spare.held)) == (3, 2)
        notifications.real_time.instant += timedelta(minutes=1)
        send(notifications, carriers, both)
        assert (len(carrier.posted), len(spare.held)) == (3, 5)
        visits(notifications, 3, first=5)
        send(notifications, carriers, both)
        assert (len(carrier.held), len(spare.held)) == (3, 5)
    finally:
        spare.close()


def test_a_number_sends_no_more_than_its_carrier_takes_in_a_second(notifications: Desk, carrier: Carrier) -> None:
    """What waits for the rate does not go to the second carrier. Seen red by: a rate that nobody asks."""
    visits(notifications, 5)
    spare, carriers = Carrier(), Carriers(notifications.real_time)
    both = [gateway(carrier, per_second=2), gateway(spare)]
    try:
        assert [send(notifications, carriers, both) for _ in range(2)] == [2, 0]
        for taken in (4, 5):
            notifications.real_time.instant += timedelta(seconds=1)
            send(notifications, carriers, both)
            assert len(carrier.held) == taken
        assert spare.held == []
    finally:
        spare.close()
