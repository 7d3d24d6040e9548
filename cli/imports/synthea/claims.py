"""What was done at an encounter and what the source claims for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account
from cli.imports.synthea.bundles import Resource
from cli.imports.synthea.plan import Coding, Line

_DONE = (("Procedure", "code"), ("Immunization", "vaccineCode"))
_SELF_PAY = "NO_INSURANCE"  # Synthea's own name for a patient without a payer


@dataclass(frozen=True, kw_only=True)
class Services:
    """Codes and lines of one encounter."""

    diagnoses: tuple[Coding, ...]
    lines: tuple[Line, ...]
    claim: str | None
    payer: str | None


class ServicesOf:
    """Looks up what belongs to an encounter; built once for a source."""

    def __init__(self, account: Account) -> None:
        self._claims = {found: claim for claim in account.all("Claim") if (found := claimed_encounter(claim))}
        self._conditions = _by_encounter(account, "Condition")
        self._done = {kind: _by_encounter(account, kind) for kind, _ in _DONE}

    def __call__(self, encounter: Resource) -> Services:
        claim = self._claims.get(encounter["id"])
        return Services(
            diagnoses=tuple(dict.fromkeys(self._diagnoses(encounter))),
            lines=tuple(_claimed(claim)) if claim else tuple(self._unclaimed(encounter)),
            claim=claim["id"] if claim else None,
            payer=_payer(claim) if claim else None,
        )

    def _diagnoses(self, encounter: Resource) -> Iterator[Coding]:
        concepts = [each.get("code") for each in self._conditions.get(encounter["id"], [])]
        found = (fhir.coding(concept) for concept in [*concepts, *encounter.get("reasonCode", [])])
        return (each for each in found if each)

    def _unclaimed(self, encounter: Resource) -> Iterator[Line]:
        for kind, field in _DONE:
            codes = (fhir.coding(each.get(field)) for each in self._done[kind].get(encounter["id"], []))
            yield from (Line(coding=each, amount_cents=None) for each in codes if each)


def claimed_encounter(claim: Resource) -> str | None:
    """The encounter that a medical claim is for; None for a pharmacy's claim, which Synthea links the same way."""
    if any(each.get("code") == "pharmacy" for each in claim.get("type", {}).get("coding", [])):
        return None
    linked = (fhir.reference(each) for item in claim.get("item", []) for each in item.get("encounter", []))
    return next((each for each in linked if each), None)


def _by_encounter(account: Account, kind: str) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for record in account.all(kind):
        found.setdefault(str(fhir.reference(record.get("encounter"))), []).append(record)
    return found


def _payer(claim: Resource) -> str | None:
    displays = (each.get("coverage", {}).get("display") for each in claim.get("insurance", []))
    return next((each for each in displays if each and each != _SELF_PAY), None)


def _claimed(claim: Resource) -> Iterator[Line]:
    """The claim's services. Items that only name a diagnosis are none.

    Synthea states no amount for the visit itself: it is what the total leaves when the stated amounts are taken off.
    """
    items = [item for item in claim.get("item", []) if "diagnosisSequence" not in item]
    unstated = [item for item in items if "net" not in item]
    for item in items:
        if code := fhir.coding(item.get("productOrService")):
            amount = fhir.cents(item.get("net")) if "net" in item else _rest(claim, items, len(unstated))
            yield Line(coding=code, amount_cents=amount, currency=_currency(claim, item))


def _rest(claim: Resource, items: list[Resource], unstated: int) -> int | None:
    total, stated = fhir.cents(claim.get("total")), [fhir.cents(item["net"]) for item in items if "net" in item]
    if unstated != 1 or total is None or None in stated:
        return None
    rest = total - sum(each for each in stated if each is not None)
    return rest if rest >= 0 else None


def _currency(claim: Resource, item: Resource) -> str:
    money: Resource = item.get("net") or claim.get("total") or {}
    return str(money.get("currency", "USD"))
