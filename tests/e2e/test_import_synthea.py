"""Real Synthea bundles through the gateway of a whole system.

The account is compared with numbers counted here from the raw bundles, not by the importer's own reader, and with what
the API shows. The densest year of the 30 patients: enough to meet overlapping visits, changing prices and midnight.
"""

import json
import secrets
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.imports.synthea.client import ImportClient
from cli.instance import ROOT

ARCHIVE = ROOT.parent / "shared" / "data" / "synthea" / "sof-r4-raw30.tar.xz"
IMPORT = ("import", "synthea", str(ARCHIVE), "--weeks", "52", "--shift")
Json = dict[str, Any]

pytestmark = [
    pytest.mark.skipif(not ARCHIVE.exists(), reason="the Synthea bundles are not beside this checkout"),
    pytest.mark.timeout(600),
]


@dataclass(frozen=True)
class Source:
    """The raw bundles. Amounts are cents."""

    resources: list[Json]

    def kinds(self) -> Counter[str]:
        return Counter(each["resourceType"] for each in self.resources)

    def claimed_cents(self, encounters: set[str]) -> int:
        """What the medical claims of these encounters come to."""
        claims = {each["id"]: each for each in self.resources if each["resourceType"] == "Claim"}.values()
        medical = [each for each in claims if each["type"]["coding"][0]["code"] == "institutional"]
        return sum(int(each["total"]["value"] * 100) for each in medical if _encounter_of(each) in encounters)

    def encounters(self) -> set[str]:
        return {each["id"] for each in self.resources if each["resourceType"] == "Encounter"}


def _encounter_of(claim: Json) -> str:
    return str(claim["item"][0]["encounter"][0]["reference"].removeprefix("urn:uuid:"))


@pytest.fixture(scope="module")
def source() -> Source:
    with tarfile.open(ARCHIVE) as tar:
        files = [tar.extractfile(member) for member in tar.getmembers() if member.isfile()]
        bundles = [json.loads(file.read(), parse_float=Decimal) for file in files if file]
    return Source([entry["resource"] for bundle in bundles for entry in bundle["entry"]])


@pytest.fixture(scope="module")
def frontdesk(system) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command of the system."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli", *arguments]
        environment = {**system.environment, **settings}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="module")
def credentials(frontdesk) -> dict[str, str]:
    return new_client(frontdesk)


def new_client(frontdesk) -> dict[str, str]:
    """An integration client of a new network."""
    network = f"Imported {secrets.token_hex(4)}"
    assert frontdesk("network", "add", network).returncode == 0
    client = ("--role", "integration", "--all-sites", "--client")
    added = frontdesk("user", "add", f"importer-{secrets.token_hex(4)}", "--network", network, *client)
    said = dict(line.split("  ", 1) for line in added.stdout.splitlines() if "  " in line)
    return {
        "FRONTDESK_CLIENT_ID": said["client id"].strip(),
        "FRONTDESK_CLIENT_SECRET": said["client secret"].strip(),
    }


@pytest.fixture(scope="module")
def import_again(frontdesk, credentials, tmp_path_factory) -> Callable[[], Json]:
    """Runs the import and gives its account."""
    file: Path = tmp_path_factory.mktemp("import") / "account.json"

    def run() -> Json:
        done = frontdesk(*IMPORT, "--report", str(file), **credentials)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        account: Json = json.loads(file.read_text())
        return account

    return run


def but_texts(account: Json) -> Json:
    """A text that is skipped may come late, or not at all where the visit was over before notifications saw it."""
    return {**account, "texts": None}


@pytest.fixture(scope="module")
def account(import_again) -> Json:
    return import_again()


@pytest.fixture(scope="module")
def api(system, credentials) -> ImportClient:
    return ImportClient(system.gateway_url, *credentials.values())


@pytest.fixture(scope="module")
def imported(source, account) -> set[str]:
    """The source's encounters that were not left out."""
    return source.encounters() - {each["source_id"] for each in account["left_out"] if each["kind"] == "Encounter"}


