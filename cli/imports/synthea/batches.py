"""Cuts the visits into runs that can be sent together.

The fee schedule holds one price a code and a patient one payer at a time, while in the source both change over the
years. So within a run no code has two amounts and no patient two payers, and between two runs everything is billed.
"""

from collections.abc import Iterable, Iterator

from cli.imports.synthea.plan import Coding, Visit

Fees = dict[Coding, tuple[int, str]]
"""amount in cents and currency by code"""


def batches(visits: Iterable[Visit], most: int = 25) -> Iterator[list[Visit]]:
    """Consecutive visits, at most `most`, in their order."""
    batch: list[Visit] = []
    fees: Fees = {}
    payers: dict[str, str | None] = {}
    for visit in visits:
        if batch and (len(batch) >= most or _clash(visit, fees, payers)):
            yield batch
            batch, fees, payers = [], {}, {}
        batch.append(visit)
        fees |= fees_of(visit)
        payers[visit.patient] = visit.payer
    if batch:
        yield batch


def fees_of(visit: Visit) -> Fees:
    """The prices that the source states in this visit; of two for one code the first."""
    fees: Fees = {}
    for line in visit.lines:
        if line.amount_cents is not None:
            fees.setdefault(line.coding, (line.amount_cents, line.currency))
    return fees


def _clash(visit: Visit, fees: Fees, payers: dict[str, str | None]) -> bool:
    if payers.get(visit.patient, visit.payer) != visit.payer:
        return True
    return any(fees.get(code, price) != price for code, price in fees_of(visit).items())
