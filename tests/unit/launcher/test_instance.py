"""Instances: names, notes, ports that stay, and settings that never overrule the caller's."""

import os
from pathlib import Path

import pytest
import typer

from cli.instance import Instance
from cli.servers.ports import free_ports, remembered_ports


def test_an_instance_cannot_be_named_like_a_folder_of_another():
    for name in ("secrets", "logs", "servers", "../up", "A"):
        with pytest.raises(typer.BadParameter):
            Instance.named(name)


def test_ports_are_the_same_at_every_start_and_never_shared(tmp_path):
    first = remembered_ports(Instance(tmp_path), ["gateway", "relay"])
    second = remembered_ports(Instance(tmp_path), ["gateway", "relay", "records"])
    assert first.items() <= second.items()
    assert len(set(second.values())) == 3


def test_free_ports_differ():
    assert len(set(free_ports(20))) == 20


def test_no_outgoing_connection_is_given_a_port_of_ours_while_its_process_is_away():
    """seen red by: whatever the system gives for port 0."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports = free_ports(50)
    assert max(ports) < first
    assert not set(free_ports(50, ports)) & set(ports)


def test_what_the_caller_has_set_stays(tmp_path, monkeypatch):
    Instance(tmp_path).write("environment", {"FRONTDESK_A_URL_FILE": "ours", "FRONTDESK_B_URL": "ours"})
    monkeypatch.setenv("FRONTDESK_A_URL", "his")
    monkeypatch.setenv("FRONTDESK_B_URL", "")
    monkeypatch.delenv("FRONTDESK_B_URL")
    Instance(tmp_path).put_settings_into_environment()
    assert "FRONTDESK_A_URL_FILE" not in os.environ
    assert os.environ["FRONTDESK_B_URL"] == "ours"
