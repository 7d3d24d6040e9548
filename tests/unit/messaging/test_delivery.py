"""What an acknowledgement says: never more than what is settled."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.delivery import BrokerDelivery
from shared.messaging.open_tags import OpenTags


class FakeChannel:
    """What the broker takes for settled: open tags, as it keeps them."""

    def __init__(self) -> None:
        self.open: list[int] = []
        self.frames = 0

    def settle(self, tag: int, *, multiple: bool) -> None:
        assert tag in self.open
        self.frames += 1
        self.open = [one for one in self.open if one != tag and not (multiple and one < tag)]


class FakeMessage:
    body = b"{}"
    headers: Any = None

    def __init__(self, channel: FakeChannel, tag: int) -> None:
        self.channel = channel
        self.delivery_tag = tag
        self.delivery_info: dict[str, Any] = {}
        channel.open.append(tag)

    def ack(self, multiple: bool = False) -> None:  # kombu's own signature
        self.channel.settle(self.delivery_tag, multiple=multiple)

    def reject(self) -> None:
        self.channel.settle(self.delivery_tag, multiple=False)


def delivered(channel: FakeChannel, tags: OpenTags, number: int) -> list[BrokerDelivery]:
    first = max(channel.open, default=0) + 1
    return [BrokerDelivery(FakeMessage(channel, first + place), tags) for place in range(number)]


def test_a_whole_batch_is_acknowledged_by_one_frame() -> None:
    """Seen red by: an acknowledgement for each."""
    channel, tags = FakeChannel(), OpenTags()
    *earlier, last = delivered(channel, tags, 50)
    later = delivered(channel, tags, 3)
    last.ack(*earlier)
    assert channel.frames == 1
    assert channel.open == [one.tag for one in later]


def test_what_was_left_unsettled_is_not_acknowledged_by_those_after_it() -> None:
    """A batch that was given up while the database was away. Seen red by: `multiple` without a look at what is open."""
    channel, tags = FakeChannel(), OpenTags()
    given_up = delivered(channel, tags, 2)
    *earlier, last = delivered(channel, tags, 3)
    last.ack(*earlier)
    assert channel.open == [one.tag for one in given_up]


def test_a_batch_of_two_channels_is_acknowledged_one_by_one() -> None:
    """Tags of two channels are alike. Seen red by: tags alone being compared."""
    old, new, old_tags, new_tags = FakeChannel(), FakeChannel(), OpenTags(), OpenTags()
    [before] = delivered(old, old_tags, 1)
    [not_in_it, after] = delivered(new, new_tags, 2)
    after.ack(before)
    assert old.open == []
    assert new.open == [not_in_it.tag]


@given(st.lists(st.tuples(st.integers(1, 6), st.sets(st.integers(0, 5)), st.booleans()), max_size=8))
def test_whatever_is_set_aside_or_given_up_exactly_the_settled_ones_are_settled(batches: Any) -> None:
    """`set_aside`: places in the batch that are rejected alone, before the others are acknowledged together."""
    channel, tags, given_up = FakeChannel(), OpenTags(), []
    highest = 0
    for size, set_aside, is_given_up in batches:
        batch = [BrokerDelivery(FakeMessage(channel, highest + 1 + place), tags) for place in range(size)]
        highest += size
        if is_given_up:
            given_up += [one.tag for one in batch]
            continue
        for place in set_aside & set(range(size)):
            batch[place].dead_letter()
        if left := [one for place, one in enumerate(batch) if place not in set_aside]:
            left[-1].ack(*left[:-1])
    assert channel.open == given_up
