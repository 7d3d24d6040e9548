"""How many of the texts that are due the carrier takes from the network's number now."""

from datetime import datetime

from services.notifications.operations.ports import Unit


def paced(wanted: int, per_second: float | None, uow: Unit, real_now: datetime) -> int:
    """At most `wanted`, and counted as sent. Where there is a rate, one claim of the network at a time is made."""
    if per_second is None or not wanted:
        return wanted
    pace = uow.network.lock_pace(per_second)
    texts = min(wanted, pace.room(real_now))
    if texts:
        uow.network.keep_pace(pace.after(texts, real_now))
    return texts
