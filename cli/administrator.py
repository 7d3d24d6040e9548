"""The commands that an administrator of others' servers has to give, word by word; no password is in them."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from cli.places import ADMIN, API, ROLES
from cli.sight import Seen
from shared.config import addresses_in, optional
from shared.database.migrate import DATABASES, KINDS, OWNER, role_of
from shared.messaging.topology import RELAY_USER, requests, user_requests

NEVER_SHOWN = "<password>"


def for_administrator(seen: list[Seen]) -> Iterator[str]:
    """What was seen, then the commands for all that it lacks."""
    yield f"frontdesk: to change anything here an administrator's URLs are needed: {ADMIN} and {API} (with a login)."
    yield from (str(one) for one in seen)
    if any(not one.is_well for one in seen if one.server == "PostgreSQL"):
        yield ""
        yield "-- PostgreSQL, as superuser (psql); what exists already may stay:"
        yield from _roles_and_databases()
        yield "-- then the migrations, from this checkout, as that superuser (it sets the roles' passwords to those of"
        yield "-- the URLs that are set, and to ones that nobody knows where none is set):"
        yield f"{ADMIN}=postgresql://... {API}=http://... ./frontdesk migrate"
    if any(not one.is_well for one in seen if one.server == "RabbitMQ"):
        yield ""
        yield "# RabbitMQ, as administrator (RABBITMQ_API_URL=http://user:password@host:15672):"
        vhost = _vhost()
        yield from (request.as_curl() for request in [*requests(vhost), *user_requests(vhost, _Hidden())])


def _vhost() -> str:
    """The virtual host that the relay's URL names."""
    addresses = addresses_in(optional(f"FRONTDESK_{RELAY_USER.upper()}_AMQP_URL"))
    return unquote(urlsplit(addresses[0] if addresses else "").path[1:]) or "/"


def _roles_and_databases() -> Iterator[str]:
    yield f"CREATE ROLE {OWNER} NOLOGIN BYPASSRLS;"
    for service in DATABASES:
        for kind in KINDS:
            password = f"PASSWORD '{NEVER_SHOWN}'" if (service, kind) in ROLES else "PASSWORD NULL"
            yield f"CREATE ROLE {role_of(service, kind)} LOGIN NOBYPASSRLS {password};"
        yield f"GRANT {role_of(service, 'app')} TO {role_of(service, 'worker')};"
        yield f"CREATE DATABASE {service} OWNER {OWNER};"
        yield f"REVOKE ALL ON DATABASE {service} FROM PUBLIC;"
        roles = ", ".join(role_of(service, kind) for kind in KINDS)
        yield f"GRANT CONNECT ON DATABASE {service} TO {roles};"


class _Hidden(dict[str, str]):
    """A password for every user, none of them real."""

    def __missing__(self, user: str) -> str:
        return NEVER_SHOWN
