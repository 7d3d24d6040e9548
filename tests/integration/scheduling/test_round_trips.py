"""What a command costs: messages to PostgreSQL, each a round trip; they are what a booking's time goes to (ADR 19)."""

from datetime import timedelta
from typing import Any

import pytest
from fix_scheduling import NOW

from services.scheduling import operations

# The appointment's row; the schedule under its lock; the time; everything else with the COMMIT. A key is one more.
# Whoever moves, ends or begins a visit asks whether it stands on a reschedule list, or should; a booking need not.
MESSAGES = {"book": 3, "move": 5, "cancel": 3, "reinstate": 5, "check_in": 3}


@pytest.mark.parametrize("verb", MESSAGES)
def test_a_command_takes_so_many_round_trips_and_no_more(clinic: Any, verb: str) -> None:
    """Seen red by: a row that is added at once and does not wait."""
    mine = clinic.book(NOW + timedelta(hours=1)).appointment_id
    if verb == "reinstate":
        clinic.cancel(mine)
    acts = {
        "book": lambda: clinic.book(NOW + timedelta(hours=2)),
        "move": lambda: clinic.move(mine, NOW + timedelta(hours=2)),
        "cancel": lambda: clinic.cancel(mine),
        "reinstate": lambda: clinic.one(operations.reinstate_appointment, mine),
        "check_in": lambda: clinic.one(operations.check_in, mine),
    }
    before = sent(clinic)
    acts[verb]()
    assert sent(clinic) - before == MESSAGES[verb]


def sent(clinic: Any) -> int:
    """By the connection that is taken next: the one that was given back last."""
    pool = clinic.units.resources.pool
    connection = pool.take()
    pool.give_back(connection)
    return int(connection.sent)
