"""Money is integer cents and an ISO 4217 currency; never a float."""

from dataclasses import dataclass
from decimal import Decimal

CURRENCY = "USD"


@dataclass(frozen=True, order=True)
class Money:
    """An amount in the currency's smallest unit."""

    cents: int
    currency: str = CURRENCY

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError("amounts of two currencies cannot be added")
        return Money(self.cents + other.cents, self.currency)

    def times(self, units: int) -> "Money":
        """The amount for that many units."""
        return Money(self.cents * units, self.currency)

    def __str__(self) -> str:
        return f"{Decimal(self.cents) / 100:.2f} {self.currency}"


def total(amounts: list[Money], currency: str = CURRENCY) -> Money:
    """The sum; zero of `currency` for none."""
    return sum(amounts, Money(0, currency))
