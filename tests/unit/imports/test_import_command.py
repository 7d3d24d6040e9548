import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.imports import commands
from tests.unit.imports.fake_frontdesk import FakeFrontdesk
from tests.unit.imports.synthea_records import CLINIC, claim, encounter, written

WINDOW = "--window=2020-01-01..2020-12-31"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeFrontdesk:
    fake = FakeFrontdesk()
    monkeypatch.setattr(commands, "_client", lambda: fake)
    return fake


def test_it_exits_0_and_writes_the_account_when_everything_adds_up(tmp_path: Path, api: FakeFrontdesk):
    source = written(tmp_path, *CLINIC, encounter(), claim("c", 125.0))
    report = tmp_path / "report.txt"
    result = CliRunner().invoke(commands.app, ["synthea", str(source), WINDOW, f"--report={report}"])
    assert (result.exit_code, json.loads(report.read_text())["billed"]) == (0, 1)
    assert "1 of 1 ambulatory encounters" in result.output


def test_it_exits_1_when_too_few_encounters_come_through(tmp_path: Path, api: FakeFrontdesk):
    source = written(tmp_path, *CLINIC, encounter(), claim("c", 125.0), encounter("other", participant=[]))
    assert CliRunner().invoke(commands.app, ["synthea", str(source), WINDOW]).exit_code == 1


@pytest.mark.parametrize("window", ["2020", "2020-01-01..", "2020-12-31..2020-01-01", "a..b"])
def test_it_refuses_a_window_that_is_none(tmp_path: Path, api: FakeFrontdesk, window: str):
    result = CliRunner().invoke(commands.app, ["synthea", str(tmp_path), f"--window={window}"])
    assert (result.exit_code, api.writes) == (2, [])


def test_it_exits_2_with_one_sentence_when_the_source_cannot_be_read(tmp_path: Path, api: FakeFrontdesk):
    result = CliRunner().invoke(commands.app, ["synthea", str(tmp_path / "none"), WINDOW])
    assert (result.exit_code, api.writes) == (2, [])
    assert result.stderr.strip() == "frontdesk: none: no such file or folder"