def held_by(account: Json, what: str) -> int:
    (row,) = [each for each in account["services"] if each["what"] == what]
    assert row["expected"] == row["found"]
    found: int = row["found"]
    return found


def test_the_account_names_every_record_of_the_source(account, source):
    assert {row["kind"]: row["held"] for row in account["source"]} == source.kinds()
    assert all(row["held"] == row["imported"] + row["left_out"] for row in account["source"])
    assert len(account["left_out"]) == sum(row["left_out"] for row in account["source"])
    assert all(each["reason"] for each in account["left_out"])


def test_enough_of_the_windows_ambulatory_encounters_end_billed(account, imported):
    assert (account["adds_up"], account["is_enough"]) == (True, True)
    assert account["billed"] == len(imported) == held_by(account, "encounters finished")
    assert account["billed"] >= 0.98 * account["ambulatory"] > 0


def test_billing_asks_for_exactly_what_the_source_claims(account, source, imported):
    """To the cent in all, and line by line in each bill."""
    assert held_by(account, "cents asked for") == source.claimed_cents(imported)
    assert held_by(account, "bills with the source's lines and payer") == len(imported)
    assert held_by(account, "of them with the source's codes") == len(imported)


def test_every_claim_is_held_since_no_code_is_mapped(account, api):
    assert account["claims"] == {"held: code-not-billable": held_by(account, "encounters with a claim")}
    sites = [site["site_id"] for site in api.all("/v1/sites")]
    claims = [claim for site in sites for claim in api.all("/v1/claims", site_id=site)]
    assert len(claims) == held_by(account, "encounters with a claim")
    assert {claim["held_reason"] for claim in claims} == {"code-not-billable"}
    systems = {line["system"] for claim in claims for line in claim["lines"]}
    assert systems == {"http://snomed.info/sct", "http://hl7.org/fhir/sid/cvx"}


def test_nobody_is_texted_without_consent(account):
    assert all(state.startswith("skipped") for state in account["texts"])


def test_a_second_run_doubles_nothing(account, import_again, api):
    """Seen red by: finding the same appointment for two visits of one patient at one time."""
    assert but_texts(import_again()) == but_texts(account)
    sites = [site["site_id"] for site in api.all("/v1/sites")]
    assert len(sites) == held_by(account, "sites")
    assert len(api.all("/v1/practitioners")) == held_by(account, "practitioners")
    assert sum(len(api.all("/v1/claims", site_id=site)) for site in sites) == held_by(
        account, "encounters with a claim"
    )


@pytest.mark.parametrize("seen", ["/v1/appointments", "/v1/encounters"])
def test_an_import_that_was_killed_is_finished_by_the_next_run(system, frontdesk, account, tmp_path, seen: str):
    """Killed as soon as a site shows one of these. Seen red by: keys that are new in every run, and appointments of an
    earlier run not looked for."""
    credentials = new_client(frontdesk)
    api = ImportClient(system.gateway_url, *credentials.values())
    command = [sys.executable, "-m", "cli", *IMPORT]
    broken = subprocess.Popen(command, cwd=ROOT, env={**system.environment, **credentials}, stdout=subprocess.DEVNULL)

    def shows() -> bool:
        return any(_listed(api, seen, site["site_id"]) for site in api.all("/v1/sites"))

    try:
        system.wait_until(lambda: shows() or broken.poll() is not None, within=120)
    finally:
        broken.kill()
        broken.wait()
    done = frontdesk(*IMPORT, "--report", str(tmp_path / "account.json"), **credentials)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert but_texts(json.loads((tmp_path / "account.json").read_text())) == but_texts(account)
    claims = [claim for site in api.all("/v1/sites") for claim in api.all("/v1/claims", site_id=site["site_id"])]
    assert len(claims) == held_by(account, "encounters with a claim")


def _listed(api: ImportClient, path: str, site_id: str) -> list[Json]:
    items: list[Json] = api.get(path, site_id=site_id)["items"]
    return items
