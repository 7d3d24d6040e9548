"""Servers that others administer: what we can see of them, and the commands that their administrator has to give."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2

from shared.config import optional
from shared.database.migrate import DATABASES, KINDS, OWNER, role_of, unmigrated
from shared.messaging.topology import requests, user_requests

NEVER_SHOWN = "<password>"


def for_administrator() -> Iterator[str]:
    """Sentences on what is missing, then the commands; no password is shown."""
    yield "frontdesk: FRONTDESK_ADMIN_DATABASE_URL and FRONTDESK_RABBITMQ_API_URL are needed to change anything."
    yield from _seen()
    yield ""
    yield "-- PostgreSQL, as superuser (psql):"
    yield from _roles_and_databases()
    yield "-- then the migrations, once, as a member of frontdesk_owner who may log in:"
    yield "FRONTDESK_ADMIN_DATABASE_URL=... FRONTDESK_RABBITMQ_API_URL=... ./frontdesk migrate"
    yield ""
    yield "# RabbitMQ, as administrator:"
    users = user_requests("/", _Hidden())
    yield from (request.as_curl() for request in [*requests(), *users])


def _seen() -> Iterator[str]:
    for service in DATABASES:
        url = optional(f"FRONTDESK_{service.upper()}_DATABASE_URL")
        yield f"{service}: {_state(url, service) if url else 'no URL is set'}"


def _state(url: str, service: str) -> str:
    try:
        with closing(psycopg2.connect(url, connect_timeout=5)) as connection:
            missing = unmigrated(connection, service)
    except psycopg2.Error as error:
        return f"does not answer as its application ({type(error).__name__})"
    return f"lacks {', '.join(missing)}" if missing else "up to date"


def _roles_and_databases() -> Iterator[str]:
    yield f"CREATE ROLE {OWNER} NOLOGIN BYPASSRLS;"
    for service in DATABASES:
        for kind in KINDS:
            yield f"CREATE ROLE {role_of(service, kind)} LOGIN NOBYPASSRLS PASSWORD '{NEVER_SHOWN}';"
        yield f"GRANT {role_of(service, 'app')} TO {role_of(service, 'worker')};"
        yield f"CREATE DATABASE {service} OWNER {OWNER};"
        yield f"REVOKE ALL ON DATABASE {service} FROM PUBLIC;"
        roles = ", ".join(role_of(service, kind) for kind in KINDS)
        yield f"GRANT CONNECT ON DATABASE {service} TO {roles};"


class _Hidden(dict[str, str]):
    """A password for every user, none of them real."""

    def __missing__(self, user: str) -> str:
        return NEVER_SHOWN
