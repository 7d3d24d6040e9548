"""One caller's day with canaries: values that nobody else has, and every answer that was not a success."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import urllib3
from fix_desk import Desk

Json = dict[str, Any]


@dataclass
class Run:
    """One caller's day with canaries. `problems`: every answer that was not a success, with its headers."""

    desk: Desk
    canaries: dict[str, str] = field(default_factory=dict)
    problems: list[bytes] = field(default_factory=list)

    def canary(self, what: str, value: str = "") -> str:
        """A value that nobody else has, or `value`, remembered under `what`."""
        return self.canaries.setdefault(what, value or f"{what} Zoë O'K{secrets.token_hex(6)}")

    def ask(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> tuple[int, Json]:
        """One request; the answer is kept where it is no success."""
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        url = self.desk.system.gateway_url + path
        got = urllib3.request(method, url, body=raw, headers=sent, timeout=60, retries=False)
        if got.status >= 400:
            self.problems.append(json.dumps(dict(got.headers)).encode() + got.data)
        return got.status, json.loads(got.data or b"{}") if got.data[:1] in b"{[" else {}

    def do(self, method: str, path: str, body: Any = None, **more: str) -> Json:
        """A request that succeeds."""
        status, answer = self.ask(method, path, body, **more)
        assert status < 300, (method, path, status, answer)
        return answer

    @property
    def token(self) -> str:
        return self.desk.session("manager").token


def person(run: Run, which: str = "") -> Json:
    """A caller whose every value is a canary."""
    area, digits = "628", f"{2_000_000 + secrets.randbelow(7_000_000)}"
    number = run.canary(f"phone{which}", area + digits)
    run.canary(f"phone with brackets{which}", f"({area}) {digits[:3]}-{digits[3:]}")
    run.canary(f"phone with dashes{which}", f"{area}-{digits[:3]}-{digits[3:]}")
    year, day = 1900 + secrets.randbelow(20), 10 + secrets.randbelow(18)
    run.canary(f"birth date{which}", f"{year}-03-{day}")
    run.canary(f"birth date in words{which}", f"03/{day}/{year}")
    return {
        "given": run.canary(f"given{which}"),
        "family": run.canary(f"family{which}"),
        "birth_on": run.canaries[f"birth date{which}"],
        "phone": f"+1{number}",
        "texting_consent": True,
        "coverage": {"payer_name": run.canary(f"payer{which}"), "member_id": run.canary(f"member{which}")},
    }
