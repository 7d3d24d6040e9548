"""What patients are asked beside their visits: copies of others' facts, and the texts that are due about them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from services.notifications.domain.asks import QUESTIONS, Ask, Asked, DueAsk, Listed, Offer
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.texts import Text
from services.notifications.repository.columns import columns
from shared.database.repository import Repository


class AskRepository(Repository):
    """Locks are taken in one order everywhere: number, appointment, what is asked, text."""

    def keep_offers(self, offers: Sequence[Offer]) -> list[UUID]:
        """One condition an offer; gives the ids of which this was news. Their rows stay locked."""
        rows = columns(sorted(offers, key=attrgetter("offer_id")))
        return [row["offer_id"] for row in self.all("keep-offers", **rows)]

    def keep_listed(self, listed: Sequence[Listed]) -> list[UUID]:
        """The same for places on reschedule lists."""
        rows = columns(sorted(listed, key=attrgetter("reschedule_id")))
        return [row["reschedule_id"] for row in self.all("keep-reschedules", **rows)]

    def lock(self, asked_ids: Collection[UUID]) -> dict[UUID, Ask]:
        """Those, locked in the order of their ids, offers first."""
        return self._asks("lock-offers", "lock-reschedules", asked_ids)

    def try_lock(self, asked_ids: Collection[UUID]) -> dict[UUID, Ask]:
        """Those, locked; what someone else has in hand is passed by."""
        return self._asks("try-offers", "try-reschedules", asked_ids)

    def listed(self, appointment_ids: Collection[UUID], now: datetime) -> set[UUID]:
        """Those of these visits that are to come and stand on a reschedule list, where they are now."""
        if not appointment_ids:
            return set()
        rows = self.all("listed-visits", appointment_ids=list(appointment_ids), now=now)
        return {row["appointment_id"] for row in rows}

    def places(self, site_ids: Collection[UUID]) -> dict[UUID, SiteCopy]:
        """These sites, as far as we know them."""
        if not site_ids:
            return {}
        rows = self.all("places-asked-about", site_ids=list(site_ids))
        return {row.pop("site_id"): SiteCopy(**row) for row in rows}

    def asked(self, asked_ids: Collection[UUID]) -> dict[UUID, Asked]:
        """What became of the question about each. Read it under its lock."""
        if not asked_ids:
            return {}
        rows = self.all("questions-about", asked_ids=list(asked_ids), questions=list(QUESTIONS))
        found = {row.pop("asked_id"): Asked(was_asked=True, **row) for row in rows}
        return {it: found.get(it, Asked()) for it in asked_ids}

    def replace_due(self, asked_ids: Collection[UUID], due: Sequence[DueAsk]) -> list[UUID]:
        """Exactly `due` is due about these; gives the ids of the texts that died. What is decided stays so."""
        dead = self.all("drop-due-asks", asked_ids=list(asked_ids), still_due=[it.text_id for it in due])
        if due:
            self.run("keep-due-asks", **columns(due))
        return [row["text_id"] for row in dead]

    def with_due(self, patient_ids: Sequence[UUID]) -> list[UUID]:
        """What these patients are due to be texted about."""
        return [row["asked_id"] for row in self.all("due-asks-of-patients", patient_ids=list(patient_ids))]

    def lock_due_of(self, asked_ids: Collection[UUID]) -> list[Text]:
        """The due texts about these, locked."""
        if not asked_ids:
            return []
        return [Text(**row) for row in self.all("lock-due-asks", asked_ids=list(asked_ids))]

    def close_tasks(self, asked_ids: Collection[UUID], reasons: Collection[str], now: datetime) -> None:
        """What the texts about these needed of a person is not needed any more."""
        if asked_ids:
            self.run("close-tasks-of-asks", asked_ids=list(asked_ids), reasons=list(reasons), now=now)

    def _asks(self, offers: str, reschedules: str, asked_ids: Collection[UUID]) -> dict[UUID, Ask]:
        if not asked_ids:
            return {}
        found: dict[UUID, Ask] = {row["offer_id"]: Offer(**row) for row in self.all(offers, asked_ids=list(asked_ids))}
        rest = [it for it in asked_ids if it not in found]
        rows = self.all(reschedules, asked_ids=rest) if rest else []
        return found | {row["reschedule_id"]: Listed(**row) for row in rows}
