"""What every test can ask for; each family of fixtures has a file of its own."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

# Property tests draw the same cases every time, so that who breaks something sees it at once, and nobody else does.
# TEST_CASES=random draws others: before a release, and whenever somebody hunts.
settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("TEST_CASES", "same"))

pytest_plugins = [
    "fix_requirements",
    "fix_servers",
    "fix_scheduling",
    "fix_theatre",
    "fix_sites",
    "fix_absences",
    "fix_waitlist",
    "fix_diary",
    "fix_notifications",
    "fix_carrier",
    "fix_records",
    "fix_billing",
    "fix_messaging",
    "fix_calls",
    "fix_gateway",
    "fix_openid",
    "fix_system",
    "fix_desk",
    "fix_race",
    "fix_webhooks",
    "fix_load",
    "fix_access",
    "fix_leaks",
    "fix_seed",
    "fix_naughty",
]

# Files that take minutes come first, so that at the end no worker waits for another. What strangers send
# (schemathesis, naughty strings) fills the shared network, and comes when the other desks have gone home; its two long
# files stand apart, since files that stand together may come to one worker.
_ORDER = (
    "faults/",
    "e2e/test_carrier_storm",
    "e2e/test_leak_scan",
    "e2e/",
    "e2e/test_naughty",
    "e2e/test_schemathesis_cases",
    "integration/",
    "e2e/test_schemathesis_chains",
    "contract/",
    "unit/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of _ORDER; within it, pytest's own."""
    items.sort(key=lambda item: _place(str(item.path.relative_to(TESTS))))


def _place(file: str) -> int:
    return _ORDER.index(max((begins for begins in _ORDER if file.startswith(begins)), key=len))
