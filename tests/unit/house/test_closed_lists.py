"""What the door and its page name one by one is all that there is: a newer value in the domain fails here first."""

import re
from pathlib import Path
from typing import Any

import pytest

from gateway.schemas import calls, text_templates, texts, waitlist
from services.notifications.domain import calls as domain_calls
from services.notifications.domain import occasions, responses
from services.notifications.domain import texts as domain_texts
from services.records.domain import patients as domain_patients
from services.scheduling.domain import waitlist as domain_waitlist

SHEET = (Path(texts.__file__).parents[1] / "pages" / "sheet.js").read_text(encoding="utf-8")
README = (Path(domain_texts.__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def words_of(module: Any) -> set[str]:
    """The values that a module of the domain gives names to."""
    return {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}


def told_by(name: str) -> set[str]:
    """The keys of one of the sheet's tables."""
    [table] = re.findall(rf"const {name} = \{{(.*?)\}};", SHEET, re.DOTALL)
    return set(re.findall(r"""(?:^|[{,])\s*"?([a-z-]+)"?:""", table))


REASONS = words_of(domain_texts) - set(texts.TEXT_STATUSES) - {domain_texts.NOT_TAKEN}


def test_the_sheet_words_every_status_of_a_text_and_every_reason_to_skip_one() -> None:
    """Seen red by: run-stopped and no-longer-asked left out."""
    assert told_by("TEXT") == set(texts.TEXT_STATUSES)
    assert told_by("REASON") == REASONS


def test_the_readme_names_every_reason_to_skip_a_text() -> None:
    """Seen red by: run-stopped left out."""
    [listed] = re.findall(r"`skipped` with\s+its reason: (.*?)\.\n", README, re.DOTALL)
    assert set(re.findall(r"`([a-z-]+)`", listed)) == REASONS


_SAID_BACK = sorted(words_of(responses) & set(responses._WORDS))


@pytest.mark.parametrize("kind", [*occasions.OCCASIONS, *_SAID_BACK, "free-text"])
def test_the_sandbox_describes_every_kind_of_text(kind: str) -> None:
    """Seen red by: the list of the time before reminders had windows and waitlists were texted."""
    assert kind in re.split(r"[ ,;:]+", texts.SandboxText._declared_fields["kind"].metadata["description"])


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (text_templates.OCCASIONS, occasions.OCCASIONS),
        (calls.OUTCOMES, domain_calls.OUTCOMES),
        (texts.TEXT_STATUSES, words_of(domain_texts) - REASONS - {domain_texts.NOT_TAKEN}),
        (waitlist._ENTRY_STATES, domain_waitlist.ENTRY_STATES),
        (waitlist._OFFER_STATES, domain_waitlist.OFFER_STATES),
        (occasions.PURPOSES, domain_patients.PURPOSES),
    ],
    ids=["occasions", "outcomes", "text-statuses", "entry-states", "offer-states", "purposes"],
)
def test_the_doors_list_is_the_domains(told: Any, known: Any) -> None:
    """Seen red by: a status of texts left out."""
    assert sorted(told) == sorted(known)
