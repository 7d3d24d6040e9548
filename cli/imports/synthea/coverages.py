"""Who pays for a visit, as its claim (or the row of its encounter) says."""

from dataclasses import dataclass

from cli.imports.synthea.account import Account
from cli.imports.synthea.sources import Resource

# What Synthea and others call a patient without a payer.
_SELF_PAY = frozenset({"no_insurance", "no insurance", "none", "self-pay", "self pay", "selfpay", "uninsured"})


@dataclass(frozen=True, kw_only=True)
class Payer:
    """The payer's name, the patient's member id with it, and the Coverage record that says so."""

    name: str
    member_id: str | None = None
    coverage: str | None = None


def payer_of(account: Account, claim: Resource | None, encounter: Resource) -> Payer | None:
    """None is self-pay. The focal insurance comes first."""
    insurances = sorted((claim or {}).get("insurance", []), key=lambda each: not each.get("focal", False))
    named = [each["coverage"] for each in insurances if "coverage" in each]
    if claim is None and "payer" in encounter:
        named = [encounter["payer"]]
    found = (_payer(account, claim or {}, each) for each in named)
    first = next((each for each in found if each), None)
    return None if first is None or first.name.casefold() in _SELF_PAY else first


def _payer(account: Account, claim: Resource, reference: Resource) -> Payer | None:
    coverage = _contained(claim, reference) or account.named("Coverage", reference)
    if coverage is None:
        name = _organization(account, reference) or reference.get("display", "").strip()
        return Payer(name=name) if name else None
    names = (_organization(account, each) or each.get("display", "").strip() for each in coverage.get("payor", []))
    name = next((each for each in names if each), "") or reference.get("display", "").strip()
    record = coverage["id"] if account.find("Coverage", coverage["id"]) is coverage else None
    return Payer(name=name, member_id=coverage.get("subscriberId"), coverage=record) if name else None


def _contained(claim: Resource, reference: Resource) -> Resource | None:
    local = reference.get("reference", "")
    if not local.startswith("#"):
        return None
    inside = (each for each in claim.get("contained", []) if each.get("resourceType") == "Coverage")
    return next((each for each in inside if each.get("id") == local[1:]), None)


def _organization(account: Account, reference: Resource) -> str:
    record = account.named("Organization", reference) or {}
    return str(record.get("name", "")).strip()
