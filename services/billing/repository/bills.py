"""SQL <-> charges and claims."""

from collections.abc import Sequence
from typing import Any

from psycopg2.extras import Json

from services.billing.domain.bills import Bill, Charge, Claim
from shared.database.unit_of_work import UnitOfWork

_CHARGE = tuple(Charge.__dataclass_fields__)
_CLAIM = tuple(name for name in Claim.__dataclass_fields__ if name != "lines")


class BillRepository:
    """Charges, and claims with their lines."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def add(self, bills: Sequence[Bill]) -> None:
        """New ones. The database refuses a second bill of an encounter."""
        sql, network_id = self._uow.sql, self._uow.network_id
        charges = [charge for bill in bills for charge in bill.charges]
        claims = [bill.claim for bill in bills if bill.claim]
        sql.many("add-charges", [(network_id, *(getattr(charge, name) for name in _CHARGE)) for charge in charges])
        sql.many("add-claims", [(network_id, *_claim_row(claim)) for claim in claims])
        lines = [(network_id, claim.claim_id, *_line_row(line)) for claim in claims for line in claim.lines]
        sql.many("add-claim-lines", lines)


def _claim_row(claim: Claim) -> tuple[Any, ...]:
    diagnoses = Json([vars(code) for code in claim.diagnoses])
    return tuple(diagnoses if name == "diagnoses" else getattr(claim, name) for name in _CLAIM)


def _line_row(line: Any) -> tuple[Any, ...]:
    return tuple(list(value) if isinstance(value, tuple) else value for value in vars(line).values())
