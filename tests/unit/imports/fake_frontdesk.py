"""Frontdesk as an importer sees it, in memory: the API's rules that matter to it, and nothing else."""

from collections.abc import Callable, Sequence
from typing import Any

from cli.api import ApiRefused, ApiUnreachable

Json = dict[str, Any]
BILLABLE = {"http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt"}


class FakeFrontdesk:
    """`writes` are the commands that took effect. `breaks_after`: how many more writes before nobody answers."""

    def __init__(self, now: str = "2026-11-23T15:00:00Z") -> None:
        self.now = now
        self.tables: dict[str, dict[str, Json]] = {}
        self.keys: dict[str, tuple[str, Json | None, Json]] = {}
        self.writes: list[str] = []
        self.refuses: dict[str, str] = {}
        self.breaks_after: int | None = None
        self._asked_for: set[str] = set()

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
        return self.table(parts[0])[parts[1]]

    def all(self, path: str, **query: Any) -> list[Json]:
        items: list[Json] = self.get(path, **query)["items"]
        return items

    def _listed(self, name: str, query: Json) -> list[Json]:
        query.pop("limit", None)
        return [each for each in self.table(name).values() if all(each.get(k) == v for k, v in query.items())]

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

    def batch(self, path: str, items: Sequence[Json]) -> list[Json]:
        return [self._item(path.removeprefix("/v1/").split("/"), dict(item)) for item in items]

    def _item(self, parts: list[str], item: Json) -> Json:
        """As the operation alone would answer."""
        key, named = (
            item.pop("key"),
            {"check-in": "appointment_id", "finish": "encounter_id", "coverages": "patient_id"},
        )
        verb = parts[1] if parts[1] in named else ""
        path = f"/v1/{parts[0]}/{item.pop(named[verb])}/{verb}" if verb else f"/v1/{parts[0]}"
        try:
            return {"key": key, "status": 200, "body": self.post(path, item, key)}
        except ApiRefused as refused:
            return {"key": key, "status": refused.status, "problem": refused.problem}

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
        self.table("hours")[f"{body['site_id']}/{body['practitioner_id']}"] = {**body, "version": 1}
        return body

    def _book(self, _: list[str], body: Json) -> Json:
        zone = self.table("sites")[body["site_id"]]["zone"]
        return self._row("appointments", "appointment_id", {**body, "zone": zone, "status": "booked"})

    def _check_in(self, parts: list[str], _: Json) -> Json:
        appointment = self.table("appointments")[parts[1]]
        encounter = {"appointment_id": parts[1], "status": "in-progress", "diagnoses": [], "procedures": []}
        names = ("patient_id", "site_id")
        made = self._row("encounters", "encounter_id", encounter | {name: appointment[name] for name in names})
        appointment |= {"status": "arrived", "encounter_id": made["encounter_id"]}
        return appointment

    def _cover(self, parts: list[str], body: Json) -> Json:
        self.table("patients")[parts[1]] |= body
        return self.table("patients")[parts[1]]

    def _finish(self, parts: list[str], body: Json) -> Json:
        if parts[1] not in self._asked_for:
            self._asked_for.add(parts[1])
            raise ApiRefused(409, {"type": "urn:frontdesk:problem:encounter-pending"})
        encounter = self.table("encounters")[parts[1]]
        encounter |= {**body, "status": "finished"}
        self.table("appointments")[encounter["appointment_id"]]["status"] = "fulfilled"
        text = {"appointment_id": encounter["appointment_id"], "status": "skipped", "reason": "no-consent"}
        self._row("texts", "text_id", {**text, "site_id": encounter["site_id"]})
        self._bill(encounter)
        return encounter

    def _bill(self, encounter: Json) -> None:
        lines = [{"line": place, **done} for place, done in enumerate(encounter["procedures"], start=1)]
        coverages = self.table("patients")[encounter["patient_id"]]["coverages"]
        found = {"encounter_id": encounter["encounter_id"], "site_id": encounter["site_id"]}
        if coverages:
            strange = any(line["system"] not in BILLABLE for line in lines)
            held = {"status": "held", "held_reason": "code-not-billable"} if strange else {"status": "active"}
            payer = {"payer_name": coverages[0]["payer_name"], "lines": lines}
            total = sum(line["amount_cents"] for line in lines)
            self._row("claims", "claim_id", {**found, **held, **payer, "total_cents": total})
        for line in lines:
            self._row("charges", "charge_id", {**found, **line})
