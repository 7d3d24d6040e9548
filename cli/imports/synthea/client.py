"""The importer's session: an integration client of the network, at the same door as any other program."""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence

from cli.api import Api, ApiRefused, Json

_UNAUTHENTICATED, _WRONG_FIELDS = 401, 422
# What the gateway takes in one batch.
MOST_ITEMS, MOST_BYTES = 100, 600_000
_PATIENCE_S = 120.0
_LONGEST_ID = 120


class ImportClient(Api):
    """Signs in with client credentials and again whenever its short-lived token has run out. Threads may share it."""

    def __init__(self, base_url: str, client_id: str, secret: str) -> None:
        super().__init__(base_url, patience_s=_PATIENCE_S)
        self._client_id, self._secret = client_id, secret
        self._signing_in = threading.Lock()
        self._sign_in("")

    def batch(self, path: str, items: Sequence[Json]) -> list[Json]:
        """Each item's answer: its `body`, or the `problem` that refuses it. Items bear their `key`."""
        return [answer for part in _parts(items) for answer in self._batch(path, part)]

    def _batch(self, path: str, items: Sequence[Json]) -> list[Json]:
        """A request that is wrong is wrong as a whole: the items at fault are refused here, the others sent again."""
        try:
            answers: list[Json] = self.post(path, {"items": list(items)})["items"]
        except ApiRefused as refused:
            if refused.status != _WRONG_FIELDS or not (wrong := set(_places(refused.problem))):
                raise
            rest = [item for place, item in enumerate(items) if place not in wrong]
            told = iter(self._batch(path, rest) if rest else [])
            answers = [
                {"key": item["key"], "status": refused.status, "problem": _of(place, refused.problem)}
                if place in wrong
                else next(told)
                for place, item in enumerate(items)
            ]
        return answers

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Json:
        token = self.token
        try:
            return super()._answer(method, path, body, headers)
        except ApiRefused as refused:
            if refused.status != _UNAUTHENTICATED:
                raise
        self._sign_in(token)
        return super()._answer(method, path, body, headers)

    def _sign_in(self, expired: str) -> None:
        """Once, however many threads have met the expired token; it does not go along with the credentials."""
        with self._signing_in:
            if self.token == expired:
                fresh = Api(self.base_url)
                fresh.sign_in_as_client(self._client_id, self._secret)
                self.token = fresh.token


def key_of(verb: str, source_id: str) -> str:
    """The idempotency key of what `verb` makes of a record: the same in every run, so that a second makes nothing."""
    plain = len(source_id) <= _LONGEST_ID and all("!" <= letter <= "~" for letter in source_id)
    return f"synthea/{verb}/{source_id if plain else hashlib.sha256(source_id.encode()).hexdigest()}"


def _parts(items: Sequence[Json]) -> Iterator[list[Json]]:
    """Consecutive items, as many as one request takes."""
    part: list[Json] = []
    size = 0
    for item in items:
        length = len(json.dumps(item))
        if part and (len(part) >= MOST_ITEMS or size + length > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(item)
        size += length
    if part:
        yield part


def _of(place: int, problem: Json) -> Json:
    """The problem as the item alone would have got it."""
    prefix = f"items.{place}."
    errors = [each for each in problem.get("errors", []) if str(each.get("field", "")).startswith(prefix)]
    fields = [{**each, "field": each["field"].removeprefix(prefix)} for each in errors]
    return {"type": problem.get("type"), "status": problem.get("status"), "errors": fields}


def _places(problem: Json) -> Iterator[int]:
    """Which items the errors of a 422 name: `items.17.given`."""
    for error in problem.get("errors", []):
        parts = str(error.get("field", "")).split(".")
        if len(parts) > 1 and parts[0] == "items" and parts[1].isdigit():
            yield int(parts[1])
