"""Many of one operation in one request, each with its own key and its own answer.

To a caller an item is the request that it would be alone: the same fields (and the ids of its address), the key that
would be its `Idempotency-Key`, `version` for `If-Match`; its answer has that request's status and body, or problem.
One that is refused costs no other; one whose fields are wrong is a wrong request (422, `items.<place>.<field>`). Where
the whole request brings no answer (502, 503, 504), it is repeated as it is.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import marshmallow as ma
from marshmallow import fields, validate

from gateway.endpoint import Call, Json
from gateway.errors import Problem, body_of, problem_of
from gateway.schemas.base import BatchItem, Body, View
from gateway.serving import require_known
from shared.errors import NotFound

MAX_ITEMS = 100
MAX_BODY = 768 * 1024
_OK = 200


def batch_of(item: type[BatchItem]) -> ma.Schema:
    """The body of a batch of these items."""
    held = fields.List(fields.Nested(item), required=True, validate=validate.Length(1, MAX_ITEMS))
    return Body.from_dict({"items": held}, name=f"BatchOf{item.__name__}")()


@cache
def answers_of(answer: type[View]) -> ma.Schema:
    """The answer of a batch whose items are answered so."""
    each = View.from_dict(
        {
            "key": fields.String(metadata={"example": "visit-4711"}),
            "status": fields.Integer(
                metadata={"description": "the status that the request alone would have", "example": 200}
            ),
            "body": fields.Nested(answer),
            "problem": fields.Dict(
                metadata={"description": "problem+json, where the status is not 2xx", "example": {}}
            ),
        },
        name=f"OneOf{answer.__name__}Answers",
    )
    return View.from_dict({"items": fields.List(fields.Nested(each))}, name=f"BatchOf{answer.__name__}Answers")()


@dataclass
class _Item:
    key: str
    body: Json
    answer: Json | None = None


class Batch:
    """One request's items on their way to one command of a service."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._items = [_Item(each.pop("key"), each) for each in map(dict, call.body["items"])]
        self._require_own_keys()
        self._refuse_strange_sites()

    def ids(self, name: str) -> list[str]:
        """What the items that are still open name under this field, each once."""
        return list(dict.fromkeys(each.body[name] for each in self._open() if name in each.body))

    def refuse_unless(self, name: str, known: Collection[str]) -> None:
        """Answers 404 to items whose id of this name is not among those that are known."""
        for each in self._open():
            if each.body[name] not in known:
                self._say_no(each, Problem("not-found"))

    def told(self, service: str, command: str, *, status: int = _OK, part: str = "") -> Json:
        """The batch's answer, when the service has carried out what is still open."""
        self.tell(service, command, status=status, part=part)
        return self.answer

    def tell(self, service: str, command: str, *, status: int = _OK, part: str = "") -> None:
        """Has the service carry out what is still open, each under its key (`<key>/<part>` where there are two)."""
        todo = self._open()
        suffix = f"/{part}" if part else ""
        wanted = [{"key": each.key + suffix, "body": each.body} for each in todo]
        outcomes = self._call.door.services.tell_all(service, command, wanted, self._call.asker) if todo else []
        for each, outcome in zip(todo, outcomes, strict=True):
            if outcome["status"] == _OK:
                each.answer = {"key": each.key, "status": status, "body": outcome["answer"]}
            else:
                names = ("slug", "status", "details", "errors")
                self._say_no(each, problem_of(*(outcome[name] for name in names)))

    @property
    def answer(self) -> Json:
        """Every item's answer, in their order."""
        return {"items": [each.answer for each in self._items]}

    def map_problems(self, slug: str, changed: Callable[[Json], Problem | None]) -> None:
        """Gives items that were answered with this problem another one; `changed` gets the item's body."""
        for each in self._items:
            if each.answer and each.answer.get("problem", {}).get("slug") == slug and (other := changed(each.body)):
                self._say_no(each, other)

    def _open(self) -> list[_Item]:
        return [each for each in self._items if each.answer is None]

    def _require_own_keys(self) -> None:
        keys = [each.key for each in self._open()]
        if len(set(keys)) < len(keys):
            raise Problem("invalid", errors=[{"field": "items", "message": "Give each item a key of its own."}])

    def _refuse_strange_sites(self) -> None:
        """A site that is not the caller's looks as if there were none, as for a request alone; each try is audited."""
        for site_id in self.ids("site_id"):
            try:
                self._require_site(site_id)
            except (NotFound, Problem) as no:
                if no.status != NotFound.status:
                    raise
                for each in self._open():
                    if each.body.get("site_id") == site_id:
                        self._say_no(each, Problem("not-found"))

    def _require_site(self, site_id: str) -> None:
        call = self._call
        if call.asker.sites is None:
            require_known(call, site_id)
        elif not call.asker.may_see(UUID(site_id)):
            with call.door.units.for_call(call.asker, action=call.route.name) as uow:
                uow.object_ids = {"site_id": site_id}
                raise NotFound

    def _say_no(self, item: _Item, problem: Problem) -> None:
        told = body_of(problem, self._call.correlation_id)
        item.answer = {"key": item.key, "status": problem.status, "problem": told}
