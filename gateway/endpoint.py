"""A route is a declaration and a short function: `@route("POST", "/v1/appointments", scope=..., body=..., ...)`.

The declaration is the inventory: authentication, scope, site checks, parsing, dumping, OpenAPI and the access matrix
all work from it, so none of them can be forgotten in a route.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import falcon
import marshmallow as ma

from gateway.clients import DEADLINE_S
from gateway.door import Door
from gateway.errors import Problem
from gateway.identity import Identity
from gateway.parsing import MAX_BODY
from shared.asker import Asker

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
Auth = Literal["session", "public"]
Reads = Literal["json", "form", "raw", "signed-form"]
READ_BY_THE_ROUTE = frozenset({"raw", "signed-form"})
Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer with more than a body."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address and method. `objects` names the ids that it takes ("path.site_id", "body.patient_id", of a batch
    "items.patient_id"): what the access matrix must try with another's ids. `scope` None with auth `session`: any
    signed-in account."""

    method: str
    path: str
    name: str
    summary: str
    scope: str | None
    auth: Auth
    body: ma.Schema | None
    query: ma.Schema | None
    answer: ma.Schema | None
    listed: bool
    reads: Reads
    versioned: bool
    status: int
    objects: tuple[str, ...]
    example: Json | None
    max_body: int
    media_type: str
    problems: tuple[str, ...]
    also: tuple[int, ...]
    hidden: bool
    deadline_s: float
    handler: Callable[["Call"], Any]

    @property
    def tag(self) -> str:
        """The resource: the first part of the path after /v1."""
        return self.path.removeprefix("/v1").split("/")[1]


@dataclass
class Call:
    """One request as a route sees it. `body`, `query` and `path` hold JSON values in canonical form."""

    door: Door
    route: Route
    request: falcon.Request
    identity: Identity | None
    path: dict[str, str]
    query: Json
    body: Json
    version: int | None
    patients_seen: bool = False

    @property
    def key(self) -> str:
        """The request's idempotency key."""
        return str(self.request.context.key)

    @property
    def correlation_id(self) -> str:
        return str(self.request.context.correlation_id)

    @property
    def signed_in(self) -> Identity:
        """Who is signed in. Only for routes with auth `session`."""
        if self.identity is None:
            raise RuntimeError("this route is public")
        return self.identity

    @property
    def asker(self) -> Asker:
        """Who is asking, and whether records has said that they may see whom the call names."""
        asker = self.signed_in.asker
        return replace(asker, patients_seen=True) if self.patients_seen else asker

    def ask(self, service: str, question: str, **fields: Any) -> Json:
        """A service's answer to a question."""
        return self.door.services.ask(service, question, _given(fields), self.asker)

    def tell(self, service: str, command: str, part: str = "", **fields: Any) -> Json:
        """A service's answer to a command under this request's key (`<key>/<part>` where there are two)."""
        key = f"{self.key}/{part}" if part else self.key
        if self.route.versioned and self.version is not None:
            fields["version"] = self.version
        return self.door.services.tell(service, command, _given(fields), self.asker, key, self.route.deadline_s)

    def tell_of_patient(self, command: str, part: str = "", **fields: Any) -> Json:
        """Scheduling's answer to a command about `patient_id`: whether that one is the caller's is the access check.

        Scheduling knows by itself who had an appointment at the caller's sites; of others it decides nothing before
        records was asked. Raises Problem 404.
        """
        try:
            return self.tell("scheduling", command, part, **fields)
        except Problem as problem:
            if problem.slug != "patient-unseen":
                raise
        self.require_patient(fields["patient_id"])
        return self.tell("scheduling", command, part, **fields)

    def require_patient(self, patient_id: str) -> None:
        """Records says that the caller may see the patient, and from here on every service is told so. Raises 404."""
        self.ask("records", "patient_seen", patient_id=patient_id)
        self.patients_seen = True

    def page_of(self, service: str, question: str, **fields: Any) -> Json:
        """A list's answer, its cursor sealed for this caller's list."""
        answer = self.ask(service, question, **self.opened(fields))
        return {**answer, "next": self.sealed(answer.get("next"), fields)}

    def opened(self, question: Json) -> Json:
        """A list's question with the service's own cursor in it. Raises invalid for one of another list or filter."""
        if cursor := question.get("cursor"):
            return {**question, "cursor": self.door.cursors.open(cursor, self._list_of(question))}
        return question

    def sealed(self, inner: str | None, question: Json) -> str | None:
        """A service's cursor as the caller sees it: good for the next page of this question alone."""
        return self.door.cursors.seal(inner, self._list_of(question))

    def _list_of(self, question: Json) -> Json:
        asked = {name: value for name, value in question.items() if name not in ("cursor", "limit")}
        return {"list": self.route.name, "network": self.asker.network_id, **asked}


ROUTES: list[Route] = []


def route(
    method: str,
    path: str,
    *,
    scope: str | None = None,
    auth: Auth = "session",
    body: ma.Schema | None = None,
    query: ma.Schema | None = None,
    answer: ma.Schema | None = None,
    listed: bool = False,
    reads: Reads = "json",
    versioned: bool = False,
    status: int = 200,
    objects: tuple[str, ...] = (),
    example: Json | None = None,
    max_body: int = MAX_BODY,
    media_type: str = "application/json",
    problems: tuple[str, ...] = (),
    also: tuple[int, ...] = (),
    hidden: bool = False,
    deadline_s: float = DEADLINE_S,
) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Declares a route; the function's docstring is its summary. `deadline_s`: of the commands that it tells."""

    def declare(handler: Callable[[Call], Any]) -> Callable[[Call], Any]:
        ROUTES.append(
            Route(
                method=method,
                path=path,
                name=handler.__name__,
                summary=(handler.__doc__ or "").strip(),
                scope=scope,
                auth=auth,
                body=body,
                query=query,
                answer=answer,
                listed=listed,
                reads=reads,
                versioned=versioned,
                status=status,
                objects=objects,
                example=example,
                max_body=max_body,
                media_type=media_type,
                problems=problems,
                also=also,
                hidden=hidden,
                deadline_s=deadline_s,
                handler=handler,
            )
        )
        return handler

    return declare


def _given(fields: Mapping[str, Any]) -> Json:
    """Without fields that were not given; None that was given on purpose is kept in bodies by `call.body`."""
    return {name: value for name, value in fields.items() if value is not ma.missing}
