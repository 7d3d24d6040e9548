"""What is due, what became of it, and what it rests on, as protocols."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.notifications.domain.asks import Ask, Asked, DueAsk, Listed, Offer
from services.notifications.domain.groups import Waiting
from services.notifications.domain.reach import Number
from services.notifications.domain.reminders import Place, Plan, ReminderRules
from services.notifications.domain.runs import TextRun
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.tasks import Task
from services.notifications.domain.texts import Candidate, Text
from services.notifications.domain.visits import DueText, Telling, Visit
from shared.events.records import PatientCondition
from shared.events.scheduling import SiteChanged


class Copies(Protocol):
    """Copies of other services' facts, the newest condition of each."""

    def keep_sites(self, sites: Sequence[SiteChanged]) -> None: ...
    def keep_patients(self, patients: Sequence[PatientCondition]) -> None: ...
    def keep_visits(self, visits: Sequence[Visit]) -> list[UUID]:
        """Ids of the appointments of which this was news; their rows stay locked."""
        ...

    def hold_patients(self, patient_ids: Sequence[UUID]) -> dict[UUID, int]:
        """The versions of those patients that no event has in hand; they cannot change until the transaction ends."""
        ...

    def numbers_of(self, patient_ids: Sequence[UUID]) -> dict[UUID, list[Number]]: ...
    def patients_with(self, number: str) -> list[UUID]: ...
    def lock_visits(self, appointment_ids: Sequence[UUID]) -> dict[UUID, Visit]: ...
    def try_visits(self, appointment_ids: Sequence[UUID]) -> dict[UUID, Visit]:
        """The visits, locked; what someone else has in hand is passed by."""
        ...


class Texts(Protocol):
    """Texts, and what was told about each appointment."""

    def tellings(self, appointment_ids: Sequence[UUID]) -> dict[UUID, Telling]:
        """One for each id; an empty one where nothing was decided yet."""
        ...

    def keep_tellings(self, tellings: Sequence[Telling]) -> None: ...
    def replace_due(self, visits: Iterable[Visit], due: Sequence[DueText]) -> list[UUID]:
        """Exactly `due` is due for these visits; gives the ids of the texts that died."""
        ...

    def reminders_waiting(self, appointment_ids: Sequence[UUID]) -> set[UUID]:
        """Ids of the reminders that are due for these visits where they are now."""
        ...

    def replace_reminders(self, visits: Iterable[Visit], due: Sequence[DueText]) -> list[UUID]:
        """The same for the reminders of these visits."""
        ...

    def ready(
        self,
        now: datetime,
        real_now: datetime,
        limit: int,
        passed_by: Collection[UUID] = (),
        only: Collection[UUID] | None = None,
    ) -> list[Candidate]:
        """Due texts whose copies are all here, but for those (ids): those that stand alone, then those of runs.

        `only`: of these alone.
        """
        ...

    def reminders_of(self, numbers: Collection[str], from_at: datetime, until_at: datetime) -> list[Waiting]:
        """Reminders, due now or later, of whoever has these numbers, for visits between; the first due first."""
        ...

    def ready_companions(self, text_ids: Collection[UUID], now: datetime, real_now: datetime) -> list[Candidate]:
        """Those of these whose copies are all here and whose pause (real time) is over, whenever they are due."""
        ...

    def waiting_too_long(self, now: datetime, real_now: datetime, since: datetime, limit: int) -> list[Text]: ...
    def lock_due(self, text_ids: Sequence[UUID]) -> list[Text]:
        """Those that are due still, locked; what someone else has in hand is passed by."""
        ...

    def appointments_with_due(self, patient_ids: Sequence[UUID]) -> list[UUID]: ...
    def lock_due_of(self, appointment_ids: Sequence[UUID]) -> list[Text]: ...
    def of(self, text_id: UUID) -> Text | None:
        """The text as it stands, not locked."""
        ...

    def lock(self, text_id: UUID) -> Text | None: ...
    def of_attempt(self, attempt_id: UUID) -> list[Text]:
        """The texts as they stand, not locked: one, or those that were told together."""
        ...

    def lock_attempts(self, attempt_ids: Sequence[UUID]) -> list[Text]:
        """The texts that these attempts were made for, locked in the order of the attempts' ids and theirs."""
        ...

    def lock_to_look_up(self, gateway: str, real_now: datetime, limit: int) -> list[Text]:
        """Unknown texts of that carrier that are due for a look (real time), locked; what others hold is passed by."""
        ...

    def counted(self, patient_ids: Collection[UUID], since: datetime) -> list[tuple[UUID, str, datetime]]:
        """(patient, kind, when) of what these patients were sent since then and counts towards the caps."""
        ...

    def put_off_until(self, due_at: Mapping[UUID, datetime]) -> None:
        """Due texts, by id, become due at these instants. The caller holds their locks."""
        ...

    def put_off(self, text_id: UUID, looks: int, next_look_at: datetime | None) -> None: ...
    def sids_of_others(self, attempt_id: UUID, sids: Sequence[str]) -> set[str]: ...
    def has_twin(self, text: Text) -> bool:
        """Whether the fate of another text of the same words to the same number is open too."""
        ...

    def lost_attempts(self, real_now: datetime, limit: int) -> list[UUID]: ...
    def change(self, texts: Sequence[Text]) -> None: ...


