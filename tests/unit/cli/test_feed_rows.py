"""The order in which a reader of the claim feed gets rows."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from cli.claim_feed import Format, writer
from cli.feed_rows import FIELDS, FeedOrder, Row, plain, row_of


def row(sequence: int) -> Row:
    return plain({"sequence": sequence, "type": "claim-created", "status": "active", "total_cents": 100})


class Billing:
    """What billing holds: rows 1 to `count`, in pages of two."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[int] = []

    def fetch(self, after: int) -> list[Row]:
        self.asked.append(after)
        return [row(number) for number in range(after + 1, self.count + 1)][:2]


def given_for(order: FeedOrder, delivered: list[int]) -> list[int]:
    return [each["sequence"] for number in delivered for each in order.rows_up_to(row(number))]


def test_without_a_beginning_the_first_row_that_comes_is_the_first() -> None:
    billing = Billing(9)
    assert given_for(FeedOrder(billing.fetch), [7, 8]) == [7, 8]
    assert billing.asked == []


def test_rows_that_the_queue_dropped_come_from_billing_in_their_place() -> None:
    """Seen red by: rows_up_to without the gap."""
    billing = Billing(9)
    assert given_for(FeedOrder(billing.fetch, 0), [1, 6, 7]) == [1, 2, 3, 4, 5, 6, 7]


def test_a_row_that_comes_again_is_given_once() -> None:
    assert given_for(FeedOrder(Billing(9).fetch, 0), [1, 2, 1, 2, 3]) == [1, 2, 3]


def test_since_gives_everything_after_that_number_and_then_the_queue() -> None:
    billing = Billing(5)
    order = FeedOrder(billing.fetch, 2)
    assert [each["sequence"] for each in order.catch_up()] == [3, 4, 5]
    assert given_for(order, [1, 2, 3, 4, 5, 6]) == [6]


@given(delivered=st.lists(st.integers(1, 12)), since=st.integers(0, 12))
def test_whatever_is_delivered_the_numbers_rise_by_one(delivered: list[int], since: int) -> None:
    found = given_for(FeedOrder(Billing(12).fetch, since), delivered)
    assert found == list(range(since + 1, since + 1 + len(found)))
    assert not delivered or not found or found[-1] >= max(delivered)


def test_a_message_of_the_queue_reads_like_a_row_of_billing() -> None:
    data = {"version": 4, "event_type": "claim-held", "claim_id": "c", "network_id": "n", "later": 1}
    assert row_of({"data": data}) == plain({"sequence": 4, "type": "claim-held", "claim_id": "c"})


def test_json_is_one_object_a_line_and_csv_has_a_header() -> None:
    out = io.StringIO()
    writer(Format.JSON, out)(row(1))
    assert json.loads(out.getvalue()) == row(1)
    out = io.StringIO()
    hand = writer(Format.CSV, out)
    hand(row(1))
    hand(row(2))
    read = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [each["sequence"] for each in read] == ["1", "2"]
    assert tuple(read[0]) == FIELDS
