"""Opening another site's patient: two identifiers that match, and no hint where the patient is known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.records.domain.errors import MoreIdentifiersNeeded, TwoIdentifiersNeeded
from services.records.domain.patients import Patient, search_key
from shared.errors import NotFound

_NEEDED = 2


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """What the caller knows of the patient. `phone` is E.164."""

    birth_on: date | None = None
    phone: str | None = None
    member_id: str | None = None
    family: str | None = None

    @property
    def given(self) -> Mapping[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}

    def require_two(self) -> None:
        """Raises TwoIdentifiersNeeded."""
        if len(self.given) < _NEEDED:
            message = "Give two of birth date, phone, member id and family name."
            raise TwoIdentifiersNeeded(errors=[{"field": next(iter(self.given), "birth_on"), "message": message}])

    def match(self, patient: Patient) -> bool:
        """Whether every given identifier is the patient's."""
        return all(_MATCHES[name](patient, value) for name, value in self.given.items())


def the_one(candidates: Iterable[Patient], identifiers: Identifiers) -> Patient:
    """The only patient whom every identifier fits. Raises NotFound for none, MoreIdentifiersNeeded for several."""
    found = {patient.patient_id: patient for patient in candidates if identifiers.match(patient)}
    if not found:
        raise NotFound
    if len(found) > 1:
        raise MoreIdentifiersNeeded
    return next(iter(found.values()))


def _same_member_id(patient: Patient, member_id: str) -> bool:
    return member_id in {coverage.member_id for coverage in patient.coverages}


_MATCHES: Mapping[str, Callable[[Patient, Any], bool]] = {
    "birth_on": lambda patient, value: patient.birth_on == value,
    "phone": lambda patient, value: value in patient.numbers,
    "member_id": _same_member_id,
    "family": lambda patient, value: search_key(patient.family) == search_key(value),
}
