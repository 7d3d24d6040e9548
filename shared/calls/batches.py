"""Many of one command in one transaction: each item with its own key and its own answer.

    POST /commands/<name>/batch   {"items": [{"key": ..., "body": {...}}, ...]}
                                  {"items": [{"status": 200, "answer": {...}} | {"status": 409, "slug": ..., ...}, ...]}

To an item nothing is different: its key is the key that the command alone would have, its access is checked, a refusal
is stored and audited, and what it did is undone where it fails, while the others go on. What the items share is the
round trips: one BEGIN, one COMMIT, keys, facts and audit entries by the list. First everything is tried without a
savepoint; only where an item fails that has written already, all is done again with a savepoint for each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from marshmallow import ValidationError

from shared.calls.replies import Reply, answered, invalid
from shared.calls.requests import Request, require_key
from shared.calls.running import Call, object_ids
from shared.database.errors import is_connection_lost, is_worth_retrying
from shared.database.idempotency import (
    ANSWERED,
    AlreadyAnswered,
    CommandKey,
    forget_undecided,
    hash_of,
    store_outcomes,
    take_keys,
)
from shared.database.unit_of_work import UnitOfWork
from shared.errors import DomainError, Forbidden, Invalid, NotFound, Refused
from shared.logs import log

MAX_ITEMS = 200
Ahead = Callable[[Sequence[Any], Any], None]
Outcome = dict[str, Any]


class _TryCarefully(Exception):
    """An item failed that had written something: it cannot be undone without a savepoint."""


@dataclass
class _Item:
    """One command of the batch. `outcome` is its answer once there is one."""

    key: CommandKey
    body: Mapping[str, Any]
    command: Any = None
    outcome: Outcome | None = None
    stored: bool = field(default=False)

    @property
    def is_open(self) -> bool:
        return self.outcome is None


class ItemUnit:
    """The batch's unit of work as one item's operation sees it: `with` opens nothing, `commit` keeps the answer."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.answers: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)

    def __enter__(self) -> "ItemUnit":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def commit(self, answer: Any = None) -> Any:
        """Gives back its argument; the batch commits."""
        self.answers.append(answer)
        return answer


@dataclass(frozen=True)
class Batch(Call):
    """A command's other entrance. `ahead(commands, uow)` takes the locks of all of them, and reads what they need."""

    keys: str
    ahead: Ahead | None = None

    def once(self, service: Any, request: Request) -> Reply:
        try:
            return self._reply(service, request, careful=False)
        except _TryCarefully:
            return self._reply(service, request, careful=True)

    def _reply(self, service: Any, request: Request, *, careful: bool) -> Reply:
        items = self._items(request)
        uow = service.units.for_call(request.asker, action=self.name)
        with uow:
            self._take_keys(items, uow)
            todo = [item for item in items if item.is_open]
            if todo and self.ahead is not None:
                self.ahead([item.command for item in todo], uow)
            for item in todo:
                item.outcome = self._outcome(service, item, uow, careful=careful)
            _send(uow)
            self._keep(todo, uow)
            uow.commit()
        return answered({"items": [item.outcome for item in items]})

    def _items(self, request: Request) -> list[_Item]:
        given = request.body.get("items")
        if not isinstance(given, list) or not 0 < len(given) <= MAX_ITEMS:
            raise Invalid(errors=[{"field": "items", "message": f"needs 1 to {MAX_ITEMS} items"}])
        items = [self._item(request, each) for each in given]
        if len({item.key.key for item in items}) < len(items):
            raise Invalid(errors=[{"field": "items", "message": "each item needs a key of its own"}])
        return items

    def _item(self, request: Request, given: Any) -> _Item:
        if not isinstance(given, dict) or not isinstance(body := given.get("body"), dict):
            raise Invalid(errors=[{"field": "items", "message": "each item needs key and body"}])
        key = given.get("key")
        name = require_key(key if isinstance(key, str) else None)
        item = _Item(CommandKey(request.asker.principal, self.keys, name, hash_of(body)), body)
        try:
            item.command = self.schema.load(body)
        except ValidationError as error:
            item.outcome = _no(invalid(error))
        return item

    def _take_keys(self, items: Sequence[_Item], uow: UnitOfWork) -> None:
        found = take_keys(uow.base, uow.asker, [item.key for item in items if item.is_open])
        for item in items:
            if (known := found.get(item.key.key)) is not None and item.is_open:
                item.outcome = self._known(known, item, uow)

    def _known(self, known: AlreadyAnswered | DomainError, item: _Item, uow: UnitOfWork) -> Outcome:
        """What an earlier command under this key was answered."""
        if isinstance(known, DomainError):
            return _no(known)
        if not known.is_still_visible:
            uow.audit_no(NotFound(), object_ids(item.body))
            return _no(NotFound())
        if known.status == ANSWERED:
            return {"status": ANSWERED, "answer": known.answer, "replayed": True}
        return {"status": known.status, **known.answer, "errors": [], "replayed": True}

    def _outcome(self, service: Any, item: _Item, uow: UnitOfWork, *, careful: bool) -> Outcome:
        mark = uow.mark()
        try:
            if careful:
                with uow.savepoint():
                    return self._done(service, item, uow)
            return self._done(service, item, uow)
        except (DomainError, psycopg2.Error) as error:
            if not careful and (uow.has_written_since(mark) or isinstance(error, psycopg2.Error)):
                raise _again(error) from None
            uow.forget_since(mark)
            return self._failed(error, item, uow)

    def _done(self, service: Any, item: _Item, uow: UnitOfWork) -> Outcome:
        unit = ItemUnit(uow)
        self.method(service, item.command, unit)
        if not unit.answers:
            raise RuntimeError(f"{self.name} returned without a commit")
        item.stored = True
        return {"status": ANSWERED, "answer": self.answer.dump(unit.answers[-1])}

    def _failed(self, error: DomainError | psycopg2.Error, item: _Item, uow: UnitOfWork) -> Outcome:
        if isinstance(error, psycopg2.Error):
            if is_worth_retrying(error) or is_connection_lost(error):
                raise error
            log.error("database-failed", code=error.pgcode, operation=self.name)
            return _no(DomainError())
        if isinstance(error, NotFound | Forbidden | Refused):
            uow.audit_no(error, object_ids(item.body))
        item.stored = isinstance(error, Refused)
        return _no(error)

    def _keep(self, items: Sequence[_Item], uow: UnitOfWork) -> None:
        """Under each key what was decided; a key under which nothing was decided is free again."""
        store_outcomes(uow.base, uow.network_id, [(item.key, *_stored(item)) for item in items if item.stored])
        forget_undecided(uow.base, uow.network_id, [item.key for item in items if not item.stored])


def _send(uow: UnitOfWork) -> None:
    """What items let wait fails here, so that it can be found out whose it is (carefully, nothing waits any more)."""
    try:
        uow.connection.send()
    except psycopg2.Error as error:
        raise _again(error) from None


def _no(error: DomainError) -> Outcome:
    return {"status": error.status, "slug": error.slug, "details": error.details, "errors": error.errors}


def _again(error: DomainError | psycopg2.Error) -> Exception:
    """What the whole batch is to do: a lost race is one for all items, everything else is found out item by item."""
    if isinstance(error, psycopg2.Error) and (is_worth_retrying(error) or is_connection_lost(error)):
        return error
    return _TryCarefully()


def _stored(item: _Item) -> tuple[int, Any]:
    outcome = item.outcome or {}
    if outcome["status"] == ANSWERED:
        return ANSWERED, outcome["answer"]
    return outcome["status"], {"slug": outcome["slug"], "details": outcome["details"]}
