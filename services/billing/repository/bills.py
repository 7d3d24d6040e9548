"""SQL <-> charges and claims."""

from collections.abc import Sequence
from typing import Any

from psycopg2.extras import Json

from services.billing.domain.bills import Bill, Charge, Claim
from shared.database.repository import Repository

_CHARGE = tuple(Charge.__dataclass_fields__)
_CLAIM = tuple(name for name in Claim.__dataclass_fields__ if name != "lines")


class BillRepository(Repository):
    """Charges, and claims with their lines."""

    def add(self, bills: Sequence[Bill]) -> None:
        """New ones. The database refuses a second bill of an encounter."""
        charges = [charge for bill in bills for charge in bill.charges]
        claims = [bill.claim for bill in bills if bill.claim]
        self.many("add-charges", [tuple(getattr(charge, name) for name in _CHARGE) for charge in charges])
        self.many("add-claims", [_claim_row(claim) for claim in claims])
        lines = [(claim.claim_id, *_line_row(line)) for claim in claims for line in claim.lines]
        self.many("add-claim-lines", lines)


def _claim_row(claim: Claim) -> tuple[Any, ...]:
    diagnoses = Json([vars(code) for code in claim.diagnoses])
    return tuple(diagnoses if name == "diagnoses" else getattr(claim, name) for name in _CLAIM)


def _line_row(line: Any) -> tuple[Any, ...]:
    return tuple(list(value) if isinstance(value, tuple) else value for value in vars(line).values())
