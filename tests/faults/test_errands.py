"""What desks do beside booking, in peace: every errand goes through, and all that it was told is there."""

from accounted import Accounts
from errand_load import ErrandLoad
from fix_desk import Desk
from held import taken_while_held
from history import History
from judging import wrong_free_time

# So often each: not every way of each is gone, which is for the random run.
TIMES = 2


def test_every_errand_is_accounted_for_where_nothing_breaks(desk: Desk) -> None:
    """Seen red by: an absence that leaves its first visit off the list."""
    history = History()
    load = ErrandLoad(desk, history)
    accounts = Accounts(desk.rows)
    load.do_each(TIMES)
    assert load.faults == []
    desk.settle()
    assert desk.checker.faults() == []
    assert accounts.differences(history.operations) == ([], [])
    assert list(taken_while_held(history.operations)) == []
    assert wrong_free_time(desk) == []
    done = history.by_name()
    assert {"hold", "propose", "no-show", "walk-in", "book-series", "absence", "wait", "hours"} <= done.keys()
