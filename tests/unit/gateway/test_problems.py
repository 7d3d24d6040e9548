"""Problems: their shape, and what a service's refusal becomes."""

import json

import pytest

from gateway.errors import TABLE, Problem, body_of, dumped, problem_of, retry_after
from shared import errors as shared_errors
from shared.errors import DomainError, NotFound

CORRELATION = "0193a1f0-0000-7000-8000-00000000000f"


def test_a_problem_has_type_title_status_and_correlation_id() -> None:
    body = body_of(Problem("invalid", errors=[{"field": "given", "message": "Missing."}]), CORRELATION)
    assert body == {
        "type": "urn:frontdesk:problem:invalid",
        "title": "Some fields are not right",
        "status": 422,
        "slug": "invalid",
        "correlation_id": CORRELATION,
        "errors": [{"field": "given", "message": "Missing."}],
    }


def test_a_refusal_keeps_its_details() -> None:
    times = [{"start_at": "2026-11-24T15:00:00Z", "end_at": "2026-11-24T15:30:00Z"}]
    problem = problem_of("appointment-overlaps", 409, {"next_free_times": times}, [])
    assert body_of(problem, CORRELATION)["details"] == {"next_free_times": times}


def test_every_404_of_a_service_is_one_body() -> None:
    """Seen red by: keeping the service's slug and details."""
    told = dumped(body_of(problem_of("patient-of-another-site", 404, {"site": "C"}, []), CORRELATION))
    assert told == dumped(body_of(NotFound(), CORRELATION))


@pytest.mark.parametrize("status", [200, 302, 400, 401, 418, 500, 502])
def test_an_odd_status_of_a_service_is_our_own_failure(status: int) -> None:
    assert body_of(problem_of("whatever", status, {"secret": "x"}, []), CORRELATION)["slug"] == "internal"


def test_a_slug_that_the_table_lacks_keeps_the_status_of_its_category() -> None:
    problem = problem_of("lane-is-closed", 409, {}, [])
    assert (problem.status, body_of(problem, CORRELATION)["title"]) == (409, "Lane is closed")


def test_asking_again_is_told_when_it_may_help() -> None:
    assert retry_after(Problem("unavailable", {"retry_after": 7})) == 7
    assert retry_after(Problem("outcome-unknown")) == 1
    assert retry_after(Problem("invalid")) is None


def test_every_error_class_of_the_project_has_its_title() -> None:
    classes = [c for c in vars(shared_errors).values() if isinstance(c, type) and issubclass(c, DomainError)]
    assert [c.slug for c in classes if c.slug not in TABLE] == []


def test_a_problem_is_utf8_json() -> None:
    assert json.loads(dumped({"title": "Müller"}).decode("utf-8")) == {"title": "Müller"}
