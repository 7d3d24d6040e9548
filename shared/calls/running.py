"""How a call runs: scope, schema, unit of work with the key, the service's method, the answer dumped in its commit."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import eventlet
import psycopg2
from marshmallow import Schema, ValidationError

from shared.calls.replies import Reply, answered, faulty, invalid, refused, refused_before, unavailable_where
from shared.calls.requests import Request, require_key
from shared.database.errors import is_worth_retrying
from shared.database.idempotency import ANSWERED, AlreadyAnswered, CommandKey, hash_of
from shared.errors import DeadlineExceeded, DomainError, Forbidden, NotFound, Unavailable
from shared.logs import correlated, log

MAX_TRIES = 5
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Call(ABC):
    """One declared command or question of a service. `method` is the plain method that `@command` was put on."""

    name: str
    method: Callable[..., Any]
    schema: Schema
    answer: Schema
    scope: str

    def reply(self, service: Any, request: Request) -> Reply:
        """Runs the call to its reply, whatever happens; what fails in us is logged without values."""
        with correlated(request.asker.correlation_id, operation=self.name):
            try:
                return self._within_deadline(service, request)
            except DomainError as error:
                return refused(error)
            except psycopg2.Error as error:
                log.exception("database-failed", code=error.pgcode)
                return refused(Unavailable()) if unavailable_where(error) else faulty()
            except Exception:
                log.exception("call-failed")
                return faulty()

    def _within_deadline(self, service: Any, request: Request) -> Reply:
        # A Timeout is a BaseException: it slips past every `except Exception` on its way and breaks the transaction.
        timer = eventlet.Timeout(request.seconds_left())
        try:
            return self._tried(service, request)
        except eventlet.Timeout as timeout:
            if timeout is not timer:
                raise
            raise DeadlineExceeded from None
        finally:
            timer.cancel()

    def _tried(self, service: Any, request: Request) -> Reply:
        self._require_scope(service.units, request)
        for tried in range(1, MAX_TRIES + 1):
            try:
                return self.once(service, request)
            except psycopg2.Error as error:
                if tried == MAX_TRIES or not is_worth_retrying(error):
                    raise
            eventlet.sleep(random.uniform(0, _PAUSE_SECONDS * 2**tried))  # noqa: S311 (jitter, not a secret)
        raise Unavailable

    def _require_scope(self, units: Any, request: Request) -> None:
        if self.scope not in request.asker.scopes:
            with units.for_call(request.asker, action=self.name):  # audits the denial
                raise Forbidden

    @abstractmethod
    def once(self, service: Any, request: Request) -> Reply:
        """One try in one unit of work."""

    def load(self, request: Request) -> Any:
        """The command or question. Raises Invalid with the fields."""
        try:
            return self.schema.load(request.body)
        except ValidationError as error:
            raise invalid(error) from None

    def opened(self, units: Any, request: Request, key: CommandKey | None = None) -> Any:
        """A unit of work that knows what it is about, should a denial have to be audited."""
        uow = units.for_call(request.asker, key=key, action=self.name)
        uow.object_ids = object_ids(request.body)
        return uow


@dataclass(frozen=True)
class Command(Call):
    """Changes something, once for each key. `keys_of`: the command whose keys these are, where it is not this one."""

    keys_of: str = ""

    @property
    def keys(self) -> str:
        """The operation whose keys its keys are."""
        return self.keys_of or self.name

    def once(self, service: Any, request: Request) -> Reply:
        command = self.load(request)
        key = CommandKey(request.asker.principal, self.keys, require_key(request.key), hash_of(request.body))
        kept: list[Any] = []

        def dump(answer: Any) -> Any:
            kept.append(self.answer.dump(answer))
            return kept[-1]

        uow = self.opened(service.units, request, key)
        uow.dump_answer_with(dump)
        try:
            self.method(service, command, uow)
        except AlreadyAnswered as before:
            return self._replayed(service.units, request, before)
        if not kept:
            raise RuntimeError(f"{self.name} returned without a commit")
        return answered(kept[-1])

    def _replayed(self, units: Any, request: Request, before: AlreadyAnswered) -> Reply:
        if not before.is_still_visible:
            with self.opened(units, request):  # audits the denial
                raise NotFound
        if before.status == ANSWERED:
            return answered(before.answer, replayed=True)
        return refused_before(before.status, before.answer)


class Query(Call):
    """Only reads. The access is in the audit before the answer is out."""

    def once(self, service: Any, request: Request) -> Reply:
        question = self.load(request)
        with self.opened(service.units, request) as uow:
            answer = self.answer.dump(self.method(service, question, uow))
            ids = uow.object_ids
            name, identity = next(iter(ids.items()), ("network_id", str(uow.network_id)))
            uow.audit(
                self.name,
                name.removesuffix("_id"),
                identity,
                site_id=ids.get("site_id"),
                patient_id=ids.get("patient_id"),
            )
            uow.commit()
        return answered(answer)


def object_ids(body: Mapping[str, Any]) -> dict[str, str]:
    """The ids that a call names, the site last: any other says more about what was asked for."""
    ids = {name: value for name, value in body.items() if name.endswith("_id") and _is_uuid(value)}
    return dict(sorted(ids.items(), key=lambda pair: pair[0] == "site_id"))


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False
