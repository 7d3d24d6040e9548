"""`frontdesk claim-feed`: a network's claims as they come, for the billing team."""

import csv
import json
import logging
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, TextIO
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

import typer
from pika.exceptions import AMQPError, ProbableAuthenticationError

from cli import feed_queue
from cli.feed_rows import FIELDS, FeedOrder, Row, plain
from cli.first_morning import LOGINS
from cli.instance import Instance
from cli.operator import network_id_of, operator
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.calls.outcomes import CallFailed
from shared.config import addresses_in, optional, service_url, setting
from shared.messaging import claim_feed as feed

_PAGE = 200


class Format(StrEnum):
    """How rows are written: one JSON object a line, or CSV with a header."""

    JSON = "json"
    CSV = "csv"


def claim_feed(
    context: typer.Context,
    network: Annotated[str, typer.Option(help="The network's name or id.")],
    since: Annotated[int | None, typer.Option(min=0, help="Begin after this sequence number; 0 is the start.")] = None,
    shape: Annotated[Format, typer.Option("--format", help="How rows are written.")] = Format.JSON,
    *,
    follow: Annotated[bool, typer.Option(help="Stay and write rows as they come, until Ctrl-C.")] = False,
) -> None:
    """Write a network's claim feed: rows that nobody has read yet, or all after --since. Each row once, without gaps.

    Reads as the network's own broker user: FRONTDESK_CLAIM_FEED_PASSWORD is what `frontdesk network add` showed. Of
    the networks that `frontdesk run` made it is known.
    """
    network_id = network_id_of(network)
    order = FeedOrder(_asking_billing(network_id), since)
    hand = writer(shape, sys.stdout)
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # what it has to say comes as one sentence below
    try:
        for row in order.catch_up():
            hand(row)
        read = feed_queue.follow if follow else feed_queue.drain
        read(_reader_url(network_id, context.obj), feed.feed_queue(network_id), order, hand)
    except KeyboardInterrupt:
        return
    except ProbableAuthenticationError:
        why = (
            f"the broker does not take that password for {network!r}: is the name written out in full, and is it the"
            " last password that `frontdesk network add NAME --new-feed-password` showed?"
        )
    except AMQPError as error:
        why = f"the broker refused or went away ({type(error).__name__})"
    except CallFailed:
        why = "billing did not give the rows that are missing"
    else:
        return
    typer.echo(f"frontdesk: {why}; rows that were not written stay in the queue", err=True)
    raise typer.Exit(1)


def writer(shape: Format, out: TextIO) -> Callable[[Row], None]:
    """Writes a row and flushes it: what was written has left this process before it is acknowledged."""
    table = csv.DictWriter(out, FIELDS, lineterminator="\n")
    if shape is Format.CSV:
        table.writeheader()

    def hand(row: Row) -> None:
        if shape is Format.CSV:
            table.writerow(row)
        else:
            out.write(json.dumps(row) + "\n")
        out.flush()

    return hand


def _asking_billing(network_id: UUID) -> Callable[[int], list[Row]]:
    """Pages of the feed from billing; the client is made when the first row is missing."""
    clients: list[ServiceClient] = []
    asker = operator(network_id, "claims:read")

    def fetch(after: int) -> list[Row]:
        if not clients:
            signer = Signer(setting("FRONTDESK_CLAIMS_PRIVATE_KEY"), "cli")
            clients.append(ServiceClient("billing", service_url("billing"), signer))
        answer: dict[str, Any] = clients[0].query("claim_feed", {"after": after, "limit": _PAGE}, asker)
        return [plain(row) for row in answer["items"]]

    return fetch


def _reader_url(network_id: UUID, instance: Instance) -> str:
    """FRONTDESK_CLAIM_FEED_URL whole, or the network's user and password at this installation's broker.

    A running instance notes the broker as the relay reaches it; FRONTDESK_AMQP_URL belongs to single processes.
    """
    if whole := optional("FRONTDESK_CLAIM_FEED_URL"):
        return whole
    nodes = addresses_in(optional("FRONTDESK_AMQP_URL") or setting("FRONTDESK_RELAY_AMQP_URL"))
    queue = feed.feed_queue(network_id)
    user, password = quote(queue), quote(_password(queue, instance), safe="")
    return " ".join(
        urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port or 5672}"))
        for parts in map(urlsplit, nodes)
    )


def _password(queue: str, instance: Instance) -> str:
    """The one that is set, or the one that this instance has made with its first networks."""
    known: str = optional("FRONTDESK_CLAIM_FEED_PASSWORD") or instance.read(LOGINS).get(queue, "")
    if not known:
        typer.echo(
            "frontdesk: set FRONTDESK_CLAIM_FEED_PASSWORD to what `frontdesk network add NAME` showed once;"
            " `frontdesk network add NAME --new-feed-password` makes a new one",
            err=True,
        )
        raise typer.Exit(2)
    return known
