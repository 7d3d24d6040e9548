"""A caller (cli/api.py) whose writes are recorded in a history: invoked, then ok, failed or unknown."""

from history import History

from cli.api import Api, ApiRefused, ApiUnreachable, Json
from shared.ids import new_id

SIGNED_OUT = 401


class RecordingApi(Api):
    """Asks with the session of another; `loses_answers` asks everything a second time with its key.

    `otherwise` says what was then answered in another way.
    """

    def __init__(
        self, history: History, session: Api, patience_s: float = 30.0, *, loses_answers: bool = False
    ) -> None:
        super().__init__(session.base_url, session.token, patience_s)
        self.otherwise: list[str] = []
        self._history = history
        self._loses_answers = loses_answers

    def _write(self, method: str, path: str, body: Json | None, key: str) -> Json:
        chosen, name = key or str(new_id()), "book" if path == "/v1/appointments" else path.rpartition("/")[2]
        operation = self._history.invoked("", name, path, body)
        try:
            answer = super()._write(method, path, body, chosen)
        except ApiUnreachable:
            self._history.unknown(operation, "unreachable")
            raise
        except ApiRefused as refused:
            if refused.status == SIGNED_OUT:  # which says nothing about what was asked for
                self._history.unknown(operation, str(SIGNED_OUT))
            else:
                self._history.settled(operation, refused.status, refused.slug, refused.problem)
            raise
        self._history.settled(operation, 200, "", answer)
        if self._loses_answers and self._again(method, path, body, chosen) != answer:
            self.otherwise.append(f"asked again, answered otherwise: {path}")
        return answer

    def _again(self, method: str, path: str, body: Json | None, key: str) -> Json:
        try:
            return super()._write(method, path, body, key)
        except ApiRefused as refused:
            return refused.problem
