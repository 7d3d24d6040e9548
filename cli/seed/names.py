"""Names of people, streets and payers. Faker makes them once for each process; drawing one is then cheap."""

from collections.abc import Sequence
from random import Random

from faker import Faker

_POOL = 3000
# One in eight has a name with accents or two family names, as in an American clinic.
_SECOND_LOCALE = 0.12
PAYERS = (
    ("60054", "Blue Harbor"),
    ("61101", "Granite Mutual"),
    ("74227", "Prairie Health Plan"),
    ("87726", "United Rivers"),
    ("00882", "Medicare Part B"),
    ("77350", "State Medicaid"),
)


class Names:
    """What names are drawn from; the same pools for the same seed."""

    def __init__(self, seed: int) -> None:
        self._pools = [_pools(locale, seed) for locale in ("en_US", "es_MX")]

    def person(self, chance: Random) -> tuple[str, str]:
        """A given and a family name."""
        given, family = self._pools[chance.random() < _SECOND_LOCALE]
        return chance.choice(given), chance.choice(family)


def site_names(seed: int, count: int) -> list[str]:
    """Names of clinics, each another; the network's own order."""
    fake = Faker("en_US")
    fake.seed_instance(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        name = f"{fake.street_name()} Clinic"
        found[name if name not in found else f"{name} {len(found) + 1}"] = None
    return list(found)


def _pools(locale: str, seed: int) -> tuple[Sequence[str], Sequence[str]]:
    fake = Faker(locale)
    fake.seed_instance(seed)
    return [fake.first_name() for _ in range(_POOL)], [fake.last_name() for _ in range(_POOL)]
