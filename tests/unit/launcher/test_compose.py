"""docker-compose.yml is the one list of processes, in the subset that the launcher reads."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from cli.compose import FILE, SECRETS, NotInSubset, read_processes, substitute
from cli.logins import write_urls
from cli.places import Places
from cli.secrets import make_keys

SERVICES = ("scheduling", "records", "billing", "notifications")


def test_every_process_of_the_design_is_there():
    expected = {"migrate", "relay", "gateway", *SERVICES, *(f"{name}-work" for name in SERVICES)}
    assert set(read_processes()) == expected


def test_every_value_is_in_the_subset():
    for process in read_processes().values():
        process.settings({}, Path("/nowhere"))


def test_every_secret_is_declared_mounted_and_made(tmp_path):
    """seen red by: leaving a secret out of write_urls, of a service's list, and of the list at the end."""
    make_keys(tmp_path)
    write_urls(tmp_path, Places.at("postgres:5432", "rabbitmq:5672", "rabbitmq:15672"))
    whole = yaml.safe_load(FILE.read_text("utf-8"))
    assert [name for name in whole["secrets"] if not (tmp_path / name).exists()] == []
    for name, service in whole["services"].items():
        mounted = {entry if isinstance(entry, str) else entry["source"] for entry in service["secrets"]}
        used = {value.removeprefix(SECRETS) for value in service.get("environment", {}).values() if SECRETS in value}
        assert used <= mounted <= set(whole["secrets"]), name


def test_a_secret_is_taken_from_where_this_machine_has_it(tmp_path):
    settings = read_processes()["gateway"].settings({"GATEWAY_ADDRESS": "127.0.0.1:1"}, tmp_path)
    assert settings["FRONTDESK_TOKEN_KEY_FILE"] == str(tmp_path / "token_key")
    assert settings["FRONTDESK_ADDRESS"] == "127.0.0.1:1"


def test_only_a_variable_with_a_default_is_understood():
    assert substitute("http://${HOST:-records}:${PORT:-8000}", {"PORT": "9"}) == "http://records:9"
    for beyond in ("$HOST", "${HOST}", "${HOST:?why}", "$$"):
        with pytest.raises(NotInSubset):
            substitute(beyond, {"HOST": "here"})


def test_composes_own_tool_reads_the_file():
    """Seen red by: an unknown key in a service."""
    tool = _compose()
    if tool is None:
        pytest.skip("neither docker compose nor docker-compose is installed here")
    subprocess.run([*tool, "-f", str(FILE), "config", "--quiet"], check=True)


def _compose() -> list[str] | None:
    """The plugin, or the older program (`frontdesk test` installs Debian's)."""
    docker = shutil.which("docker")
    if docker and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        return [docker, "compose"]
    older = shutil.which("docker-compose")
    return [older] if older else None
