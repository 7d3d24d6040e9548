"""What is in flight: tags, returns, deadlines."""

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.outbox_rows import OutboxRow
from shared.messaging.window import Flight, Window


def row(number: int) -> OutboxRow:
    return OutboxRow(id=number, event_id=f"e{number}", type="appointment-booked", network_id="n", attempts=0, body="{}")


def window_of(count: int) -> Window:
    window = Window(size=100)
    for tag in range(1, count + 1):
        window.sent(Flight(tag, row(tag), deadline=10.0))
    return window


def test_a_confirm_of_many_settles_all_up_to_its_tag() -> None:
    window = window_of(5)
    assert [found.id for found, _ in window.settle(3, multiple=True)] == [1, 2, 3]
    assert window.row_ids() == [4, 5]


def test_a_returned_message_is_known_as_returned_when_its_confirm_comes() -> None:
    """A return is followed by a confirm of the same message, which must not count."""
    window = window_of(2)
    window.returned("e1")
    assert [(found.id, returned) for found, returned in window.settle(2, multiple=True)] == [(1, True), (2, False)]


def test_a_return_counts_once() -> None:
    window = window_of(1)
    window.returned("e1")
    assert [returned for _, returned in window.settle(1, multiple=False)] == [True]
    window.sent(Flight(2, row(1), deadline=10.0))
    assert [returned for _, returned in window.settle(2, multiple=False)] == [False]


def test_a_confirm_that_comes_after_its_deadline_settles_nothing() -> None:
    window = window_of(2)
    assert [late.id for late in window.overdue(10.0)] == [1, 2]
    assert list(window.settle(2, multiple=True)) == []


def test_deadlines_wait_while_the_broker_asks_to_wait() -> None:
    window = window_of(1)
    window.postpone(30.0)
    assert window.overdue(39.0) == []
    assert len(window.overdue(40.0)) == 1


@given(st.lists(st.tuples(st.integers(min_value=1, max_value=20), st.booleans()), max_size=40))
def test_whatever_the_broker_confirms_each_row_is_settled_at_most_once(confirms: list[tuple[int, bool]]) -> None:
    window = window_of(20)
    settled = [found.id for tag, multiple in confirms for found, _ in window.settle(tag, multiple=multiple)]
    assert len(settled) == len(set(settled)) == 20 - len(window)
