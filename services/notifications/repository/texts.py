"""Texts, and what was told about each appointment."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.groups import Waiting
from services.notifications.domain.occasions import REMINDER, TELLS_THAT_IT_IS_OFF
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.texts import Candidate, Text
from services.notifications.domain.visits import DueText, Telling, Visit
from services.notifications.repository.columns import columns
from shared.database.repository import Repository

_OF_A_SITE = ("name", "zone", "phone", "holidays")


class TextRepository(Repository):
    """Locks are taken in one order everywhere: number, appointment, what is asked, text, patient, run."""

    def tellings(self, appointment_ids: Sequence[UUID]) -> dict[UUID, Telling]:
        """One for each id; an empty one where nothing was decided yet. Read it under the appointment's lock."""
        rows = self.all("tellings-of", appointment_ids=list(appointment_ids))
        found = {row["appointment_id"]: Telling(**row) for row in rows}
        return {it: found.get(it) or Telling(appointment_id=it) for it in appointment_ids}

    def keep_tellings(self, tellings: Sequence[Telling]) -> None:
        """Writes what was told. The caller holds the appointments' locks."""
        if tellings:
            self.run("keep-tellings", **columns(tellings))

    def replace_due(self, visits: Iterable[Visit], due: Sequence[DueText]) -> list[UUID]:
        """Exactly `due` is due for these visits; gives the ids of the texts that died."""
        by_id = {visit.appointment_id: visit for visit in visits}
        still_due = [text.text_id for text in due]
        dead = self.all("drop-due", appointment_ids=list(by_id), still_due=still_due)
        if due:
            self._keep_due(by_id, due)
        return [row["text_id"] for row in dead]

    def reminders_waiting(self, appointment_ids: Sequence[UUID]) -> set[UUID]:
        """Ids of the reminders that are due, now or later, for these visits at the sites where they are now."""
        rows = self.all("reminders-waiting", appointment_ids=list(appointment_ids))
        return {row["text_id"] for row in rows}

    def replace_reminders(self, visits: Iterable[Visit], due: Sequence[DueText]) -> list[UUID]:
        """Exactly these reminders are due for these visits; gives the ids of those that died."""
        by_id = {visit.appointment_id: visit for visit in visits}
        still_due = [text.text_id for text in due]
        dead = self.all("drop-reminders", appointment_ids=list(by_id), still_due=still_due)
        if due:
            self._keep_due(by_id, due)
        return [row["text_id"] for row in dead]

    def ready(
        self,
        now: datetime,
        real_now: datetime,
        limit: int,
        passed_by: Collection[UUID] = (),
        only: Collection[UUID] | None = None,
    ) -> list[Candidate]:
        """Due texts whose copies are all here and whose pause (real time) is over, but for those (ids).

        Those that stand alone come first, and then those of runs; of each the longest due first. `only`: of these ids
        alone.
        """
        of = _ready(now, real_now, passed_by, only)
        rows = self.all("ready-texts", limit=limit, **of)
        if len(rows) < limit:
            rows += self.all("ready-texts-of-runs", limit=limit - len(rows), **of)
        return [_candidate(row) for row in rows]

    def reminders_of(self, numbers: Collection[str], from_at: datetime, until_at: datetime) -> list[Waiting]:
        """Reminders, due now or later, of whoever has these numbers, for visits between; the first due first."""
        span = {"kind": REMINDER, "from_at": from_at, "until_at": until_at}
        return [Waiting(**row) for row in self.all("reminders-of-numbers", numbers=list(numbers), **span)]

    def ready_companions(self, text_ids: Collection[UUID], now: datetime, real_now: datetime) -> list[Candidate]:
        """Those of these whose copies are all here and whose pause (real time) is over, whenever they are due."""
        rows = self.all("ready-companions", text_ids=list(text_ids), **_ready(now, real_now, (), None))
        return [_candidate(row, is_companion=True) for row in rows]

    def waiting_too_long(self, now: datetime, real_now: datetime, since: datetime, limit: int) -> list[Text]:
        """Texts that have waited for a copy since before `since` (real time) and have no open task about it."""
        self.run("mark-waiting", now=now, real_now=real_now)
        return [Text(**row) for row in self.all("waiting-too-long", since=since, limit=limit)]

    def lock_due(self, text_ids: Sequence[UUID]) -> list[Text]:
        """Those that are due still, locked; what someone else has in hand is passed by."""
        return [Text(**row) for row in self.all("lock-due-texts", text_ids=list(text_ids))]

    def appointments_with_due(self, patient_ids: Sequence[UUID]) -> list[UUID]:
        """Appointments of these patients that have a due text."""
        return [row["appointment_id"] for row in self.all("due-of-patients", patient_ids=list(patient_ids))]

    def lock_due_of(self, appointment_ids: Sequence[UUID]) -> list[Text]:
        """The due texts of these appointments, locked."""
        rows = self.all("lock-due-of-appointments", appointment_ids=list(appointment_ids))
        return [Text(**row) for row in rows]

    def of(self, text_id: UUID) -> Text | None:
        """The text as it stands."""
        return _text(self.one("text", text_id=text_id))

    def lock(self, text_id: UUID) -> Text | None:
        """The text, locked, whatever it is."""
        return _text(self.one("lock-text", text_id=text_id))

    def of_attempt(self, attempt_id: UUID) -> list[Text]:
        """The texts that this attempt was made for, as they stand: one, or a group."""
        return [Text(**row) for row in self.all("attempt", attempt_id=attempt_id)]

    def lock_attempts(self, attempt_ids: Sequence[UUID]) -> list[Text]:
        """The texts that these attempts were made for, locked in the order of the attempts' ids and theirs."""
        return [Text(**row) for row in self.all("lock-attempts", attempt_ids=list(attempt_ids))]

    def lock_to_look_up(self, gateway: str, real_now: datetime, limit: int) -> list[Text]:
        """Unknown texts of that carrier that are due for a look (real time), locked; what others hold is passed by."""
        return [Text(**row) for row in self.all("lock-to-look-up", gateway=gateway, real_now=real_now, limit=limit)]

    def counted(self, patient_ids: Collection[UUID], since: datetime) -> list[tuple[UUID, str, datetime]]:
        """(patient, kind, when) of what these patients were sent since then and counts towards the caps."""
        rows = self.all("counted-texts", patient_ids=list(patient_ids), since=since)
        return [(row["patient_id"], row["kind"], row["claimed_at"]) for row in rows]

    def put_off_until(self, due_at: Mapping[UUID, datetime]) -> None:
        """Due texts, by id, become due at these instants. The caller holds their locks."""
        if due_at:
            self.run("put-off-texts", text_ids=list(due_at), due_at=list(due_at.values()))

    def put_off(self, text_id: UUID, looks: int, next_look_at: datetime | None) -> None:
        """When to look again; None: never."""
        self.run("put-off-look", text_id=text_id, looks=looks, next_look_at=next_look_at)

    def sids_of_others(self, attempt_id: UUID, sids: Sequence[str]) -> set[str]:
        """Which of these messages are known to be of other attempts."""
        return {row["sid"] for row in self.all("sids-of-others", attempt_id=attempt_id, sids=list(sids))}

    def has_twin(self, text: Text) -> bool:
        """Whether the fate of another text of the same words to the same number is open too."""
        return self.one("twin", attempt_id=text.attempt_id, number=text.number, body_hash=text.body_hash) is not None

    def lost_attempts(self, real_now: datetime, limit: int) -> list[UUID]:
        """Attempts whose claim ended without an outcome (real time)."""
        return [row["attempt_id"] for row in self.all("lost-attempts", real_now=real_now, limit=limit)]

    def _keep_due(self, visits: Mapping[UUID, Visit], due: Sequence[DueText]) -> None:
        theirs = [visits[text.appointment_id] for text in due]
        owners = {name: [getattr(it, name) for it in theirs] for name in ("patient_id", "site_id")}
        self.run("keep-due", **columns(due), **owners)

    def change(self, texts: Sequence[Text]) -> None:
        """Writes what the texts have become."""
        if texts:
            self.run("change-texts", **columns(texts))


def _ready(
    now: datetime, real_now: datetime, passed_by: Collection[UUID], only: Collection[UUID] | None
) -> dict[str, Any]:
    which = {"passed_by": list(passed_by), "only": None if only is None else list(only)}
    return {"now": now, "real_now": real_now, "tell_that_it_is_off": list(TELLS_THAT_IT_IS_OFF), **which}


def _candidate(row: dict[str, Any], *, is_companion: bool = False) -> Candidate:
    site = SiteCopy(**{it: row.pop(it) for it in _OF_A_SITE})
    return Candidate(site=site, is_companion=is_companion, **row)


def _text(row: dict[str, Any] | None) -> Text | None:
    return Text(**row) if row else None
