"""Secrets are made once, are nobody else's, and are never the ones that everybody knows."""

import json

import pytest

from cli.logins import write_urls
from cli.places import Places
from cli.secrets import DefaultSecret, make_keys, read_secret, refuse_defaults
from shared.events.encryption import Keyring


def test_only_the_owner_reads_them(tmp_path):
    """seen red by: a folder and files with the modes of the umask."""
    folder = tmp_path / "secrets"
    make_keys(folder)
    write_urls(folder, Places.at("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_made_again_they_stay(tmp_path):
    make_keys(tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    make_keys(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == before


def test_the_public_key_says_nothing_of_the_private_one(tmp_path):
    make_keys(tmp_path)
    public, private = (json.loads(read_secret(tmp_path, f"claims_{half}_key")) for half in ("public", "private"))
    assert "d" not in public
    assert public["x"] == private["x"]
    Keyring.parse(read_secret(tmp_path, "event_keys"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRONTDESK_AMQP_URL", "amqp://guest:guest@127.0.0.1/"),
        ("FRONTDESK_SCHEDULING_DATABASE_URL", "postgresql://scheduling_app:scheduling_app@127.0.0.1/scheduling"),
        ("FRONTDESK_TEXT_WEBHOOK_SECRET", "changeme"),
        ("FRONTDESK_TOKEN_KEY", ""),
    ],
)
def test_a_default_is_refused(name, value):
    with pytest.raises(DefaultSecret):
        refuse_defaults({name: value})


def test_addresses_without_a_password_are_no_defaults():
    refuse_defaults({"FRONTDESK_GATEWAY_URL": "http://127.0.0.1:8080", "FRONTDESK_LOG_LEVEL": "secret"})
