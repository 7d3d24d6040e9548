"""`frontdesk secrets`: what docker-compose.yml mounts into containers."""

from pathlib import Path
from typing import Annotated

import typer

from cli.logins import write_urls
from cli.places import Places, given_by_caller
from cli.secrets import make_keys, refuse_defaults
from shared.database.migrate import SERVICES


def secrets_for_containers(
    postgres: Annotated[str, typer.Option(help="host:port of PostgreSQL")] = "postgres:5432",
    rabbitmq: Annotated[str, typer.Option(help="host of RabbitMQ")] = "rabbitmq",
    into: Annotated[Path, typer.Option(help="The folder that docker-compose.yml takes them from.")] = Path(
        ".run/compose"
    ),
) -> None:
    """Make the secrets that docker-compose.yml mounts; those that exist stay."""
    make_keys(into)
    given = given_by_caller()
    refuse_defaults(given)
    write_urls(into, Places.at(postgres, f"{rabbitmq}:5672", f"{rabbitmq}:15672").replaced_by(given))
    for file in into.iterdir():
        file.chmod(0o444)  # containers mount them one by one for users of their own; the folder keeps others out
    typer.echo(f"secrets for {', '.join(SERVICES)}, relay and gateway are in {into}")
