"""The importer's session: an integration client of the network, at the same door as any other program."""

from cli.api import Api, ApiRefused, Json

_UNAUTHENTICATED = 401


class ImportClient(Api):
    """Signs in with client credentials and again whenever its short-lived token has run out."""

    def __init__(self, base_url: str, client_id: str, secret: str) -> None:
        super().__init__(base_url)
        self._client_id, self._secret = client_id, secret
        self.sign_in_as_client(client_id, secret)

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Json:
        try:
            return super()._answer(method, path, body, headers)
        except ApiRefused as refused:
            if refused.status != _UNAUTHENTICATED or not self.token:
                raise
        self.token = ""  # an expired token must not go along with the credentials
        self.sign_in_as_client(self._client_id, self._secret)
        return super()._answer(method, path, body, headers)


def key_of(verb: str, source_id: str) -> str:
    """The idempotency key of what `verb` makes of a record: the same in every run, so that a second makes nothing."""
    return f"synthea/{verb}/{source_id}"
