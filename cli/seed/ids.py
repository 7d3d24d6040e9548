"""Ids of seeded rows: shaped like UUIDv7, and the same whenever the same network is seeded again.

The place of the time part holds a running number, so that rows which are written together lie together in every
index. Nobody reads a time from an id (docs/architecture.md, "Two clocks").
"""

from hashlib import blake2b
from uuid import UUID

_FIRST_MILLISECOND = 0x0190_F6A0_0000  # July 2024
_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = (1 << 62) - 1


class Ids:
    """The ids of one seed in one network."""

    def __init__(self, seed: int, network_id: UUID) -> None:
        self._hash = blake2b(f"{seed}/{network_id}".encode(), digest_size=8)

    def of(self, kind: str, number: int) -> UUID:
        """The id of the thing of that kind with that running number."""
        its = self._hash.copy()
        its.update(b"%s/%d" % (kind.encode(), number))
        random = int.from_bytes(its.digest(), "big") & _RANDOM_BITS
        time = _FIRST_MILLISECOND + (number >> 12)
        return UUID(int=time << 80 | _VERSION_7 | (number & 0xFFF) << 64 | _VARIANT | random)
