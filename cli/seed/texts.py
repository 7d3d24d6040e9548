"""The texts of recent and coming visits, decided by notifications' own rules in the order in which things happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from cli.seed.copying import Batch
from cli.seed.ids import Ids
from cli.seed.people import Person
from cli.seed.size import Size
from cli.seed.visits import Visit
from services.notifications.domain.occasions import OCCASIONS
from services.notifications.domain.reach import why_not_reachable
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.tasks import task_after
from services.notifications.domain.templates import TextingPolicy, Wording
from services.notifications.domain.texts import ACCEPTED, DUE, Attempt, Outcome, Text, why_not_about_the_visit
from services.notifications.domain.visits import DueText, Telling, due_text
from services.notifications.domain.visits import Visit as Told
from services.notifications.domain.wording import Facts, digest
from services.scheduling.domain.places import Site

_SENDING_TAKES = timedelta(seconds=1)
# What a person does about a patient who was not reached is done the next day.
_TASK_TAKES = timedelta(days=1)


class Texts:
    """Writes the texts of one site's visits."""

    def __init__(self, batch: Batch, size: Size, site: Site, ids: Ids, sender: str) -> None:
        self._batch = batch
        self._size = size
        self._site = site
        self._ids = ids
        self._sender = sender

    def write(self, visit: Visit) -> None:
        """All that was told of one visit; nothing where it is too old for texts to be kept."""
        if visit.start_at < self._size.texts_since:
            return
        telling = Telling(appointment_id=visit.appointment_id)
        for place, told in enumerate(_conditions(visit, self._site.site_id)):
            due = due_text(told, telling)
            if due:
                attempt = self._ids.of("attempt", visit.number * 4 + place)
                telling = self._tell(due, told, telling, visit.person, attempt)
        self._batch.put("notifications.tellings", *vars(telling).values())

    def _tell(self, due: DueText, told: Told, telling: Telling, person: Person, attempt: UUID) -> Telling:
        text, now = _due(due, told), told.changed_at + _SENDING_TAKES
        opted_out = person.opted_out_at is not None and person.opted_out_at <= now
        number = person.texted
        reason = why_not_about_the_visit(text, told, telling, now)
        reason = reason or why_not_reachable(number, OCCASIONS[due.kind], opted_out=opted_out)
        if reason or number is None:
            self._keep(text.skip(reason or "", now))
            return telling.after_passing(due.kind, due.start_at, self._site.site_id)
        place = SiteCopy(name=self._site.name, zone=self._site.zone, phone=self._site.phone)
        facts = Facts(site=place, network_name=self._site.name, start_at=due.start_at)
        said = Wording([], TextingPolicy()).said(told.site_id, due.kind, person.now.language, facts)
        made = Attempt(
            attempt_id=attempt,
            gateway="sandbox",
            from_number=self._sender,
            number=number.number,
            body_hash=digest(said.text),
            words=said.words,
        )
        claimed = text.claim(made, now, now, now + timedelta(seconds=60))
        sent = claimed.settle(Outcome(status=ACCEPTED, sid=f"SB{attempt.hex}"), now)
        self._keep(sent)
        self._batch.put("notifications.sandbox_texts", attempt, sent.sid, self._sender, number.number, said.text, now)
        return telling.after_telling(due.kind, due.start_at, due.text_id, self._site.site_id)

    def _keep(self, text: Text) -> None:
        self._batch.put("notifications.texts", *vars(text).values())
        known = (text.text_id, text.version, text.appointment_id, text.kind, text.status, text.reason, text.changed_at)
        self._batch.put("scheduling.texts", *known)
        if text.changed_at and (task := task_after(text, text.changed_at)):
            ended = text.changed_at + _TASK_TAKES
            done_at = ended if ended <= self._size.as_of else None
            ids = (task.text_id, task.appointment_id, task.patient_id)
            times = (task.opened_at, task.due_by, done_at)
            self._batch.put("notifications.tasks", task.task_id, task.site_id, task.reason, *ids, *times)


def _conditions(visit: Visit, site_id: UUID) -> Iterator[Told]:
    """The visit as notifications saw it, one condition after the other, as far as any of them can be texted about."""
    first = visit.previous_start_at or visit.start_at
    yield _told(visit, site_id, 1, "booked", first, visit.booked_at)
    if visit.moved_at:
        yield _told(visit, site_id, 2, "booked", visit.start_at, visit.moved_at)
    if visit.cancelled_at:
        yield _told(visit, site_id, visit.version, "cancelled", visit.start_at, visit.cancelled_at)


def _told(visit: Visit, site_id: UUID, version: int, status: str, start_at: datetime, changed_at: datetime) -> Told:
    return Told(
        appointment_id=visit.appointment_id,
        version=version,
        site_id=site_id,
        patient_id=visit.person.now.patient_id,
        status=status,
        start_at=start_at,
        changed_at=changed_at,
    )


def _due(due: DueText, told: Told) -> Text:
    return Text(
        text_id=due.text_id,
        appointment_id=due.appointment_id,
        patient_id=told.patient_id,
        site_id=told.site_id,
        kind=due.kind,
        start_at=due.start_at,
        status=DUE,
        due_at=told.changed_at,
    )
