"""What a text needs to know of a site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class SiteCopy:
    """Its name as patients know it, its IANA zone, the number that they may call, and days on which it is closed."""

    name: str
    zone: str
    phone: str | None = None
    holidays: Sequence[date] = ()
