"""What time starts in billing."""

from services.billing import operations
from shared.jobs import Job, JobContext

_EVERY_SECONDS = 10.0


def watch_waiting_encounters(context: JobContext) -> None:
    """Encounters that have waited for their patient for a minute become tasks."""
    for network_id in context.networks():
        uow = context.units.for_network(network_id, action="watch_waiting_encounters")
        operations.watch_waiting_encounters(uow, context.clock)


JOBS = [Job("watch-waiting-encounters", _EVERY_SECONDS, watch_waiting_encounters)]
