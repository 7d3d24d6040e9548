"""Several carriers of one network, and what a carrier takes from one number."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from fix_carrier import Carrier
from fix_carrier_http import ACCOUNT, SECRET
from fix_notifications import Desk

from services.notifications.adapters.exchange import Exchange
from services.notifications.adapters.form_gateway import FormGateway
from services.notifications.operations import FreeTextRun, ResponseRun, SendRun
from services.notifications.operations.carriers import Carriers
from services.notifications.operations.gateway import TextGateway
from tests.conversing import begun, write


@pytest.fixture
def spare() -> Iterator[Carrier]:
    made = Carrier()
    yield made
    made.close()


def gateway(carrier: Carrier, per_second: float | None = None) -> FormGateway:
    exchange = Exchange(carrier.url, ACCOUNT, SECRET, answer_s=0.5)
    return FormGateway(exchange, ACCOUNT, "https://desk.example", per_second=per_second)


def send(desk: Desk, carriers: Carriers, gateways: Sequence[TextGateway], run_of: Any = None) -> int:
    """One turn of the network, as the job gives it."""
    sent = 0
    for it in carriers.in_turn(gateways):
        which: Any = {"is_last": it.is_last, "only": it.only, "is_paced": it.is_paced}
        run = (run_of or desk.run)(it.gateway, watch=it.watch, **which)
        sent += run.send(desk.network_id)
        it.left.update(run.left)
    return sent


def runs(desk: Desk, kind: Any) -> Any:
    """Makes a run of that kind with a carrier."""

    def run_of(gateway: TextGateway, **more: Any) -> Any:
        return kind(desk.worker_units, gateway, desk.clock, desk.real_time, lambda *_: None, **more)

    return run_of


def visits(desk: Desk, number: int, first: int = 0) -> None:
    for each in range(first, first + number):
        desk.hear(desk.visit(desk.patient(f"+1202555{each:04}")))


def test_when_the_first_carrier_takes_nothing_the_second_does_and_nobody_is_texted_twice(
    notifications: Desk, carrier: Carrier, spare: Carrier
) -> None:
    """What the first may have is nobody's to send. Seen red by: the second carrier taking what is unknown."""
    visits(notifications, 8)
    carriers = Carriers(notifications.real_time)
    carrier.behave = lambda n: ["silent-after", "500-before", "503"][min(n, 2)]
    carrier.stalls_s = 1.0
    send(notifications, carriers, [gateway(carrier), gateway(spare)])
    texted = [held.to_number for held in spare.held]
    assert len(texted) == len(set(texted)) == 6
    assert not {held.to_number for held in carrier.held} & set(texted)
    assert sorted(status for _, status, _ in notifications.texts()) == ["accepted"] * 6 + ["unknown"] * 2
    names = {row["gateway"] for row in notifications.rows("SELECT gateway FROM texts WHERE status = 'accepted'")}
    assert names == {gateway(spare).name}


def test_what_the_first_carrier_left_is_sent_by_the_second_at_once_while_the_first_takes_all_else(
    notifications: Desk, carrier: Carrier, spare: Carrier
) -> None:
    """Seen red by: a second one that has its turn only once the first is left alone; a pause before it."""
    visits(notifications, 4)
    carrier.behave = lambda n: "503" if n == 1 else "ok"
    assert send(notifications, Carriers(notifications.real_time), [gateway(carrier), gateway(spare)]) == 5
    assert (len(carrier.held), len(spare.held)) == (3, 1)


def test_what_no_carrier_took_is_every_carriers_again(notifications: Desk, carrier: Carrier, spare: Carrier) -> None:
    """Whoever takes texts again first has it. Seen red by: a text that its last carrier never gets again."""
    visits(notifications, 1)
    carriers, both = Carriers(notifications.real_time), [gateway(carrier), gateway(spare)]
    carrier.behave = spare.behave = lambda _: "503"
    assert send(notifications, carriers, both) == 2
    assert send(notifications, carriers, both) == 0  # after the last of them it rests
    carrier.behave = lambda _: "ok"
    notifications.real_time.instant += timedelta(seconds=10)
    assert send(notifications, carriers, both) == 1
    assert (len(carrier.held), len(spare.held)) == (1, 0)


def test_while_the_second_carrier_is_left_alone_the_first_is_as_good_as_the_only_one(
    notifications: Desk, carrier: Carrier, spare: Carrier
) -> None:
    """What it asks for is kept. Seen red by: what the first left due at once, though nobody else takes it."""
    visits(notifications, 1)
    carriers, both = Carriers(notifications.real_time), [gateway(carrier), gateway(spare)]
    spare.behave = lambda _: "503"
    for _ in range(3):
        carrier.behave = lambda _: "503"
        notifications.real_time.instant += timedelta(minutes=11)
        send(notifications, carriers, both)
        carrier.behave = lambda _: "ok"
        visits(notifications, 1, first=10 + len(carrier.held))
        send(notifications, carriers, both)
    carrier.behave, asked = lambda _: "429", len(carrier.posted)
    visits(notifications, 1, first=20)
    assert [send(notifications, carriers, both) for _ in range(2)] == [1, 0]
    assert len(carrier.posted) == asked + 1


