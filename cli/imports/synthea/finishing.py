"""What finishes a visit: its codes with their prices, and before it who pays.

The network keeps a patient's coverage as it is now, the source has one for each visit. Who pays is read from the
patient as known when the encounter is finished, so a coverage may change right afterwards. A patient's visits are
therefore finished in rounds: those up to the next change of payer together, then the coverage is set, then on.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cli.imports.synthea.directory import Json
from cli.imports.synthea.plan import Line, Visit
from cli.imports.synthea.trails import Trail

_POINTERS = range(1, 5)  # a service line points at four diagnoses at most (X12 837P, SV107)

Payer = tuple[str, str | None]
"""Name and member id."""


def rounds(trails: Iterable[Trail]) -> Iterator[list[Trail]]:
    """Runs of visits in which no patient has two payers; each patient's in their order."""
    by_patient: dict[str, list[Trail]] = {}
    for trail in trails:
        by_patient.setdefault(trail.visit.patient, []).append(trail)
    runs = [[list(run) for _, run in groupby(each, key=_paid_by)] for each in by_patient.values()]
    for place in range(max(map(len, runs), default=0)):
        yield [trail for each in runs if place < len(each) for trail in each[place]]


def payer_of(visit: Visit) -> Payer | None:
    """None is self-pay."""
    return (visit.payer, visit.member_id) if visit.payer else None


def payer_in(patient: Json) -> Payer | None:
    """The one who is billed first, of the API's patient."""
    coverages: list[Json] = patient["coverages"]
    return (coverages[0]["payer_name"], coverages[0].get("member_id")) if coverages else None


def coverages_of(payer: Payer | None) -> list[Json]:
    """As the API takes them."""
    if payer is None:
        return []
    name, member_id = payer
    return [{"payer_name": name} | ({"member_id": member_id} if member_id else {})]


def codes_of(visit: Visit) -> Json:
    """Diagnoses and procedures. A line that the source links to no diagnosis points at the first four."""
    first = [place for place in _POINTERS if place <= len(visit.diagnoses)]
    return {
        "diagnoses": [{"system": each.system, "code": each.code} for each in visit.diagnoses],
        "procedures": [_procedure(line, first) for line in visit.lines],
    }


def _procedure(line: Line, otherwise: Sequence[int]) -> Json:
    pointers = [place for place in line.pointers if place <= _MOST_DIAGNOSES][: len(_POINTERS)] or list(otherwise)
    found = {"system": line.coding.system, "code": line.coding.code, "units": line.units}
    price = {} if line.amount_cents is None else {"amount_cents": line.amount_cents}
    return {**found, "diagnosis_pointers": pointers, **price}


def _paid_by(trail: Trail) -> Payer | None:
    return payer_of(trail.visit)


_MOST_DIAGNOSES = 12  # that a line may point at (X12 837P, HI)
