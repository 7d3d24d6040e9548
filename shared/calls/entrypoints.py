"""`@command` and `@query`: a service's methods that the gateway calls, as nameko entrypoints of our own.

    @command(BookAppointment, AppointmentAnswer, scope="appointments:write")
    def book_appointment(self, command, uow): ...

The URL follows from the method's name: POST /commands/book_appointment, and /commands/book_appointment/batch for many
at once. The method gets a loaded command and a unit of work with the caller's key; nameko gives it a worker and its
dependencies, `shared.calls.running` and `shared.calls.batches` do the rest.
"""

import functools
from collections.abc import Callable
from typing import Any

from eventlet.event import Event
from marshmallow import Schema
from nameko.extensions import Entrypoint, register_entrypoint

from shared.calls.batches import Ahead, Batch
from shared.calls.replies import Reply
from shared.calls.requests import BATCH, Request
from shared.calls.running import Call, Command, Query
from shared.calls.server import CallServer
from shared.redaction import mark_phi

COMMANDS = "commands"
Method = Callable[..., Any]


class CallEntrypoint(Entrypoint):  # type: ignore[misc]  # nameko has no types
    """One method behind one URL."""

    server = CallServer()

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the method is called: a command also for many at once."""
        path = f"/{self.prefix}/{self.method_name}"
        return (path, path + BATCH) if self.prefix == COMMANDS else (path,)

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


def command(
    schema: type[Schema], answer: type[Schema], *, scope: str, keys_of: str = "", ahead: Ahead | None = None
) -> Callable[[Method], Method]:
    """Declares a command: done once for each key, needs `scope`, answers by the schema `answer`.

    `keys_of` names another command whose keys are this one's too: one key carries out one of the two, and once.
    `ahead(commands, uow)` is for batches: it takes the locks of all of them in order, and reads what they need at once.
    """

    def declared(method: Method) -> Method:
        call = Command(method.__name__, method, _marked(schema), _marked(answer), scope, keys_of)
        batch = Batch(call.name, method, call.schema, call.answer, scope, call.keys, ahead)
        return _entered(COMMANDS, call, lambda request: batch if request.is_batch else call)

    return declared


def query(schema: type[Schema], answer: type[Schema], *, scope: str) -> Callable[[Method], Method]:
    """Declares a question: reads in an open unit of work, is audited before it is answered."""

    def declared(method: Method) -> Method:
        call = Query(method.__name__, method, _marked(schema), _marked(answer), scope)
        return _entered("queries", call, lambda _: call)

    return declared


def _marked(schema: type[Schema]) -> Schema:
    made = schema()
    mark_phi(made)
    return made


def _entered(prefix: str, call: Call, chosen: Callable[[Request], Call]) -> Method:
    @functools.wraps(call.method)
    def entered(service: Any, request: Request) -> Reply:
        return chosen(request).reply(service, request)

    # The tests of routes and the generated reference read what a method declares from here.
    entered.declared = call  # type: ignore[attr-defined]
    register_entrypoint(entered, CallEntrypoint(prefix))
    return entered
