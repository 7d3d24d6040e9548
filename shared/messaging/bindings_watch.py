"""Compares the broker's bindings with the registry every minute, and looks how deep the queues are.

A return tells only that *no* queue took a message: where one of two queues has lost its
binding, nothing is returned and that consumer misses events. So somebody has to look.
"""

import threading
from urllib.parse import quote, urlsplit, urlunsplit

from shared.config import addresses_in, optional, setting
from shared.logs import log
from shared.messaging import relay_metrics
from shared.messaging.broker_api import BrokerApi, BrokerRefused
from shared.messaging.topology import depths, missing_bindings

EVERY_S = 60.0


class BindingsWatch:
    """A thread that looks at once and then every minute; without an API address it says so and looks at nothing."""

    def __init__(self, api: BrokerApi | None, every_s: float = EVERY_S) -> None:
        self._api = api
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bindings-watch", daemon=True)

    @classmethod
    def from_environment(cls) -> "BindingsWatch":
        """Asks the API of FRONTDESK_RABBITMQ_API_URL as the relay's own user, never as the administrator."""
        address = optional("FRONTDESK_RABBITMQ_API_URL")
        if not address:
            return cls(None)
        every_s = float(optional("FRONTDESK_BINDINGS_EVERY_S", str(EVERY_S)))
        return cls(BrokerApi(api_url_as(address, setting("FRONTDESK_AMQP_URL"))), every_s)

    def start(self) -> None:
        if self._api is None:
            log.warning("bindings-not-compared", reason="FRONTDESK_RABBITMQ_API_URL is not set")
        else:
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._look()
            self._stopping.wait(self._every_s)

    def _look(self) -> None:
        if self._api is None:
            return
        try:
            missing = missing_bindings(self._api)
            deep = depths(self._api)
        except BrokerRefused as error:
            log.warning("bindings-not-compared", reason=str(error))
            return
        for queue, count in deep.items():
            relay_metrics.DEPTH.labels(queue).set(count)
        relay_metrics.MISSING.set(len(missing))
        for binding in missing:
            log.error("binding-missing", mend="frontdesk replay", **binding._asdict())


def api_url_as(api_url: str, amqp_url: str) -> str:
    """The API's address (each of several) with the user, password and virtual host of an AMQP address."""
    amqp = urlsplit(addresses_in(amqp_url)[0])
    vhost = amqp.path or "/" + quote("/", safe="")

    def as_user(address: str) -> str:
        api = urlsplit(address)
        place = f"{amqp.username}:{amqp.password}@{api.hostname}:{api.port}"
        return urlunsplit((api.scheme, place, vhost, "", ""))

    return " ".join(map(as_user, addresses_in(api_url)))