def test_the_first_carrier_is_tried_again_by_one_text_and_then_has_them_all(
    notifications: Desk, carrier: Carrier, spare: Carrier
) -> None:
    """Seen red by: a first one that is given all that is due while it is left alone."""
    carriers, both = Carriers(notifications.real_time), [gateway(carrier), gateway(spare)]
    carrier.behave = lambda n: "503" if n < 4 else "ok"
    visits(notifications, 5)
    send(notifications, carriers, both)
    assert (len(carrier.posted), len(spare.held)) == (3, 5)
    notifications.real_time.instant += timedelta(minutes=1)
    visits(notifications, 3, first=5)
    send(notifications, carriers, both)
    assert (len(carrier.posted), len(spare.held)) == (4, 8)
    notifications.real_time.instant += timedelta(minutes=1)
    visits(notifications, 3, first=8)
    send(notifications, carriers, both)
    assert (len(carrier.held), len(spare.held)) == (3, 8)


@pytest.mark.parametrize("kind", [FreeTextRun, ResponseRun])
def test_single_texts_go_to_the_second_carrier_at_once_too(
    notifications: Desk, carrier: Carrier, spare: Carrier, kind: Any
) -> None:
    """Once, and no try is lost by it. Seen red by: a pause before the second; one that has all that is due."""
    patient = notifications.patient(purposes=("reminders", "care"))
    if kind is FreeTextRun:
        write(notifications, begun(notifications, patient), patient)
    else:
        notifications.reply("STOP")
    carriers, run_of = Carriers(notifications.real_time), runs(notifications, kind)
    carrier.behave = lambda _: "503"
    assert send(notifications, carriers, [gateway(carrier), gateway(spare)], run_of) == 2
    assert (len(carrier.posted), len(spare.held)) == (1, 1)
    table = "free_texts" if kind is FreeTextRun else "responses"
    assert notifications.rows(f"SELECT status, tries FROM {table}") == [{"status": "accepted", "tries": 1}]
    assert send(notifications, carriers, [gateway(carrier), gateway(spare)], run_of) == 0


def test_a_number_sends_no_more_than_its_carrier_takes_in_a_second(
    notifications: Desk, carrier: Carrier, spare: Carrier
) -> None:
    """What waits for the rate does not go to the second carrier. Seen red by: a rate that nobody asks."""
    visits(notifications, 5)
    carriers, both = Carriers(notifications.real_time), [gateway(carrier, per_second=2), gateway(spare)]
    assert [send(notifications, carriers, both) for _ in range(2)] == [2, 0]
    for taken in (4, 5):
        notifications.real_time.instant += timedelta(seconds=1)
        send(notifications, carriers, both)
        assert len(carrier.held) == taken
    assert spare.held == []


@pytest.mark.parametrize("kind", [SendRun, FreeTextRun])
def test_what_the_first_carrier_left_waits_for_no_rate_a_second_time(
    notifications: Desk, carrier: Carrier, spare: Carrier, kind: Any
) -> None:
    """The number's second is used up by the try. Seen red by: what was left counted once more."""
    patient = notifications.patient(purposes=("reminders", "care"))
    if kind is SendRun:
        notifications.hear(notifications.visit(patient))
    else:
        write(notifications, begun(notifications, patient), patient)
    carriers, run_of = Carriers(notifications.real_time), runs(notifications, kind)
    carrier.behave = lambda _: "503"
    slow = [gateway(it, per_second=0.5) for it in (carrier, spare)]
    assert send(notifications, carriers, slow, run_of) == 2
    assert (len(carrier.posted), len(spare.held)) == (1, 1)


@pytest.mark.parametrize("first", [None, 4])
def test_what_a_quicker_carrier_left_waits_for_the_rate_of_the_second(
    notifications: Desk, carrier: Carrier, spare: Carrier, first: float | None
) -> None:
    """Seen red by: whatever another one left taken for counted."""
    visits(notifications, 4)
    carriers, both = Carriers(notifications.real_time), [gateway(carrier, first), gateway(spare, per_second=1)]
    carrier.behave = lambda n: "503" if n % 2 else "ok"
    send(notifications, carriers, both)
    assert (len(carrier.held), len(spare.held)) == (2, 1 if first is None else 0)
    notifications.real_time.instant += timedelta(seconds=2)
    send(notifications, carriers, both)
    assert len(spare.held) <= 2


CALLED_OFF = """
UPDATE appointments SET status = 'cancelled'
WHERE appointment_id IN (SELECT appointment_id FROM texts ORDER BY due_at, text_id LIMIT 4)
"""
NOT_THIS_ONE = """
CREATE FUNCTION not_this_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.patient_id = TG_ARGV[0]::uuid THEN RAISE 'not this one'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER not_this_one BEFORE UPDATE ON texts FOR EACH ROW EXECUTE FUNCTION not_this_one('{patient_id}')
"""


def test_what_is_skipped_costs_nothing_of_a_numbers_rate(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: a rate that is spent on what is chosen."""
    visits(notifications, 6)
    notifications.rows(CALLED_OFF)
    assert notifications.run(gateway(carrier, per_second=2)).send(notifications.network_id) == 2
    assert len(carrier.held) == 2


def test_what_is_claimed_by_itself_is_paced_too(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: texts whose claim together failed going out one by one without their rate."""
    visits(notifications, 4)
    [row] = notifications.rows("SELECT patient_id FROM texts ORDER BY due_at, text_id LIMIT 1")
    notifications.rows(NOT_THIS_ONE.format(**row))
    several = gateway(carrier, per_second=4)
    several.at_once = 4
    notifications.run(several).send(notifications.network_id)
    assert (len(carrier.held), len(notifications.troubles)) == (3, 1)
    visits(notifications, 4, first=4)
    notifications.run(several).send(notifications.network_id)
    assert len(carrier.held) <= 4
