"""The secrets of calendar links: each follows from the request that makes it, so that none is stored anywhere."""

import base64
import hashlib
import hmac

from shared.asker import Asker


class LinkSecrets:
    """Names a link's secret by a key that is derived from the gateway's own.

    A request that is repeated under its idempotency key gets the secret of the first answer again, in every gateway
    process, though nobody has kept it. Without the key no secret follows from anything.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"frontdesk-calendar-links|" + secret.encode()).digest()

    def of(self, asker: Asker, route: str, about: str, key: str) -> str:
        """The secret, 256 bits, of what `asker` asks of that route `about` something under that idempotency key."""
        named = "|".join((str(asker.network_id), asker.principal, route, about, key))
        secret = hmac.new(self._key, named.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def hash_of(secret: str) -> str:
    """What is kept of it, in hex. It has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
