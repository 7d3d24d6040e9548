"""Opening another site's patient: guesses of one account cost it time, and each refusal stands in the audit."""

import pytest

from gateway.guesses import FREE_FAILURES
from shared.calls.outcomes import CallRefused, CallUnavailable
from shared.ids import new_id
from tests.fix_gateway import Front

OPEN = "/v1/patients/open"
FOUND = {"patient_id": str(new_id()), "version": 1}


def guess(front: Front, token: str) -> int:
    body = {"site_id": str(front.site_id), "birth_on": "1984-05-17", "family": "Ortiz"}
    return int(front.post(OPEN, body, token).status_code)


@pytest.mark.parametrize("wrong", [("not-found", 404), ("more-identifiers-needed", 409)])
def test_after_five_guesses_that_fit_nobody_an_account_has_to_wait(front: Front, wrong: tuple[str, int]) -> None:
    """And is told how long; another account is not held up. Seen red by: guesses that are not counted."""
    front.answers["records.open_patient"] = CallRefused(*wrong, {})
    hers, his = front.token(), front.token()
    assert [guess(front, hers) for _ in range(FREE_FAILURES)] == [wrong[1]] * FREE_FAILURES
    asked = len(front.asked)
    body = {"site_id": str(front.site_id), "birth_on": "1984-05-17", "family": "Ortiz"}
    refused = front.post(OPEN, body, hers)
    assert (refused.status_code, refused.json["slug"]) == (429, "too-many-tries")
    assert int(refused.headers["Retry-After"]) >= 1
    assert len(front.asked) == asked
    assert front.audit("open_patient") == ["refused"]
    assert guess(front, his) == wrong[1]


def test_a_patient_whom_one_knows_makes_no_guess_free_again(front: Front) -> None:
    """Seen red by: `forget` after a guess that was right."""
    token = front.token()
    front.answers["records.open_patient"] = CallRefused("not-found", 404, {})
    for _ in range(FREE_FAILURES - 1):
        guess(front, token)
    front.answers["records.open_patient"] = FOUND
    assert [guess(front, token) for _ in range(3)] == [200] * 3
    front.answers["records.open_patient"] = CallRefused("not-found", 404, {})
    assert [guess(front, token), guess(front, token)] == [404, 429]


def test_a_try_that_came_to_no_answer_is_no_guess(front: Front) -> None:
    """Seen red by: a guess that is kept while records is away."""
    token = front.token()
    front.answers["records.open_patient"] = CallUnavailable(1)
    assert [guess(front, token) for _ in range(FREE_FAILURES + 2)] == [503] * (FREE_FAILURES + 2)
