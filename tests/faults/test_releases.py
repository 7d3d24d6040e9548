"""Which release a process is next, and what waits for a migration: with a system that only takes notes."""

from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import releases
from fault import Fault, Kind
from fix_system import RunningSystem
from map_of_system import PROCESSES
from next_release import NextRelease, NotMigrated
from releases import Releases

from cli.instance import ROOT

EXPAND, CONTRACT = (Fault(0, kind, ("scheduling",), amount=4.0) for kind in (Kind.EXPAND, Kind.CONTRACT))
FORTH, BACK, DRAIN = (Fault(0, kind, ("relay",)) for kind in (Kind.FORTH, Kind.BACK, Kind.DRAIN))


class Noted:
    """A system of which no process runs; `settings` are what each was told last."""

    def __init__(self, folder: Path) -> None:
        self.instance = SimpleNamespace(directory=folder)
        self.settings: dict[str, dict[str, str]] = defaultdict(dict)

    def settle_on(self, name: str, **settings: str) -> None:
        self.settings[name] |= settings

    def admin_url(self, service: str) -> str:
        return f"postgresql://{service}"

    def pid(self, _name: str) -> int | None:
        return None


@pytest.fixture
def system(tmp_path: Path) -> Noted:
    return Noted(tmp_path)


@pytest.fixture
def two(system: Noted) -> Releases:
    return Releases(cast("RunningSystem", system))


def test_processes_go_forth_only_over_an_expanded_schema(
    two: Releases, monkeypatch: pytest.MonkeyPatch, system: Noted
) -> None:
    """Seen red by: no question whether the schema is expanded."""
    assert [two.may(one) for one in (EXPAND, FORTH, BACK, DRAIN, CONTRACT)] == [True, False, True, True, False]
    monkeypatch.setattr(NextRelease, "expand", lambda *_given, **_settings: None)
    two.migrate(EXPAND)
    assert [two.may(one) for one in (FORTH, CONTRACT)] == [True, False]


def test_the_schema_is_contracted_only_when_every_process_that_runs_is_the_next_release(
    two: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: asking what was chosen, while a process that was told to end still runs."""
    monkeypatch.setattr(NextRelease, "expand", lambda *_given, **_settings: None)
    two.migrate(EXPAND)
    for name in PROCESSES:
        two.choose(name, Kind.FORTH)
    assert not two.may(CONTRACT)
    monkeypatch.setattr(two, "_is_next", lambda _name: True)
    assert two.may(CONTRACT)


def test_a_process_is_what_was_chosen_last_and_only_changes_count(two: Releases, system: Noted) -> None:
    two.choose("relay", Kind.BACK)
    two.choose("relay", Kind.DRAIN)
    assert system.settings == {}
    two.choose("relay", Kind.FORTH)
    two.choose("relay", Kind.FORTH)
    assert system.settings["relay"]["PYTHONPATH"] == str(system.instance.directory / "next-release")
    two.choose("relay", Kind.BACK)
    assert system.settings["relay"]["PYTHONPATH"] == str(ROOT)
    assert two.counts == {"forth": 1, "back": 1}


def test_a_migration_is_begun_again_until_it_is_done_and_held_open_the_first_time_alone(
    two: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: one try."""
    held: list[str | None] = []

    def expand(_release: NextRelease, url: str, **settings: Any) -> None:
        assert url == "postgresql://scheduling"
        held.append(settings.get("FAILPOINT_STALL_S"))
        if len(held) < 3:
            raise NotMigrated

    monkeypatch.setattr(releases, "_PAUSE_S", 0.0)
    monkeypatch.setattr(NextRelease, "expand", expand)
    two.migrate(EXPAND)
    assert held == ["4.0", None, None]
    assert two.counts == {"expand": 1, "tries": 3}


def test_a_migration_that_is_never_done_is_told(two: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    def expand(_release: NextRelease, _url: str, **_settings: str) -> None:
        raise NotMigrated("no such server")

    monkeypatch.setattr(releases, "PATIENCE_S", -1.0)
    monkeypatch.setattr(NextRelease, "expand", expand)
    with pytest.raises(NotMigrated, match="no such server"):
        two.migrate(EXPAND)
    assert not two.may(FORTH)
