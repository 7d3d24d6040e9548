"""`relay`: publishes the outboxes of the named services."""

from shared.messaging.relay import run_relay
from shared.processes.plain import run_plain


def run(*services: str) -> int:
    """Publishes until told to stop, then waits for what is in flight."""
    return run_plain("relay", lambda stopping: run_relay(services, stopping))
