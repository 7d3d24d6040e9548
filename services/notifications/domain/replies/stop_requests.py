"""A wish for no more texts in plain words, unless what stands right before it takes it back.

"I don't want you to stop texting me" and "why did you stop sending" do. What stands further off says something else:
"not my appointment stop texting me", "I don't know who this is stop texting me".
"""

import re

from services.notifications.domain.replies import requests_in_english, requests_in_french, requests_in_spanish

_BY_LANGUAGE = {"en": requests_in_english, "es": requests_in_spanish, "fr": requests_in_french}
_REQUESTS = tuple(
    (language, re.compile(rf"(?<!\w)(?:{request})"))
    for language, words in _BY_LANGUAGE.items()
    for request in words.REQUESTS
)
_TAKES_BACK = {language: re.compile(rf"\b(?:{words.TAKES_BACK})$") for language, words in _BY_LANGUAGE.items()}


def request_in(clause: str) -> tuple[str, str] | None:
    """The language of a request that nothing takes back, and what else the clause says; None where there is none."""
    for language, request in _REQUESTS:
        for found in request.finditer(clause):
            before = clause[: found.start()].strip()
            if not is_taken_back(before, language):
                return language, f"{before} {clause[found.end() :]}"
    return None


def is_taken_back(before: str, language: str) -> bool:
    """Whether the words right before a request take it back."""
    return _TAKES_BACK[language].search(before) is not None
