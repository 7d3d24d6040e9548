"""schemathesis, with all of its checks, against a running system: what the document says is what strangers get.

FRONTDESK_FUZZ_EXAMPLES=1000 runs more examples an operation than the thirty of every run; FRONTDESK_FUZZ_SEED chooses
others. The summary is printed (`-s`).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fix_desk import Desk

from cli.instance import ROOT

EXAMPLES = os.environ.get("FRONTDESK_FUZZ_EXAMPLES", "30")
SEED = os.environ.get("FRONTDESK_FUZZ_SEED")


@pytest.mark.timeout(1500)
def test_no_answer_to_any_request_breaks_the_document(desk: Desk, tmp_path: Path) -> None:
    """Four phases: the document's examples, its boundaries, random requests good and bad, and chains of requests.

    Seen red by: eventlet's own 414, without a body and without a word in the document; a missing body taken for {}.
    """
    said = tmp_path / "said"
    with said.open("w") as output:
        asking = subprocess.Popen(_command(desk), cwd=ROOT, env=_settings(desk), stdout=output, stderr=output)
        try:
            desk.system.wait_until(lambda: asking.poll() is not None, within=1200)
        finally:
            asking.kill()
            print(said.read_text("utf-8")[-4000:])
    _, _, summary = said.read_text("utf-8").partition("= SUMMARY =")
    assert asking.wait() == 0, said.read_text("utf-8")[:30000]
    assert "Tested:" in summary


def _command(desk: Desk) -> list[str]:
    url = desk.system.gateway_url
    config = str(ROOT / "tests" / "schemathesis.toml")
    # One worker: two threads of Python 3.11 may not read source at once, as hypothesis does (CPython's gh-106905).
    chosen = ["--generation-database", "none", "--seed", SEED] if SEED else ["--generation-deterministic"]
    return [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", f"{url}/openapi.json"),
        *("--url", url, "--checks", "all", "--max-examples", EXAMPLES, "--workers", "1", "--no-color"),
        *chosen,
    ]


def _settings(desk: Desk) -> dict[str, str]:
    account = desk.elm.accounts["integration"]
    return {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.schemathesis_hooks",
        "PYTHONPATH": str(ROOT),
        "FRONTDESK_FUZZ_CLIENT": f"{account.login}:{account.password}",
        "FRONTDESK_FUZZ_WEBHOOK_SECRET": desk.system.secret("text_webhook_secret"),
    }
