"""`frontdesk replay`: published events once more, after the broker's bindings have been mended.

With `--rebuild` they go into an empty database instead, to be compared with the read copies in use (cli/rebuilding).
"""

import warnings
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Annotated
from uuid import UUID

import typer

from shared.config import setting
from shared.events.registry import AGGREGATES
from shared.messaging.broker_api import BrokerApi
from shared.messaging.link import BrokerAway
from shared.messaging.replay import Outcome, Selection, selection_for
from shared.messaging.replay import replay as publish_again
from shared.messaging.topology import TopologyDiffers, mend_bindings

SOURCES = sorted({aggregate.source for aggregate in AGGREGATES})


def replay(
    source: Annotated[str, typer.Option(help="The service that told the events; all without it.")] = "",
    consumer: Annotated[str, typer.Option(help="What this handler listens to: billing.on_encounter.")] = "",
    aggregate: Annotated[str, typer.Option(help="Only this aggregate: appointment.")] = "",
    subject: Annotated[str, typer.Option(help="Only the aggregate of this id.")] = "",
    type_name: Annotated[str, typer.Option("--type", help="Only this event type.")] = "",
    since: Annotated[datetime | None, typer.Option(help="From this instant of business time on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this instant.")] = None,
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make read copies anew, compare, send nothing.")] = False,
    service: Annotated[str, typer.Option(help="With --rebuild: whose read copies; all without it.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="With --rebuild: put rows that differ in place.")] = False,
) -> None:
    """Publishes events again. Who has taken them already is not affected; who has missed them takes them now.

    With --rebuild nothing is published: read copies are made anew in an empty database, from the facts that their
    handlers have taken, and compared row by row with those in use.
    """
    if rebuild:
        if source or aggregate or subject or type_name or since or until:
            raise typer.BadParameter("a rebuild needs all facts: it goes with --service, --consumer and --apply alone")
        _rebuild(service, consumer, apply=apply)
        return
    if service or apply:
        raise typer.BadParameter("--service and --apply go with --rebuild")
    _refuse_unknown(aggregate, type_name)
    _mend()
    total = Outcome()
    for chosen in _chosen(source, consumer):
        narrowed = replace(
            chosen,
            aggregate=aggregate or chosen.aggregate,
            subject=UUID(subject) if subject else None,
            type=type_name or None,
            since=since,
            until=until,
        )
        _add(total, _published(narrowed))
    print(f"{total.published} events published again, {total.released} held back ones released to the relay.")
    if total.refused:
        typer.echo(f"{total.refused} events were not taken by the broker: see `frontdesk status`.", err=True)
        raise typer.Exit(1)


def _rebuild(service: str, consumer: str, *, apply: bool) -> None:
    # The services come with it, and with them eventlet, which no other command needs.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import_module("cli.rebuilding.command").rebuild_copies(service, consumer, apply=apply)


def _refuse_unknown(aggregate: str, type_name: str) -> None:
    names = sorted(one.name for one in AGGREGATES)
    if aggregate and aggregate not in names:
        raise typer.BadParameter(f"there are {', '.join(names)}", param_hint="--aggregate")
    types = sorted(name for one in AGGREGATES for name in one.type_names)
    if type_name and type_name not in types:
        raise typer.BadParameter(f"there are {', '.join(types)}", param_hint="--type")


def _mend() -> None:
    try:
        mended = mend_bindings(BrokerApi(setting("FRONTDESK_RABBITMQ_API_URL")))
    except TopologyDiffers as differs:
        for difference in differs.differences:
            typer.echo(f"broker: {difference}", err=True)
        raise typer.Exit(2) from None
    for binding in mended:
        print(f"mended: {binding.exchange} -> {binding.queue} ({binding.routing_key})")


def _chosen(source: str, consumer: str) -> list[Selection]:
    if consumer:
        try:
            return [selection_for(consumer)]
        except LookupError:
            raise typer.BadParameter(f"nobody listens as {consumer!r}", param_hint="--consumer") from None
    if source and source not in SOURCES:
        raise typer.BadParameter(f"there are {', '.join(SOURCES)}", param_hint="--source")
    return [Selection(source=name) for name in ([source] if source else SOURCES)]


def _published(selection: Selection) -> Outcome:
    try:
        return publish_again(selection, setting("FRONTDESK_RELAY_AMQP_URL"))
    except BrokerAway:
        typer.echo("The broker cannot be reached; nothing is lost, try again.", err=True)
        raise typer.Exit(1) from None


def _add(total: Outcome, one: Outcome) -> None:
    total.published += one.published
    total.refused += one.refused
    total.released += one.released
