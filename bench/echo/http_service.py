"""The product's way: `@query` behind signed claims, schemas, a deadline, a worker. Only the database is left out."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from shared.calls.entrypoints import query
from shared.processes.serve import serve

SCOPE = "echo:read"


class EchoSchema(Schema):
    """About as much as a small question and its answer hold."""

    patient_id = fields.UUID(required=True)
    name = fields.String(required=True)


class Unit:
    """A unit of work without a database behind it."""

    network_id = UUID(int=0)
    object_ids: dict[str, str]

    def __enter__(self) -> "Unit":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to roll back."""

    def audit(self, *words: Any, **more: Any) -> None:
        """Nowhere to write it."""

    def commit(self) -> None:
        """Nothing to commit."""


class Units:
    """Where such units come from."""

    def for_call(self, *_: Any, **__: Any) -> Unit:
        return Unit()


class EchoService:
    """Answers what it was asked."""

    name = "echo"
    units = Units()

    @query(EchoSchema, EchoSchema, scope=SCOPE)
    def echo(self, question: dict[str, Any], uow: Unit) -> dict[str, Any]:
        return question


def main() -> int:
    """Serves until told to stop."""
    return serve(EchoService)
