"""What happens at visits: codes of diagnoses and procedures, and what each comes to, by billing's own rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from cli.seeding import CPT
from services.billing.domain.bills import Bill, bill
from shared.events.records import Coding, Coverage, EncounterFinished, Procedure
from shared.money import Money

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_NOBODY = UUID(int=0)
_SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)

_CENTS = {
    "99203": 16500, "99204": 24600, "99212": 8300, "99213": 12800, "99214": 18200, "99395": 19900, "99396": 21300,
    "36415": 1200, "85025": 1900, "80053": 2600, "83036": 2400, "87880": 3100, "93000": 4200, "90471": 3500,
    "90686": 2900, "81003": 1400, "97110": 5400,
}  # fmt: skip
FEES: Mapping[tuple[str, str], int] = {(CPT, code): cents for code, cents in _CENTS.items()}
_SCHEDULE = {key: Money(cents) for key, cents in FEES.items()}

# share, diagnoses, procedures with the places of the diagnoses that they were done for
_KINDS = (
    (14, ("J06.9", "R05.9"), (("99213", 1, (1, 2)),)),
    (7, ("J02.0",), (("99213", 1, (1,)), ("87880", 1, (1,)))),
    (12, ("I10",), (("99213", 1, (1,)),)),
    (8, ("E11.9", "I10"), (("99214", 1, (1, 2)), ("36415", 1, (1,)), ("83036", 1, (1,)))),
    (6, ("E78.5",), (("99213", 1, (1,)), ("36415", 1, (1,)))),
    (9, ("M54.50",), (("99213", 1, (1,)), ("97110", 2, (1,)))),
    (7, ("Z00.00",), (("99396", 1, (1,)), ("36415", 1, (1,)), ("85025", 1, (1,)), ("80053", 1, (1,)))),
    (5, ("Z23",), (("90471", 1, (1,)), ("90686", 1, (1,)))),
    (5, ("N39.0",), (("99213", 1, (1,)), ("81003", 1, (1,)))),
    (4, ("R07.9",), (("99214", 1, (1,)), ("93000", 1, (1,)))),
    (5, ("F41.1",), (("99214", 1, (1,)),)),
    (6, ("L30.9",), (("99212", 1, (1,)),)),
    (6, ("J30.2",), (("99212", 1, (1,)),)),
    (6, ("Z76.89",), (("99203", 1, (1,)),)),
)  # fmt: skip
SHARES = tuple(share for share, _, _ in _KINDS)


@dataclass(frozen=True)
class Kind:
    """What was found and done at a visit, also as the JSON text that services keep of it."""

    diagnoses: tuple[Coding, ...]
    procedures: tuple[Procedure, ...]
    diagnoses_json: str
    procedures_json: str


def _kind(diagnoses: tuple[str, ...], done: tuple[tuple[str, int, tuple[int, ...]], ...]) -> Kind:
    codes = tuple(Coding(system=ICD10, code=code) for code in diagnoses)
    procedures = tuple(Procedure(system=CPT, code=code, units=n, diagnosis_pointers=at) for code, n, at in done)
    return Kind(codes, procedures, json.dumps([*map(vars, codes)]), json.dumps([*map(vars, procedures)]))


KINDS = tuple(_kind(diagnoses, done) for _, diagnoses, done in _KINDS)


@cache
def bill_of(kind: int, payer: str) -> Bill:
    """The bill of a visit of that kind, made by billing itself; its ids and times are nobody's.

    `payer`: `patient` (no coverage), `coverage`, or `no-member` (a coverage without a member id, so the claim is held).
    """
    member = None if payer == "no-member" else "M1"
    coverage = Coverage(coverage_id=_NOBODY, payer_id=None, payer_name="", member_id=member)
    return bill(_finished(KINDS[kind]), () if payer == "patient" else (coverage,), _SCHEDULE)


def _finished(kind: Kind) -> EncounterFinished:
    return EncounterFinished(
        encounter_id=_NOBODY,
        version=2,
        appointment_id=_NOBODY,
        arrival_id=_NOBODY,
        patient_id=_NOBODY,
        site_id=_NOBODY,
        practitioner_id=_NOBODY,
        status="finished",
        started_at=_SOME_INSTANT,
        finished_at=_SOME_INSTANT,
        diagnoses=kind.diagnoses,
        procedures=kind.procedures,
        patient_version=1,
    )
