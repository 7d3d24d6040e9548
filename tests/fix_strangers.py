"""schemathesis, with all of its checks, against a running system: what the document says is what strangers get.

Its phases are two files of tests, so that two workers share them.

FRONTDESK_FUZZ_EXAMPLES=1000 runs more examples an operation than the thirty of every run; FRONTDESK_FUZZ_SEED chooses
others. The summary is printed (`-s`).
"""

import os
import subprocess
import sys
from pathlib import Path

from fix_desk import Desk

from cli.instance import ROOT

EXAMPLES = os.environ.get("FRONTDESK_FUZZ_EXAMPLES", "30")
SEED = os.environ.get("FRONTDESK_FUZZ_SEED")


def ask_as_strangers(desk: Desk, folder: Path, phases: str) -> None:
    """Runs these phases of schemathesis; fails with what it said where an answer breaks the document."""
    said = folder / "said"
    with said.open("w") as output:
        asking = subprocess.Popen(_command(desk, phases), cwd=ROOT, env=_settings(desk), stdout=output, stderr=output)
        try:
            desk.system.wait_until(lambda: asking.poll() is not None, within=1200)
        finally:
            asking.kill()
            print(said.read_text("utf-8")[-4000:])
    _, _, summary = said.read_text("utf-8").partition("= SUMMARY =")
    assert asking.wait() == 0, said.read_text("utf-8")[:30000]
    assert "Tested:" in summary


def _command(desk: Desk, phases: str) -> list[str]:
    url = desk.system.gateway_url
    config = str(ROOT / "tests" / "schemathesis.toml")
    # One worker: two threads of Python 3.11 may not read source at once, as hypothesis does (CPython's gh-106905).
    chosen = ["--generation-database", "none", "--seed", SEED] if SEED else ["--generation-deterministic"]
    return [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", f"{url}/openapi.json"),
        *("--url", url, "--phases", phases, "--checks", "all", "--max-examples", EXAMPLES),
        *("--workers", "1", "--no-color"),
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
