"""The fee schedule."""

from collections.abc import Collection, Sequence

from services.billing.domain.fees import Fee, FeeSchedule
from shared.database.repository import Repository
from shared.events.records import Procedure


class FeeRepository(Repository):
    """Fees by (system, code)."""

    def set(self, fees: Sequence[Fee]) -> None:
        """Sets these; of a code given twice the last counts. Sorted, so that two schedules never wait in a circle."""
        once = {(fee.system, fee.code): fee for fee in fees}
        rows = [(*key, once[key].amount_cents, once[key].currency) for key in sorted(once)]
        self.many("set-fees", rows)

    def of(self, procedures: Collection[Procedure]) -> FeeSchedule:
        """The fees of these codes; a code without one is not in it."""
        wanted = sorted({(done.system, done.code) for done in procedures})
        systems, codes = [system for system, _ in wanted], [code for _, code in wanted]
        rows = self.all("fees-of-codes", systems=systems, codes=codes)
        return {(row["system"], row["code"]): Fee(**row).amount for row in rows}
