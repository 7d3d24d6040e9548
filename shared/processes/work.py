"""`work`: a service's jobs and the retries of its parked events."""

from shared.jobs import run_worker
from shared.processes.plain import run_plain


def run(service: str) -> int:
    """Works until told to stop, then finishes the job at hand."""
    return run_plain(f"{service}-work", lambda stopping: run_worker(service, stopping))
