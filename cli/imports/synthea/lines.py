"""The service lines of a claim, to the cent: its items, or the charges of a CSV export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cli.imports.synthea import fhir
from cli.imports.synthea.plan import Coding, Line
from cli.imports.synthea.sources import Resource

_MOST_UNITS = 9999
_STATED = ("net", "unitPrice")
CURRENCY = "USD"


class NoMoney(Exception):
    """An amount that cannot be billed as it stands; the text is the reason."""


@dataclass(frozen=True)
class Pointed:
    """The claim's diagnoses: the place in the visit's list by the claim's own sequence number."""

    places: dict[int, int]

    def of(self, item: Resource) -> tuple[int, ...]:
        """Where this item points; nowhere where the claim links nothing."""
        found = (self.places.get(int(number)) for number in item.get("diagnosisSequence", []))
        return tuple(dict.fromkeys(place for place in found if place is not None))


def services_of(items: Sequence[Resource]) -> list[Resource]:
    """Those that are services: an item that points at a diagnosis and costs nothing only names it (so Synthea)."""
    return [item for item in items if "diagnosisSequence" not in item or any(name in item for name in _STATED)]


def lines_of(items: Sequence[Resource], total: Resource | None, pointed: Pointed) -> Iterator[Line]:
    """The services' lines. Raises NoMoney.

    Synthea states no amount for the visit itself: it is what the total leaves when the stated amounts are taken off.
    """
    unstated = [item for item in items if not any(name in item for name in _STATED)]
    for item in items:
        if (code := fhir.coding(item.get("productOrService"))) is None:
            raise NoMoney("a line of its claim names no code")
        amount = _rest(total, items) if item in unstated and len(unstated) == 1 else _stated(item)
        yield Line(coding=code, amount_cents=amount, units=_units(item), pointers=pointed.of(item))


def cost_line(code: Coding, cost: Resource | None) -> Line:
    """A service that states its own price, or none. Raises NoMoney."""
    return Line(coding=code, amount_cents=None if cost is None else _cents(cost))


def _stated(item: Resource) -> int | None:
    """What the line costs: FHIR's net, or unitPrice x quantity x factor."""
    if "net" in item:
        return _cents(item["net"])
    if "unitPrice" not in item or "value" not in item["unitPrice"]:
        return None
    price = item["unitPrice"]
    times = Decimal(item.get("quantity", {}).get("value", 1)) * Decimal(item.get("factor", 1))
    if not 0 <= times <= _MOST_UNITS or not 0 <= price["value"] <= 10**8:
        raise NoMoney("an amount of its claim cannot be billed")
    return _cents({**price, "value": price["value"] * times})


def _rest(total: Resource | None, items: Sequence[Resource]) -> int | None:
    if total is None:
        return None
    stated = [found for item in items if (found := _stated(item)) is not None]
    rest = _cents(total) - sum(stated)
    if rest < 0:
        raise NoMoney("its claim's lines come to more than its total")
    return rest


def _cents(money: Resource) -> int:
    if money.get("currency", CURRENCY) != CURRENCY:
        raise NoMoney(f"its claim is not in {CURRENCY}")
    found = fhir.cents(money)
    if found is None:
        raise NoMoney("an amount of its claim cannot be billed")
    return found


def _units(item: Resource) -> int:
    """Whole units; a fraction, or none, is billed as one."""
    value = item.get("quantity", {}).get("value", 1)
    return int(value) if 1 <= value <= _MOST_UNITS and value == int(value) else 1
