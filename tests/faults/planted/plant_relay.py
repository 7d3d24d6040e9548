"""What a relay must not do; and what only brings that to light (`slow-relays`)."""

import random
import time
from datetime import UTC, datetime

from planting import plant


@plant("slow-relays", "shared.messaging.publishing")
def _some_time_before_each_message(module):
    """Of two relays that work at one time now this one is quicker and now that."""
    send = module.Publishing._send

    def wait_and_send(self, row, deadline):
        time.sleep(random.uniform(0, 0.05))
        send(self, row, deadline)

    module.Publishing._send = wait_and_send


@plant("id-cursor-relay", "shared.messaging.outbox_rows")
def _a_cursor(module):
    """Goes on behind the newest id that it has seen: ids become visible out of order."""
    statement = _changed(module, "id <> ALL(%(excluding)s::bigint[])", "id > %(after)s")

    def due(self, limit, excluding):
        params = {"now": datetime.now(UTC), "after": getattr(self, "after", 0), "limit": limit}
        rows = [module.OutboxRow(**row) for row in self._all(statement, params)]
        self.after = rows[-1].id if rows else params["after"]
        return rows

    module.OutboxRows.due = due


@plant("several-relays", "shared.messaging.relay")
def _no_owner(module):
    """Every relay believes that the database is its own."""
    module._try_lock = lambda connection: True


@plant("several-relays", "shared.messaging.outbox_rows")
def _skip_locked(module):
    """Each takes the next few rows that no other has in hand, in a transaction that ends with their stamps."""
    statement = _changed(module, "LIMIT %(limit)s", "LIMIT least(%(limit)s, 3) FOR UPDATE SKIP LOCKED")
    stamp = module.OutboxRows.stamp

    def due_and_locked(self, limit, excluding):
        if excluding:
            return []  # what was taken is stamped first
        _say(self, "BEGIN")
        params = {"now": datetime.now(UTC), "excluding": [], "limit": limit}
        rows = [module.OutboxRow(**row) for row in self._all(statement, params)]
        if not rows:
            _say(self, "COMMIT")
        return rows

    def stamp_and_unlock(self, ids):
        stamp(self, ids)
        _say(self, "COMMIT")

    module.OutboxRows.due, module.OutboxRows.stamp = due_and_locked, stamp_and_unlock


@plant("mark-before-confirm", "shared.messaging.publishing")
def _stamped_when_sent(module):
    send = module.Publishing._send

    def stamp_and_send(self, row, deadline):
        self._source.stamp([row.id])
        send(self, row, deadline)

    module.Publishing._send = stamp_and_send


@plant("confirms-off", "shared.messaging.link")
def _a_channel_without_confirms(module):
    def channel_opened(self, channel):
        self._channel, self._opened_at = channel, time.monotonic()
        channel.add_on_return_callback(self._returned)
        channel.add_on_close_callback(self._channel_closed)
        self._look()

    module.BrokerLink._channel_opened = channel_opened


@plant("confirms-off", "shared.messaging.publishing")
def _sent_is_done(module):
    """What was handed to the connection counts as published."""
    send = module.Publishing._send

    def send_and_count(self, row, deadline):
        send(self, row, deadline)
        self._confirmed += [row.id for row, _ in self._window.settle(self._tag, multiple=False)]

    module.Publishing._send = send_and_count


@plant("mandatory-off", "shared.messaging.publishing")
def _nobody_has_to_be_there(module):
    module.consumers_of = lambda type_name: ()


def _changed(module, stands, comes):
    """The statement of what is due, with something else in one place."""
    assert stands in module._DUE.text
    return module.Prepared("outbox-due-otherwise", module._DUE.text.replace(stands, comes))


def _say(rows, statement):
    with rows._connection.cursor() as cursor:
        cursor.execute(statement)
