"""`frontdesk reference`: writes every generated document anew; tests fail where one is stale."""

from collections.abc import Callable, Mapping
from pathlib import Path

import typer

from cli.instance import ROOT
from gateway.openapi import written as openapi
from gateway.reference import REFERENCE as OPENAPI
from gateway.routes import ROUTES
from shared.events.json_schema import path_of, render
from shared.events.registry import AGGREGATES
from shared.messaging import asyncapi, event_table


def documents() -> Mapping[Path, Callable[[], str]]:
    """Each generated file and what makes its text."""
    return {
        OPENAPI: lambda: openapi(ROUTES),
        asyncapi.REFERENCE: asyncapi.written,
        event_table.REFERENCE: event_table.written,
        **{path_of(aggregate): lambda it=aggregate: render(it) for aggregate in AGGREGATES},  # type: ignore[misc]
    }


def reference() -> None:
    """Write docs/reference and the events' JSON Schemas from the code."""
    for path, make in documents().items():
        text = make()
        is_stale = not path.exists() or path.read_text("utf-8") != text
        if is_stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        typer.echo(f"{'written ' if is_stale else 'current '} {path.relative_to(ROOT)}")
