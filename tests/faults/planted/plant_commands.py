"""What the unit of work of a command must not do; and what only brings that to light (`slow-...`, `no-locks`)."""

import random
import time

from planting import plant

_DRAWN = {}  # by connection


@plant("slow-commits", "shared.database.unit_of_work")
def _some_time_before_the_commit(module):
    """Transactions that tell something end in another order than they began."""
    flush = module.UnitOfWork.flush_events

    def flush_and_wait(self):
        told = flush(self)
        if told:
            self.connection.send()  # the rows have their ids now
            time.sleep(random.uniform(0, 0.4))
        return told

    module.UnitOfWork.flush_events = flush_and_wait


@plant("slow-begins", "shared.database.unit_of_work")
def _some_time_after_the_begin(module):
    """Commands take their locks in another order than they began."""
    begin = module.UnitOfWork._begin

    def begin_and_wait(self):
        begin(self)
        if self._key is not None:
            time.sleep(random.uniform(0, 0.2))

    module.UnitOfWork._begin = begin_and_wait


@plant("no-locks", "shared.database.unit_of_work")
def _no_named_locks(module):
    """Whoever looks whether a time is free may be overtaken."""
    module.UnitOfWork.lock = lambda self, *names: None


@plant("no-locks", "services.scheduling.repository.schedules")
def _no_locks_of_what_is_needed(module):
    """The same for the locks that a statement finds and takes."""
    module.ScheduleRepository.lock_what_is_needed = lambda self, *wanted: None


@plant("holds-count-as-over", "services.scheduling.domain.lanes")
def _no_hold_holds(module):
    """What is held is taken for what nobody has booked in time, and cleared away by whoever wants it."""
    module.Booking.is_over = lambda self, now: self.expires_at is not None


@plant("later-visit-keeps-its-time", "services.scheduling.operations.answer_waitlist_offer")
def _cancelled_and_not_given_back(module):
    """Who takes an earlier time at another site is off there, and nobody else can have the time."""

    def taken(offer, visit, uow, clock):
        day = module.replace(module.today(uow, clock, free_of_rules=True), may_backdate=True)
        visit.cancel(module.MOVED, day.now)
        uow.appointments.change(visit)
        return module._booked(offer, uow, day)

    module._taken = taken


@plant("no-command-key", "shared.database.unit_of_work")
def _keys_are_ignored(module):
    for name in ("take_key", "store_answer", "store_refusal"):
        setattr(module, name, lambda *_: None)


@plant("outbox-row-before-the-lock", "shared.database.unit_of_work")
def _the_row_has_its_id_before_the_lock(module):
    """The first event's outbox id is drawn when the transaction begins (the application may, for this run)."""
    begin = module.UnitOfWork._begin

    def draw_and_begin(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('outbox', 'id')) AS id")
            _DRAWN[id(self.connection)] = cursor.fetchone()["id"]
        begin(self)

    module.UnitOfWork._begin = draw_and_begin


@plant("outbox-row-before-the-lock", "shared.messaging.outbox")
def _inserted_under_that_id(module):
    append = module.append
    insert = module._INSERT.replace("(event_id", "(id, event_id").replace("VALUES", "OVERRIDING SYSTEM VALUE VALUES")

    def append_as_drawn(cursor, events, keyring):
        if events:
            row = (_DRAWN[id(cursor.connection)], *module._row(events[0], keyring))
            module.execute_values(cursor, insert, [row])
        append(cursor, events[1:], keyring)

    module.append = append_as_drawn
