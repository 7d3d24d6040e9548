"""Rules of the house that a reader of one file cannot see."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVICES = ("scheduling", "records", "billing", "notifications")
CODE = [path for folder in ("services", "shared", "gateway", "cli") for path in (ROOT / folder).rglob("*.py")]
SQL = [path for folder in ("services", "shared", "gateway") for path in (ROOT / folder).rglob("*.sql")]

# Real time in SQL: bookkeeping that no rule of the domain reads (design, section 6).
REAL_TIME_COLUMNS = ("received_at", "recorded_at", "parked_at", "applied_at")
REAL_TIME_CALL = re.compile(
    r"\b(now\(\)|current_date|current_timestamp|clock_timestamp\(\)|localtimestamp)", re.IGNORECASE
)

# nameko's own delivery semantics lose events and repeat work (nameko-facts 1, 2, 7).
FORBIDDEN_CODE = ("EventDispatcher", "requeue_on_error", "from nameko.rpc", "from nameko.standalone", "pickle")


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", SQL, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_takes_business_time_as_a_parameter(path: Path) -> None:
    """Seen red by: `DEFAULT now()` on a booking column."""
    found = [line for line in lines_of(path) if REAL_TIME_CALL.search(line) and not line.lstrip().startswith("--")]
    assert [line for line in found if not any(column in line for column in REAL_TIME_COLUMNS)] == []


@pytest.mark.parametrize("word", FORBIDDEN_CODE)
def test_what_is_known_to_lose_or_repeat_is_used_nowhere(word: str) -> None:
    assert [path for path in CODE if word in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("room", ["domain", "migrations", "README.md", "jobs.py"])
def test_every_service_has_the_same_rooms(service: str, room: str) -> None:
    assert (ROOT / "services" / service / room).exists()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("room", ["operations", "queries", "repository", "schemas", "service"])
def test_a_crowded_room_is_a_package_of_the_same_name(service: str, room: str) -> None:
    home = ROOT / "services" / service
    assert (home / f"{room}.py").exists() != (home / room / "__init__.py").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_statements_stand_in_one_file_or_in_the_folder_of_their_room(service: str) -> None:
    home = ROOT / "services" / service
    assert (home / "queries.sql").exists() != bool(list((home / "queries").glob("*.sql")))


def test_no_clock_is_read_in_the_domain_or_the_operations() -> None:
    """Business time comes in as an argument. Seen red by: datetime.now(UTC) in an operation."""
    rooms = [path for path in CODE if "/domain/" in str(path) or "/operations" in str(path)]
    assert [
        path for path in rooms if re.search(r"datetime\.now|time\.time\(|date\.today", path.read_text("utf-8"))
    ] == []


def test_every_decision_has_a_number_of_its_own_and_bears_it() -> None:
    """Seen red by: two decisions numbered 12; a title without its number."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [path.name for path in decisions if not lines_of(path)[0].startswith(f"# {int(path.name[:4])}. ")] == []


def test_every_how_to_is_found_from_the_readme() -> None:
    """Seen red by: a how-to without its link."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    guides = [path.name for path in (ROOT / "docs" / "how-to").glob("*.md")]
    assert guides
    assert [name for name in guides if f"(docs/how-to/{name})" not in readme] == []
