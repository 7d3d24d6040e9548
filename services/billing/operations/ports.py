"""What operations need of the outside: the unit of work with its repositories, as protocols."""

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from services.billing.domain.bills import Bill
from services.billing.domain.feed import ClaimVersion
from services.billing.domain.fees import Fee, FeeSchedule
from services.billing.domain.tasks import Task
from shared.events.billing import ClaimFeedRow
from shared.events.records import Coverage, EncounterCondition, PatientCondition, Procedure
from shared.unit import UnitBase


class Fees(Protocol):
    """The fee schedule."""

    def set(self, fees: Sequence[Fee]) -> None: ...
    def of(self, procedures: Collection[Procedure]) -> FeeSchedule:
        """What is known of the price of these."""
        ...


class Copies(Protocol):
    """Copies of records' facts."""

    def keep_patients(self, patients: Sequence[PatientCondition]) -> None:
        """Every version."""
        ...

    def keep_encounters(self, encounters: Sequence[EncounterCondition]) -> None:
        """The newest; a finished one awaits its bill from then on."""
        ...

    def billable(self, patient_ids: Collection[UUID]) -> list[tuple[EncounterCondition, tuple[Coverage, ...]]]:
        """Encounters that await their bill and whose patient's version is here, locked."""
        ...

    def billed(self, encounter_ids: Collection[UUID]) -> None: ...
    def waiting(self, seconds: int, cause: str, limit: int) -> list[tuple[UUID, UUID, UUID]]:
        """(encounter_id, patient_id, site_id) that have awaited their bill so long (real time) without that task."""
        ...


class Bills(Protocol):
    """Charges and claims."""

    def add(self, bills: Sequence[Bill]) -> None: ...


class Tasks(Protocol):
    """Tasks for people."""

    def open(self, tasks: Sequence[Task]) -> None: ...
    def close(self, task_ids: Collection[UUID]) -> None: ...


class Feed(Protocol):
    """The network's claim feed."""

    def lock(self) -> int:
        """The last sequence; nobody else adds to this feed until the transaction ends."""
        ...

    def known(self, claim_ids: Collection[UUID]) -> set[ClaimVersion]: ...
    def add(self, rows: Sequence[ClaimFeedRow]) -> None: ...


class Unit(UnitBase, Protocol):
    """One transaction of billing. Repositories are read-only members."""

    @property
    def fees(self) -> Fees: ...
    @property
    def copies(self) -> Copies: ...
    @property
    def bills(self) -> Bills: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def feed(self) -> Feed: ...
