"""Sentences for a system that is not there: what was tried, and what to do."""

import psycopg2
from pika.exceptions import AMQPConnectionError

from cli.instance import Instance
from shared.messaging.broker_api import BrokerRefused
from shared.messaging.link import BrokerAway

AWAY = (psycopg2.OperationalError, AMQPConnectionError, BrokerAway, BrokerRefused)
_ADVICE = "`./frontdesk status` shows what runs, `./frontdesk run` starts it"


def nothing_has_run_in(instance: Instance) -> str:
    """For a command that has nobody to speak to."""
    return f"nothing has run in {instance.directory.name} yet; start it first: ./frontdesk run"


def sentence_of(error: BaseException) -> str:
    """One of AWAY in a line, without its login."""
    if isinstance(error, psycopg2.OperationalError):
        words = str(error).strip().splitlines() or ["it does not answer"]
        return f"PostgreSQL: {words[0]}; {_ADVICE}"
    if isinstance(error, BrokerRefused):
        return f"{error}; {_ADVICE}"
    return f"RabbitMQ cannot be reached; {_ADVICE}"
