"""The four services as the gateway asks them: answers, or problems."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from gateway.errors import Problem, problem_of
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.calls.outcomes import CallRefused, CallUnavailable, CallUnknown
from shared.config import service_url, setting

SERVICES = ("scheduling", "records", "billing", "notifications")
DEADLINE_S = 3.0
# Many of one command; or one that concerns all that stands or works at a site.
LONG_DEADLINE_S = 20.0

T = TypeVar("T")
Json = dict[str, Any]


class Client(Protocol):
    """What the gateway needs of a service's client."""

    def command(self, name: str, body: Mapping[str, Any], asker: Asker, key: str, deadline_s: float) -> Json: ...

    def batch(self, name: str, items: Sequence[Mapping[str, Any]], asker: Asker, deadline_s: float) -> Json: ...

    def query(self, name: str, body: Mapping[str, Any], asker: Asker, deadline_s: float) -> Json: ...


class Services:
    """Asks questions of services and tells them commands. Raises Problem for everything but an answer."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self._clients = clients

    def ask(self, service: str, question: str, body: Mapping[str, Any], asker: Asker) -> Json:
        """A question's answer."""
        return _or_problem(lambda: self._clients[service].query(question, body, asker, deadline_s=DEADLINE_S))

    def tell(
        self,
        service: str,
        command: str,
        body: Mapping[str, Any],
        asker: Asker,
        key: str,
        deadline_s: float = DEADLINE_S,
    ) -> Json:
        """A command's answer; the same key and body give the same answer."""
        return _or_problem(lambda: self._clients[service].command(command, body, asker, key, deadline_s=deadline_s))

    def tell_all(self, service: str, command: str, items: Sequence[Mapping[str, Any]], asker: Asker) -> list[Json]:
        """The outcome of each of many commands, in their order; an item is `key` and `body`."""
        client = self._clients[service]
        answer = _or_problem(lambda: client.batch(command, items, asker, deadline_s=LONG_DEADLINE_S))
        outcomes: list[Json] = answer["items"]
        return outcomes


def services_of_environment() -> Services:
    """The clients that the settings describe."""
    signer = Signer(setting("FRONTDESK_CLAIMS_PRIVATE_KEY"), "gateway")
    return Services({name: ServiceClient(name, service_url(name), signer) for name in SERVICES})


def _or_problem(call: Callable[[], T]) -> T:
    try:
        return call()
    except CallRefused as refused:
        raise problem_of(refused.slug, refused.status, refused.details, refused.errors) from None
    except CallUnavailable as away:
        raise Problem("unavailable", {"retry_after": away.retry_after}) from None
    except CallUnknown:
        raise Problem("outcome-unknown") from None