class Asks(Protocol):
    """What patients are asked beside their visits: copies of others' facts, the newest condition of each."""

    def keep_offers(self, offers: Sequence[Offer]) -> list[UUID]:
        """Ids of the offers of which this was news; their rows stay locked."""
        ...

    def keep_listed(self, listed: Sequence[Listed]) -> list[UUID]:
        """The same for places on reschedule lists."""
        ...

    def listed(self, appointment_ids: Collection[UUID], now: datetime) -> set[UUID]:
        """Those of these visits that are to come and stand on a reschedule list."""
        ...

    def places(self, site_ids: Collection[UUID]) -> dict[UUID, SiteCopy]: ...
    def lock(self, asked_ids: Collection[UUID]) -> dict[UUID, Ask]: ...
    def try_lock(self, asked_ids: Collection[UUID]) -> dict[UUID, Ask]:
        """Those, locked; what someone else has in hand is passed by."""
        ...

    def asked(self, asked_ids: Collection[UUID]) -> dict[UUID, Asked]:
        """What became of the question about each."""
        ...

    def replace_due(self, asked_ids: Collection[UUID], due: Sequence[DueAsk]) -> list[UUID]:
        """Exactly `due` is due about these; gives the ids of the texts that died."""
        ...

    def with_due(self, patient_ids: Sequence[UUID]) -> list[UUID]: ...
    def lock_due_of(self, asked_ids: Collection[UUID]) -> list[Text]: ...
    def close_tasks(self, asked_ids: Collection[UUID], reasons: Collection[str], now: datetime) -> None:
        """What the texts about these needed of a person is not needed any more."""
        ...


class Runs(Protocol):
    """Runs of many texts."""

    def begin(self, runs: Sequence[TextRun]) -> None: ...
    def lock(self, run_id: UUID) -> TextRun | None: ...
    def stopped(self, run_ids: Collection[UUID]) -> set[UUID]:
        """Those that were stopped; nobody stops one of the others until the transaction ends."""
        ...

    def keep_stopped(self, run: TextRun) -> None: ...


class Reminders(Protocol):
    """The network's rules of reminders, and how far they are carried out."""

    def rules(self) -> ReminderRules:
        """What was set, or what holds where nothing was."""
        ...

    def keep(self, rules: ReminderRules) -> None: ...
    def begin(self, since: datetime) -> None: ...
    def take_plan(self) -> Plan | None:
        """The rules that are still to be carried out, locked; None: all is planned, or is being planned."""
        ...

    def to_plan(self, after: Place, limit: int) -> list[Place]: ...
    def keep_plan(self, to: Place | None) -> None: ...


class Tasks(Protocol):
    """Tasks for people."""

    def open(self, task: Task) -> None: ...
    def close(self, text_ids: Sequence[UUID], reasons: Sequence[str], now: datetime, by: str | None = None) -> None: ...
    def end_of(self, appointment_ids: Sequence[UUID], now: datetime) -> None:
        """Ends what has no cause any more, now that something has become of these visits or their texts."""
        ...

    def end(self, now: datetime) -> None:
        """The same of all."""
        ...

    def lock(self, task_id: UUID) -> Task | None: ...
    def change(self, task: Task, closed_by: str | None = None) -> None: ...
    def keep_outcome(self, task_id: UUID, outcome: str, note: str | None, now: datetime, by: str) -> None: ...
