"""Refresh tokens: which one follows which."""

import base64
import hashlib
import hmac


class Successors:
    """Names the next refresh token by a key that is derived from the gateway's own.

    The same token has the same successor, in every gateway process: a renewal whose answer was lost is asked again and
    gets the answer that was lost, so that whoever holds either answer can go on. Without the key nothing follows.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"frontdesk-refresh-tokens|" + secret.encode()).digest()

    def of(self, refresh_token: str) -> str:
        """The refresh token that comes after this one, as long and as random as every other."""
        named = hmac.new(self._key, refresh_token.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(named).decode().rstrip("=")
