"""`@command` and `@query`: a service's methods that the gateway calls, as nameko entrypoints of our own.

    @command(BookAppointment, AppointmentAnswer, scope="appointments:write")
    def book_appointment(self, command, uow): ...

The URL follows from the method's name: POST /commands/book_appointment. The method gets a loaded command and a unit
of work with the caller's key; nameko gives it a worker and its dependencies, `shared.calls.running` does the rest.
"""

import functools
from collections.abc import Callable
from typing import Any

from eventlet.event import Event
from marshmallow import Schema
from nameko.extensions import Entrypoint, register_entrypoint

from shared.calls.replies import Reply
from shared.calls.requests import Request
from shared.calls.running import Call, Command, Query
from shared.calls.server import CallServer
from shared.redaction import mark_phi

Method = Callable[..., Any]


class CallEntrypoint(Entrypoint):  # type: ignore[misc]  # nameko has no types
    """One method behind one URL."""

    server = CallServer()

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    @property
    def path(self) -> str:
        """Where the method is called."""
        return f"/{self.prefix}/{self.method_name}"

    def setup(self) -> None:
        self.server.register_provider(self)

    def stop(self) -> None:
        self.server.drain()
        self.server.unregister_provider(self)

    def reply(self, request: Request) -> Reply:
        """Runs the method in a worker of the service and waits for its reply."""
        done: Event = Event()

        def handed_over(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(result, exc_info)
            return result, exc_info

        self.container.spawn_worker(self, (request,), {}, handle_result=handed_over)
        reply: Reply = done.wait()
        return reply


def command(schema: type[Schema], answer: type[Schema], *, scope: str) -> Callable[[Method], Method]:
    """Declares a command: done once for each key, needs `scope`, answers by the schema `answer`."""
    return functools.partial(_declared, Command, "commands", schema, answer, scope)


def query(schema: type[Schema], answer: type[Schema], *, scope: str) -> Callable[[Method], Method]:
    """Declares a question: reads in an open unit of work, is audited before it is answered."""
    return functools.partial(_declared, Query, "queries", schema, answer, scope)


def _declared(
    kind: type[Call], prefix: str, schema: type[Schema], answer: type[Schema], scope: str, method: Method
) -> Method:
    asked, told = schema(), answer()
    mark_phi(asked)
    mark_phi(told)
    call = kind(method.__name__, method, asked, told, scope)

    @functools.wraps(method)
    def entered(service: Any, request: Request) -> Reply:
        return call.reply(service, request)

    # The tests of routes and the generated reference read what a method declares from here.
    entered.declared = call  # type: ignore[attr-defined]
    register_entrypoint(entered, CallEntrypoint(prefix))
    return entered
