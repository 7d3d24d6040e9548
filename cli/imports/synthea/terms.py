"""The terms of a visit: what its codes cost and who pays, as the network must know them when it is finished."""

from collections.abc import Iterable

from cli.imports.synthea.batches import Fees, fees_of
from cli.imports.synthea.directory import Directory, Json
from cli.imports.synthea.network import WritingApi
from cli.imports.synthea.plan import Visit


class Terms:
    """Sets fees and coverages where they differ from what was set last."""

    def __init__(self, api: WritingApi, directory: Directory) -> None:
        self._api, self._directory = api, directory
        self._fees: Fees = {}
        self._payers: dict[str, str | None] = {}

    def set_fees(self, visits: Iterable[Visit]) -> None:
        """The prices of all of them, which must not clash."""
        wanted: Fees = {}
        for visit in visits:
            wanted |= fees_of(visit)
        changed = {code: price for code, price in wanted.items() if self._fees.get(code) != price}
        if changed:
            self._api.put(
                "/v1/fees", {"fees": [_fee(code.system, code.code, *changed[code]) for code in sorted(changed)]}
            )
            self._fees |= changed

    def set_payer(self, visit: Visit) -> None:
        """Who pays is read from the patient as known when the encounter is finished."""
        path = f"/v1/patients/{self._directory.patients[visit.patient]}"
        if visit.patient not in self._payers:
            coverages: list[Json] = self._api.get(path)["coverages"]
            self._payers[visit.patient] = coverages[0]["payer_name"] if coverages else None
        if self._payers[visit.patient] != visit.payer:
            self._api.put(f"{path}/coverages", {"coverages": [{"payer_name": visit.payer}] if visit.payer else []})
            self._payers[visit.patient] = visit.payer


def _fee(system: str, code: str, cents: int, currency: str) -> Json:
    return {"system": system, "code": code, "amount_cents": cents, "currency": currency}
