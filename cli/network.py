"""`frontdesk network add`: opens a network in every service, in the gateway and on the claim feed."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import typer

from cli.operator import directory, gave_up, network_id_of, operator, services
from shared.config import is_simulated, setting
from shared.database.migrate import SERVICES
from shared.errors import DomainError, Invalid
from shared.messaging.broker_api import BrokerApi
from shared.messaging.claim_feed import feed_queue, open_feed

app = typer.Typer(no_args_is_help=True, help="Networks: the tenants of this installation.")


@dataclass(frozen=True)
class OpenedNetwork:
    """A network that stands everywhere. `feed_password` is None where the feed stood already."""

    network_id: UUID
    text_number: str
    feed_queue: str
    feed_password: str | None


def add_network(name: str, text_number: str = "", *, new_feed_password: bool = False) -> OpenedNetwork:
    """Opens the network wherever it is not open yet; again changes nothing. Raises DomainError.

    The gateway's row is written last: where it stands, everything stands, and the feed's password is left alone.
    """
    network_id = network_id_of(name)
    number = text_number or _simulated_number(network_id)
    accounts = directory()
    stands = accounts.knows(network_id)
    _tell_services(network_id, name, number)
    password = None if stands and not new_feed_password else _open_feed(network_id)
    accounts.open_network(network_id, name)
    return OpenedNetwork(network_id, number, feed_queue(network_id), password)


@app.command("add")
def add(
    name: str,
    text_number: Annotated[
        str, typer.Option(help="The number that its texts come from, as +12025550150; made up where simulated.")
    ] = "",
    new_feed_password: Annotated[bool, typer.Option(help="Give the claim feed's reader a new password.")] = False,  # noqa: FBT002
) -> None:
    """Open a network; harmless when it is open already."""
    try:
        opened = add_network(name, text_number, new_feed_password=new_feed_password)
    except DomainError as error:
        raise gave_up(error) from None
    typer.echo(f"network      {name}\nnetwork id   {opened.network_id}\ntexts from   {opened.text_number}")
    typer.echo(f"claim feed   queue and broker user {opened.feed_queue}")
    if opened.feed_password:
        typer.echo(f"             password {opened.feed_password} (shown this once)")


def _tell_services(network_id: UUID, name: str, number: str) -> None:
    told, asker = services(), operator(network_id, "operator")
    for service in SERVICES:
        body = {"network_id": str(network_id), "name": name}
        if service == "notifications":
            body["sender_number"] = number
        told.tell(service, "open_network", body, asker, f"open-network/{network_id}")


def _open_feed(network_id: UUID) -> str:
    password = secrets.token_urlsafe(24)
    open_feed(BrokerApi(setting("FRONTDESK_RABBITMQ_API_URL")), network_id, password)
    return password


def _simulated_number(network_id: UUID) -> str:
    """A number of the exchange 555, which is nobody's. Only a sandbox may send from one that was made up."""
    if not is_simulated():
        raise Invalid(errors=[{"field": "text-number", "message": "needed: this installation is not simulated"}])
    line = int.from_bytes(hashlib.sha256(network_id.bytes).digest()[:4], "big") % 10_000
    return f"+1202555{line:04d}"
