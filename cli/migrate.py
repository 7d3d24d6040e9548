"""`frontdesk migrate`: databases, roles, migrations, and all that the broker has to hold. Changes nothing twice."""

import secrets
from urllib.parse import unquote, urlsplit

import typer

from cli.external import for_administrator
from cli.secrets import refuse_defaults
from shared.config import optional, setting
from shared.database.migrate import DATABASES, KINDS, migrate_server, role_of
from shared.messaging.broker_api import BrokerApi, BrokerRefused
from shared.messaging.topology import TopologyDiffers, broker_users, declare


def migrate() -> None:
    """Bring databases and broker up to date. Exits 2 with commands for an administrator where rights are missing."""
    admin, api = optional("FRONTDESK_ADMIN_DATABASE_URL"), optional("FRONTDESK_RABBITMQ_API_URL")
    if not admin or not api:
        for line in for_administrator():
            typer.echo(line)
        raise typer.Exit(2)
    refuse_defaults({"FRONTDESK_ADMIN_DATABASE_URL": admin, "FRONTDESK_RABBITMQ_API_URL": api})
    for database, names in migrate_server(admin, database_passwords()).items():
        typer.echo(f"{database}: {', '.join(names) or 'up to date'}")
    _declare(api)


def database_passwords() -> dict[str, str]:
    """The password in each role's URL. A role that no process uses gets one that nobody knows."""
    return {role_of(name, kind): _database_password(name, kind) for name in DATABASES for kind in KINDS}


def broker_passwords() -> dict[str, str]:
    """The password of each broker user, from its AMQP URL."""
    return {user: _password(setting(f"FRONTDESK_{user.upper()}_AMQP_URL")) for user in broker_users()}


def _declare(api: str) -> None:
    try:
        declare(BrokerApi(api), broker_passwords())
    except (TopologyDiffers, BrokerRefused) as refused:
        typer.echo(f"the broker: {refused}", err=True)
        raise typer.Exit(1) from refused
    typer.echo("broker: exchanges, queues, policies and users stand")


def _database_password(service: str, kind: str) -> str:
    middle = "" if kind == "app" else f"_{kind.upper()}"
    url = optional(f"FRONTDESK_{service.upper()}{middle}_DATABASE_URL")
    return _password(url) if url else secrets.token_urlsafe(24)


def _password(url: str) -> str:
    return unquote(urlsplit(url).password or "")
