"""What was done at an encounter, what the source claims for it, and from whom."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account, Key
from cli.imports.synthea.coverages import Payer, payer_of
from cli.imports.synthea.lines import NoMoney, Pointed, cost_line, lines_of, services_of
from cli.imports.synthea.plan import Coding, Line
from cli.imports.synthea.sources import Resource
from cli.imports.synthea.sources.csv_rows import CVX, SNOMED

PHARMACY = "a pharmacy's claim"
NO_CODE = "names no code and its system"
NOT_ASKED_FOR = "its encounter's claim does not ask for it"
NO_CHARGE = "a payment or a transfer: only what is asked for is imported"
_DONE = (("Procedure", "code"), ("Immunization", "vaccineCode"))
_CHARGE = "CHARGE"
_MOST = 50  # diagnoses, and lines, that the API takes for a visit


@dataclass(frozen=True, kw_only=True)
class Services:
    """Codes and lines of one encounter, who pays, and which of its records say so."""

    diagnoses: tuple[Coding, ...]
    lines: tuple[Line, ...]
    payer: Payer | None
    records: tuple[Key, ...]


class ServicesOf:
    """Looks up what belongs to an encounter; built once for a source."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._of = {kind: _by_encounter(account, kind) for kind in ("Condition", "MedicationRequest", *dict(_DONE))}
        self._charges = _charges(account)
        self._claims: dict[str, list[Resource]] = {}
        for claim in account.all("Claim"):
            if found := self.claimed_encounter(claim):
                self._claims.setdefault(found, []).append(claim)

    def __call__(self, encounter: Resource) -> Services:
        """Raises NoMoney."""
        claims = self._medical(encounter)
        payer = payer_of(self._account, claims[0] if claims else None, encounter)
        diagnoses = tuple(dict.fromkeys(self._diagnoses(encounter, claims)))
        lines = [line for claim in claims for line in self._claimed(claim, diagnoses)]
        lines = lines or list(self._unclaimed(encounter))
        if max(len(diagnoses), len(lines)) > _MOST:
            raise NoMoney(f"more than {_MOST} diagnoses or lines")
        self._leave_out_what_is_not_sent(encounter, lines)
        return Services(diagnoses=diagnoses, lines=tuple(lines), payer=payer, records=self._records(claims, payer))

    def claimed_encounter(self, claim: Resource) -> str | None:
        """The encounter that a claim is for."""
        of_items = (each for item in claim.get("item", []) for each in item.get("encounter", []))
        linked = (claim.get("encounter"), *of_items)
        found = (self._account.references.find("Encounter", each) for each in linked)
        return next((each for each in found if each), None)

    def _medical(self, encounter: Resource) -> list[Resource]:
        """Its claims to one payer: the first one's. Others are left out, each with its reason."""
        kept: list[Resource] = []
        for claim in self._claims.get(encounter["id"], []):
            if self._is_pharmacys(claim, encounter):
                self._account.leave_out("Claim", claim["id"], PHARMACY)
            elif kept and self._pays(claim, encounter) != self._pays(kept[0], encounter):
                self._account.leave_out("Claim", claim["id"], "a second claim for its encounter, to another payer")
            else:
                kept.append(claim)
        return kept

    def _pays(self, claim: Resource, encounter: Resource) -> str | None:
        payer = payer_of(self._account, claim, encounter)
        return payer.name if payer else None

    def _is_pharmacys(self, claim: Resource, encounter: Resource) -> bool:
        """By its type; a CSV export has none: there it is one whose every charge is a medication of the encounter."""
        if "pharmacy" in fhir.codes([claim.get("type", {})]):
            return True
        prescribed = self._of["MedicationRequest"].get(encounter["id"], [])
        medications = fhir.codes([each.get("code", {}) for each in prescribed])
        charged = fhir.codes([each.get("productOrService", {}) for each in self._charges.get(claim["id"], [])])
        return bool(charged) and charged <= medications

    def _diagnoses(self, encounter: Resource, claims: Sequence[Resource]) -> Iterator[Coding]:
        """Those of the claims come first, in the claims' order: lines point at them by their place."""
        for claim in claims:
            yield from (code for _, code in self._claimed_diagnoses(claim))
        conditions = self._of["Condition"].get(encounter["id"], [])
        ordered = sorted(conditions, key=lambda each: (each.get("onsetDateTime", ""), each["id"]))
        concepts = [*(each.get("code") for each in ordered), *encounter.get("reasonCode", [])]
        yield from (found for concept in concepts if (found := fhir.coding(concept)))

    def _claimed_diagnoses(self, claim: Resource) -> Iterator[tuple[int, Coding]]:
        for each in sorted(claim.get("diagnosis", []), key=lambda each: each.get("sequence", 0)):
            condition = self._account.named("Condition", each.get("diagnosisReference")) or {}
            if code := fhir.coding(each.get("diagnosisCodeableConcept") or condition.get("code")):
                yield int(each.get("sequence", 0)), code

    def _claimed(self, claim: Resource, diagnoses: Sequence[Coding]) -> Iterator[Line]:
        pointed = Pointed({number: diagnoses.index(code) + 1 for number, code in self._claimed_diagnoses(claim)})
        if charges := self._charges.get(claim["id"]):
            return lines_of([self._with_system(claim, each) for each in charges], None, pointed)
        return lines_of(services_of(claim.get("item", [])), claim.get("total"), pointed)

    def _with_system(self, claim: Resource, charge: Resource) -> Resource:
        """A row of money names a code alone. A vaccine's is one of the encounter's immunizations."""
        given = self._of["Immunization"].get(str(self.claimed_encounter(claim)), [])
        codes = fhir.codes([charge.get("productOrService", {})])
        system = CVX if codes & fhir.codes([each.get("vaccineCode", {}) for each in given]) else SNOMED
        return {**charge, "productOrService": {"coding": [{"system": system, "code": code} for code in codes]}}

    def _unclaimed(self, encounter: Resource) -> Iterator[Line]:
        """What was done, with what each states of its own cost."""
        if "cost" in encounter and (code := fhir.coding(next(iter(encounter.get("type", [])), None))):
            yield cost_line(code, encounter["cost"])
        for kind, field in _DONE:
            for record in self._of[kind].get(encounter["id"], []):
                if code := fhir.coding(record.get(field)):
                    yield cost_line(code, record.get("cost"))

    def _leave_out_what_is_not_sent(self, encounter: Resource, lines: Sequence[Line]) -> None:
        """What was done is sent as the lines of the bill: a record that no line is for says so."""
        asked_for = Counter(line.coding for line in lines)
        for kind, field in _DONE:
            for record in self._of[kind].get(encounter["id"], []):
                code = fhir.coding(record.get(field))
                if code is None or not asked_for[code]:
                    self._account.leave_out(kind, record["id"], NOT_ASKED_FOR if code else NO_CODE)
                else:
                    asked_for[code] -= 1
        for condition in self._of["Condition"].get(encounter["id"], []):
            if fhir.coding(condition.get("code")) is None:
                self._account.leave_out("Condition", condition["id"], NO_CODE)

    def _records(self, claims: Sequence[Resource], payer: Payer | None) -> tuple[Key, ...]:
        coverage = (("Coverage", payer.coverage),) if payer and payer.coverage else ()
        charges = (each["id"] for claim in claims for each in self._charges.get(claim["id"], []))
        named = [("Claim", claim["id"]) for claim in claims] + [("ClaimTransaction", each) for each in charges]
        return (*named, *coverage)


def _charges(account: Account) -> dict[str, list[Resource]]:
    """The charges of each claim, in their order. A payment is left out here."""
    found: dict[str, list[Resource]] = {}
    for row in account.all("ClaimTransaction"):
        if row.get("kind", _CHARGE) != _CHARGE:
            account.leave_out("ClaimTransaction", row["id"], NO_CHARGE)
        elif claim := account.references.find("Claim", row.get("claim")):
            found.setdefault(claim, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.get("sequence", 0), row["id"]))
    return found


def _by_encounter(account: Account, kind: str) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for record in account.all(kind):
        if encounter := account.references.find("Encounter", record.get("encounter")):
            found.setdefault(encounter, []).append(record)
    return found
