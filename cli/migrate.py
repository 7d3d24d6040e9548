"""`frontdesk migrate`: databases, roles, migrations, and all that the broker has to hold. Changes nothing twice."""

import secrets
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import psycopg2
import typer

from cli.administrator import for_administrator
from cli.places import ADMIN, API, administers_broker, role_setting, shown, user_setting
from cli.secrets import refuse_defaults
from cli.sight import Seen, look
from shared.config import addresses_in, optional, setting
from shared.database.migrate import DATABASES, KINDS, migrate_server, role_of
from shared.messaging.broker_api import BrokerApi, BrokerRefused
from shared.messaging.topology import TopologyDiffers, broker_users, declare


def migrate() -> None:
    """Bring databases and broker up to date.

    Without an administrator's URLs it only looks: exits 2, with the commands for an administrator, where something is
    missing.
    """
    admin, api = optional(ADMIN), optional(API)
    given = {name: value for name, value in ((ADMIN, admin), (API, api)) if value}
    refuse_defaults(given)
    if admin:
        _migrate_databases(admin)
    if administers_broker(given):
        _declare(api)
    _look_at_the_rest([one for one in look() if one.server not in _administered(given)])


def _administered(given: Mapping[str, str]) -> set[str]:
    return {name for name, yes in (("PostgreSQL", ADMIN in given), ("RabbitMQ", administers_broker(given))) if yes}


def _look_at_the_rest(seen: list[Seen]) -> None:
    if all(one.is_well for one in seen):
        for one in seen:
            typer.echo(str(one))
        return
    for line in for_administrator(seen):
        typer.echo(line)
    raise typer.Exit(2)


def _migrate_databases(admin: str) -> None:
    try:
        ran = migrate_server(admin, database_passwords())
    except psycopg2.OperationalError as error:
        typer.echo(f"frontdesk: PostgreSQL at {shown(admin)} does not let us in: {str(error).strip()}", err=True)
        raise typer.Exit(1) from None
    except psycopg2.errors.InsufficientPrivilege as error:
        why = str(error).strip().splitlines()[0]
        typer.echo(f"frontdesk: {ADMIN} is not an administrator's ({why})", err=True)
        raise typer.Exit(1) from None
    for database, names in ran.items():
        typer.echo(f"{database}: {', '.join(names) or 'up to date'}")


def database_passwords() -> dict[str, str]:
    """The password in each role's URL. A role that no process uses gets one that nobody knows."""
    return {role_of(name, kind): _database_password(name, kind) for name in DATABASES for kind in KINDS}


def broker_passwords() -> dict[str, str]:
    """The password of each broker user, from its AMQP URL."""
    return {user: _password(addresses_in(setting(user_setting(user)))[0]) for user in broker_users()}


def _declare(api: str) -> None:
    try:
        declare(BrokerApi(api), broker_passwords())
    except (TopologyDiffers, BrokerRefused) as refused:
        typer.echo(f"frontdesk: the broker: {refused}", err=True)
        raise typer.Exit(1) from refused
    typer.echo("broker: exchanges, queues, policies and users stand")


def _database_password(service: str, kind: str) -> str:
    url = optional(role_setting(service, kind))
    return _password(url) if url else secrets.token_urlsafe(24)


def _password(url: str) -> str:
    return unquote(urlsplit(url).password or "")
