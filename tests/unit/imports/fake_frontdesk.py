"""Frontdesk as an importer sees it, in memory: the API's rules that matter to it, and nothing else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cli.api import ApiRefused, ApiUnreachable

Json = dict[str, Any]
BILLABLE = {"http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt"}


class FakeFrontdesk:
    """`writes` are the commands that took effect. `breaks_after`: how many more writes before nobody answers."""

    def __init__(self, now: str = "2026-11-23T15:00:00Z") -> None:
        self.now = now
        self.tables: dict[str, dict[str, Json]] = {}
        self.keys: dict[str, tuple[str, Json | None, Json]] = {}
        self.fees: dict[tuple[str, str], int] = {}
        self.writes: list[str] = []
        self.refuses: dict[str, str] = {}
        self.breaks_after: int | None = None
        self._looked_at: set[str] = set()

    def table(self, name: str) -> dict[str, Json]:
        return self.tables.setdefault(name, {})

    def get(self, path: str, **query: Any) -> Json:
        parts = path.removeprefix("/v1/").split("/")
        if parts == ["me"]:
            return {"now": self.now}
        if parts == ["working-hours"]:
            return self.table("hours").get(f"{query['site_id']}/{query['practitioner_id']}", {"lanes": 1, "weekly": []})
        if len(parts) == 1:
            return {"items": self._listed(parts[0], query), "next": None}
        if parts[0] == "encounters" and parts[1] not in self._looked_at:
            self._looked_at.add(parts[1])
            return {"encounter_id": parts[1], "status": "pending"}
        return self.table(parts[0])[parts[1]]

    def all(self, path: str, **query: Any) -> list[Json]:
        items: list[Json] = self.get(path, **query)["items"]
        return items

    def _listed(self, name: str, query: Json) -> list[Json]:
        on = query.pop("on", None)
        rows = [each for each in self.table(name).values() if all(each.get(k) == v for k, v in query.items())]
        return [each for each in rows if on is None or _local_day(each) == on]

    def post(self, path: str, body: Json | None = None, key: str = "") -> Json:
        assert key, "a write that makes something bears a key of its own"
        if key in self.keys:
            told_path, told_body, answer = self.keys[key]
            if (told_path, told_body) != (path, body):
                raise ApiRefused(422, {"type": "urn:frontdesk:problem:idempotency-key-reused"})
            return answer
        answer = self._write(path, body)
        self.keys[key] = (path, body, answer)
        return answer

    def put(self, path: str, body: Json, key: str = "") -> Json:
        return self._write(path, body)

    def _write(self, path: str, body: Json | None) -> Json:
        parts = path.removeprefix("/v1/").split("/")
        if slug := self.refuses.get(path):
            raise ApiRefused(409, {"type": f"urn:frontdesk:problem:{slug}"})
        if self.breaks_after is not None:
            if self.breaks_after == 0:
                raise ApiUnreachable(path)
            self.breaks_after -= 1
        self.writes.append(path)
        return dict(self._effect(parts)(parts, dict(body or {})))

    def _effect(self, parts: list[str]) -> Callable[[list[str], Json], Json]:
        return {
            "check-in": self._check_in,
            "finish": self._finish,
            "coverages": self._cover,
            "fees": self._price,
            "working-hours": self._work,
            "appointments": self._book,
        }.get(parts[-1], self._add)

    def _add(self, parts: list[str], body: Json) -> Json:
        id_field = {"appointment-types": "appointment_type_id"}.get(parts[0], f"{parts[0].removesuffix('s')}_id")
        return self._row(parts[0], id_field, {"coverages": [], "active": True, **body})

    def _row(self, name: str, id_field: str, row: Json) -> Json:
        row[id_field] = f"{name}-{len(self.table(name)) + 1}"
        self.table(name)[row[id_field]] = row
        return row

    def _work(self, _: list[str], body: Json) -> Json:
        self.table("hours")[f"{body['site_id']}/{body['practitioner_id']}"] = body
        return body

    def _book(self, _: list[str], body: Json) -> Json:
        zone = self.table("sites")[body["site_id"]]["zone"]
        return self._row("appointments", "appointment_id", {**body, "zone": zone, "status": "booked"})

    def _check_in(self, parts: list[str], _: Json) -> Json:
        appointment = self.table("appointments")[parts[1]]
        encounter = {"appointment_id": parts[1], "status": "in-progress", "diagnoses": [], "procedures": []}
        made = self._row("encounters", "encounter_id", encounter | {"patient_id": appointment["patient_id"]})
        appointment |= {"status": "arrived", "encounter_id": made["encounter_id"]}
        return appointment

    def _cover(self, parts: list[str], body: Json) -> Json:
        self.table("patients")[parts[1]] |= body
        return self.table("patients")[parts[1]]

    def _price(self, _: list[str], body: Json) -> Json:
        self.fees |= {(fee["system"], fee["code"]): fee["amount_cents"] for fee in body["fees"]}
        return {}

    def _finish(self, parts: list[str], body: Json) -> Json:
        encounter = self.table("encounters")[parts[1]]
        encounter |= {**body, "status": "finished"}
        self.table("appointments")[encounter["appointment_id"]]["status"] = "fulfilled"
        text = {"appointment_id": encounter["appointment_id"], "status": "skipped", "reason": "no-consent"}
        self._row("texts", "text_id", text)
        self._bill(encounter)
        return encounter

    def _bill(self, encounter: Json) -> None:
        amounts = [self.fees[line["system"], line["code"]] for line in encounter["procedures"]]
        coverages = self.table("patients")[encounter["patient_id"]]["coverages"]
        found = {"encounter_id": encounter["encounter_id"]}
        if coverages:
            strange = any(line["system"] not in BILLABLE for line in encounter["procedures"])
            held = {"status": "held", "held_reason": "code-not-billable"} if strange else {"status": "active"}
            payer = {"payer_name": coverages[0]["payer_name"]}
            self._row("claims", "claim_id", {**found, **held, **payer, "total_cents": sum(amounts)})
        for amount in amounts:
            self._row("charges", "charge_id", {**found, "amount_cents": amount})


def _local_day(appointment: Json) -> str:
    start_at = datetime.fromisoformat(appointment["start_at"]).astimezone(ZoneInfo(appointment["zone"]))
    return start_at.date().isoformat()
