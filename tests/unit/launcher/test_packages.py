"""What installing packages leaves behind: nothing that was not there before."""

import pytest

from cli.servers import packages


@pytest.fixture
def clusters(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(packages, "CLUSTERS", tmp_path / "createcluster.conf")
    return tmp_path / "createcluster.conf"


def test_services_are_denied_only_while_packages_are_installed(clusters):
    with packages._no_service_starts():
        assert packages.POLICY.read_text() == packages.DENY
        assert packages.POLICY.stat().st_mode & 0o111
    assert not packages.POLICY.exists()


def test_somebodys_own_policy_stays(clusters):
    packages.POLICY.write_text("his")
    with packages._no_service_starts():
        assert packages.POLICY.read_text() == "his"
    assert packages.POLICY.read_text() == "his"


def test_the_packages_own_cluster_settings_come_back(clusters):
    with packages._no_cluster():
        assert packages.NO_CLUSTER in clusters.read_text()
        clusters.with_name(f"{clusters.name}.dpkg-dist").write_text("from the package")
    assert clusters.read_text() == "from the package"


def test_settings_that_were_there_come_back(clusters):
    clusters.write_text("start_conf = 'auto'\n")
    with packages._no_cluster():
        assert clusters.read_text().endswith(packages.NO_CLUSTER)
    assert clusters.read_text() == "start_conf = 'auto'\n"
