"""A visit as rows of all four services: what each would hold had it happened through the API."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cli.seed.copying import NULL, Batch
from cli.seed.places import Clinic
from cli.seed.procedures import KINDS, bill_of
from cli.seed.visits import Visit
from services.billing.domain.bills import Claim, charge_id_of, claim_id_of
from services.billing.domain.tasks import task_of
from services.records.domain.patients import Patient
from services.scheduling.domain.places import AppointmentType
from shared.ids import encounter_id_of


class History:
    """Writes the visits of one site into a batch."""

    def __init__(self, batch: Batch, clinic: Clinic, types: Sequence[AppointmentType]) -> None:
        self._batch = batch
        self._site_id = clinic.site.site_id
        self._site = str(clinic.site.site_id)
        self._zone = clinic.site.zone
        self._staff = [str(practitioner.practitioner_id) for practitioner, _ in clinic.staff]
        self._types = [str(kind.appointment_type_id) for kind in types]

    def write(self, visit: Visit) -> None:
        """The appointment and, where the patient came, the encounter and its bill."""
        key = str(visit.appointment_id)
        if visit.arrival_id is None:
            self._appointment(visit, key, NULL, NULL)
            return
        encounter_id, arrival = encounter_id_of(visit.arrival_id), str(visit.arrival_id)
        encounter = str(encounter_id)
        self._appointment(visit, key, arrival, encounter)
        self._encounter(visit, encounter, key, arrival)
        if visit.finished_at:
            self._bill(visit, encounter_id, encounter, visit.finished_at)

    def _appointment(self, visit: Visit, key: str, arrival: str, encounter: str) -> None:
        add, patient = self._batch.add, visit.person.key
        start, end, version = visit.start_at.isoformat(), visit.end_at.isoformat(), str(visit.version)
        staff = self._staff[visit.practitioner]
        add(
            "scheduling.appointments",
            *(key, self._site, staff, self._types[visit.type], patient, visit.status, start, end, self._zone, "1"),
            *(visit.booked_at.isoformat(), _instant(visit.previous_start_at), arrival, _instant(visit.arrived_at)),
            *(encounter, _instant(visit.cancelled_at), visit.cancelled_reason or NULL, _instant(visit.noshow_at)),
            version,
        )
        if visit.status not in ("cancelled", "noshow"):
            add("scheduling.bookings", staff, "1", key, self._site, start, end)
        add("records.appointments", key, version, arrival)
        changed = visit.changed_at.isoformat()
        copied = (patient, visit.status, start, changed, self._zone, self._types[visit.type])
        add("notifications.appointments", key, version, self._site, *copied)

    def _encounter(self, visit: Visit, key: str, appointment: str, arrival: str) -> None:
        finished, kind = visit.finished_at, KINDS[visit.kind]
        ended, arrived = _instant(finished), _instant(visit.arrived_at)
        codes = (kind.diagnoses_json, kind.procedures_json) if finished else ("[]", "[]")
        row = (
            *(key, "2" if finished else "1", appointment, arrival, visit.person.key),
            str(visit.person.at(finished).version) if finished else NULL,
            *(self._site, self._staff[visit.practitioner], "finished" if finished else "in-progress", arrived),
            *(ended, *codes),
        )
        self._batch.add("records.encounters", *row)
        self._batch.add("billing.encounters", *row, "f", ended if finished else arrived)

    def _bill(self, visit: Visit, encounter_id: UUID, encounter: str, at: datetime) -> None:
        patient = visit.person.at(at)
        bill, when = bill_of(visit.kind, _payer(patient)), at.isoformat()
        key = visit.person.key
        for it in bill.charges:
            charge = str(charge_id_of(encounter_id, it.line))
            self._batch.add(
                "billing.charges",
                *(charge, "1", encounter, str(it.line), key, self._site, it.payer, it.system, it.code),
                *(str(it.units), str(it.amount_cents), it.currency, when),
            )
        if bill.claim:
            self._claim(
                bill.claim, (str(claim_id_of(encounter_id)), "1", encounter, key, self._site), patient, visit, when
            )
        for cause in bill.causes:
            ids = {"encounter_id": encounter_id, "patient_id": patient.patient_id, "site_id": self._site_id}
            task = task_of(**ids, cause=cause, at=at)
            self._batch.put("billing.tasks", *vars(task).values(), None)

    def _claim(self, claim: Claim, ids: tuple[str, ...], patient: Patient, visit: Visit, when: str) -> None:
        coverage = patient.coverages[0]
        self._batch.add(
            "billing.claims",
            *(*ids, str(coverage.coverage_id), coverage.payer_id or NULL, coverage.payer_name, claim.status),
            *(
                claim.held_reason or NULL,
                KINDS[visit.kind].diagnoses_json,
                str(claim.total_cents),
                claim.currency,
                when,
            ),
        )
        for it in claim.lines:
            pointers = ",".join(map(str, it.diagnosis_pointers))
            amounts = (str(it.units), str(it.amount_cents), f"{{{pointers}}}")
            self._batch.add("billing.claim_lines", ids[0], str(it.line), it.system, it.code, *amounts)


def _payer(patient: Patient) -> str:
    coverage = next(iter(patient.coverages), None)
    if coverage is None:
        return "patient"
    return "coverage" if coverage.member_id else "no-member"


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else NULL
