"""Networks, people and programs, as commands and the seed make them. Needs the settings of a running system."""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from cli.operator import directory, network_id_of, operator, services
from gateway.directory import Added
from shared.config import is_simulated, setting
from shared.database.migrate import SERVICES
from shared.errors import Invalid
from shared.messaging.broker_api import BrokerApi
from shared.messaging.claim_feed import feed_queue, open_feed


@dataclass(frozen=True)
class OpenedNetwork:
    """A network that stands everywhere.

    `text_number` is empty where none was given and the network stood, `feed_password` None where its feed stood.
    """

    network_id: UUID
    text_number: str
    feed_queue: str
    feed_password: str | None


def open_network(name: str, text_number: str = "", *, new_feed_password: bool = False) -> OpenedNetwork:
    """Opens the network wherever it is not open yet; again changes nothing. Raises DomainError.

    The gateway's row is written last: where it stands, everything stands, and the feed's password is left alone.
    """
    network_id = network_id_of(name)
    accounts = directory()
    stands = accounts.knows(network_id)
    number = text_number or ("" if stands else _simulated_number(network_id))
    if number:
        _tell_services(network_id, name, number)
    password = None if stands and not new_feed_password else _open_feed(network_id)
    accounts.open_network(network_id, name)
    return OpenedNetwork(network_id, number, feed_queue(network_id), password)


def text_around_the_clock(network_id: UUID, *, reminds: bool = False) -> None:
    """A network that was made up texts at all hours, however often, and by itself only where it `reminds`."""
    told, asker = services(), operator(network_id, "texts:templates")
    limits = {"quiet": None, "most_a_day": None, "most_a_week": None}
    told.tell("notifications", "set_texting_limits", limits, asker, f"texting-limits/{network_id}")
    if not reminds:
        told.tell("notifications", "set_reminder_rules", {"rules": []}, asker, f"reminder-rules/{network_id}")


def add_account(network_id: UUID, login: str, role: str, sites: list[UUID] | None, *, client: bool = False) -> Added:
    """Adds an account at `sites` (None: all of the network) with a random secret. Raises DomainError."""
    return directory().add(network_id, "client" if client else "user", login, role, sites)


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
