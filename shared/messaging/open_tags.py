"""Which delivery tags of one channel are not settled yet: so that one acknowledgement may speak for many."""

from collections.abc import Collection
from itertools import islice


class OpenTags:
    """The open tags of one channel, which the broker numbers upwards."""

    def __init__(self) -> None:
        self._open: dict[int, None] = {}

    def came(self, tag: int) -> None:
        """A message was delivered under this tag."""
        self._open[tag] = None

    def settle(self, tags: Collection[int]) -> bool:
        """Takes these out; True where they were the oldest, so that `multiple` up to the last of them tells no lie."""
        were_oldest = set(islice(self._open, len(tags))) == set(tags)
        for tag in tags:
            self._open.pop(tag, None)
        return were_oldest
