"""Which tables are read copies, which handler fills them, and what of a row its facts say (the services' READMEs).

What a service makes of its own is not here, although facts bring it about: encounters of records, texts, bills.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.events.registry import CONSUMERS, Aggregate, aggregate_of

_ENCOUNTER = (
    "version appointment_id arrival_id patient_id patient_version site_id practitioner_id status started_at finished_at"
    " diagnoses procedures"
)
# A bill leaves charges, which keep their encounter from being deleted, or a task.
_AWAITS_BILL = (
    "made.status = 'finished' AND NOT EXISTS (SELECT FROM tasks t WHERE t.network_id = made.network_id"
    " AND t.encounter_id = made.encounter_id AND t.cause <> 'patient-missing')"
)


@dataclass(frozen=True)
class Table:
    """A copy's table. `key` (without the network) begins with the aggregate's id; `told` is what facts say beside it.

    `own` are columns that no fact tells: never compared, never changed. `first` gives what a new row needs of
    them, as SQL over `made`.
    """

    name: str
    key: tuple[str, ...]
    told: tuple[str, ...]
    own: tuple[str, ...]
    first: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Copies:
    """What one handler keeps. Rows of an aggregate change only under a lock of its row in the first table.

    `lock` is the handler's own, where it reads its copy before it writes it.
    """

    consumer: str
    tables: tuple[Table, ...]
    lock: str = ""

    @property
    def service(self) -> str:
        return self.consumer.partition(".")[0]

    @property
    def aggregate(self) -> Aggregate:
        """Whose facts they are made of."""
        (shape,) = (known.shape for known in CONSUMERS if known.name == self.consumer)
        return aggregate_of(shape)


def _table(name: str, key: str, told: str, own: str = "", first: Mapping[str, str] | None = None) -> Table:
    return Table(name, tuple(key.split()), tuple(told.split()), tuple(own.split()), first or {})


COPIES = (
    Copies(
        consumer="scheduling.on_patient",
        tables=(_table("patients", "patient_id", "version given family birth_on", own="changed_xid"),),
    ),
    Copies(
        consumer="scheduling.on_text",
        tables=(
            _table("texts", "text_id", "version appointment_id site_id kind status reason told_at", own="changed_xid"),
        ),
    ),
    Copies(
        consumer="records.on_appointment",
        tables=(_table("appointments", "appointment_id", "version arrival_id"),),
        lock="appointment/{}",
    ),
    Copies(
        consumer="billing.on_patient",
        tables=(_table("patient_versions", "patient_id version", "coverages"),),
    ),
    Copies(
        consumer="billing.on_encounter",
        tables=(
            _table(
                "encounters",
                "encounter_id",
                _ENCOUNTER,
                own="awaits_bill received_at",
                first={"awaits_bill": _AWAITS_BILL},
            ),
        ),
    ),
    Copies(consumer="notifications.on_site", tables=(_table("sites", "site_id", "version name zone phone holidays"),)),
    Copies(
        consumer="notifications.on_patient",
        tables=(
            _table("patients", "patient_id", "version given language"),
            _table("patient_numbers", "patient_id place", "number use consented purposes"),
        ),
    ),
    Copies(
        consumer="notifications.on_appointment",
        tables=(
            _table(
                "appointments",
                "appointment_id",
                "version site_id patient_id status start_at changed_at zone appointment_type_id confirmed_at"
                " cancelled_by",
            ),
        ),
    ),
    Copies(
        consumer="notifications.on_reschedule",
        tables=(
            _table(
                "reschedules",
                "reschedule_id",
                "version state site_id patient_id appointment_id start_at listed_at proposed_at proposed_site_id"
                " changed_at",
            ),
        ),
    ),
    Copies(
        consumer="notifications.on_waitlist_offer",
        tables=(
            _table(
                "waitlist_offers",
                "offer_id",
                "version status site_id patient_id appointment_id start_at expires_at changed_at",
            ),
        ),
    ),
)


def chosen(service: str = "", consumer: str = "") -> list[Copies]:
    """Those of a service or of one handler; all without either. Raises LookupError where there are none."""
    found = [one for one in COPIES if service in ("", one.service) and consumer in ("", one.consumer)]
    if not found:
        raise LookupError(consumer or service)
    return found
