"""The fee schedule: what one unit costs, by code system and code."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.money import Money

FeeSchedule = Mapping[tuple[str, str], Money]


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What one unit of a code costs."""

    system: str
    code: str
    amount_cents: int
    currency: str

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)
