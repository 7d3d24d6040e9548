"""Whether words are phrases of a vocabulary, also where a letter slipped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from services.notifications.domain.replies.phrases import LANGUAGES, Phrases

MARK = "|"
"""Between words: no phrase goes over it."""

_LONGEST = 7
# More words than this are a story, whatever they are.
_MOST = 24
# Short words are other words after one slip ("stop", "shop", "step"): those are listed, these are found.
_SLIPS = {9: 2, 7: 1}
_SHORTEST_SLIP = 6
# One slip from French "stoppez", and a word of its own: "my reminders stopped".
_NO_SLIPS = frozenset({"STOPPED"})


class Saying:
    """Words that are all phrases `meant` or `beside` them, at least one of them meant.

    `slips`: long words may have a letter wrong. `mixes`: which languages may stand side by side.
    """

    def __init__(
        self,
        meant: Iterable[Mapping[str, Phrases]],
        beside: Iterable[Mapping[str, Phrases]],
        *,
        slips: bool = True,
        mixes: Sequence[tuple[str, ...]] = (LANGUAGES,),
    ) -> None:
        self._slips = slips
        one, other = list(meant), list(beside)
        self._by_language = {it: (_together(one, it), _together(other, it)) for it in LANGUAGES}
        self._mixed = [_mixed(one, other, it) for it in mixes]

    def language(self, words: Sequence[str]) -> str | None:
        """The first language in which it is said; `en` also where several are mixed; None where it is not."""
        if not 0 < sum(it != MARK for it in words) <= _MOST:
            return None
        for language, (meant, beside) in self._by_language.items():
            if _made_of(words, meant, beside, slips=self._slips):
                return language
        return "en" if any(_made_of(words, *it, slips=self._slips) for it in self._mixed) else None


def _mixed(
    one: Sequence[Mapping[str, Phrases]], other: Sequence[Mapping[str, Phrases]], languages: Sequence[str]
) -> tuple[Phrases, Phrases]:
    """What stands beside in one language is not meant in another: "stp" is a slip of STOP, and French for please."""
    beside = _together(other, *languages)
    return _together(one, *languages) - beside, beside


def _together(vocabularies: Iterable[Mapping[str, Phrases]], *languages: str) -> Phrases:
    return frozenset(phrase for it in vocabularies for language in languages or LANGUAGES for phrase in it[language])


def _made_of(words: Sequence[str], meant: Phrases, beside: Phrases, *, slips: bool) -> bool:
    """Whether the words can be cut into phrases: at each place `ways` knows whether it was reached with one meant."""
    ways: dict[int, set[bool]] = {0: {False}}
    for at in range(len(words)):
        for before in ways.get(at, ()):
            for length, is_meant in _next(words, at, meant, beside, slips=slips):
                ways.setdefault(at + length, set()).add(before or is_meant)
    return True in ways.get(len(words), ())


def _next(words: Sequence[str], at: int, meant: Phrases, beside: Phrases, *, slips: bool) -> Iterator[tuple[int, bool]]:
    """How many words each phrase has that begins there, and whether it is meant."""
    if words[at] == MARK:
        yield 1, False
    for length in range(1, min(_LONGEST, len(words) - at) + 1):
        phrase = tuple(words[at : at + length])
        if phrase in meant or phrase in beside:
            yield length, phrase in meant
    if slips and len(words[at]) >= _SHORTEST_SLIP and any(len(it) == 1 and _slipped(words[at], it[0]) for it in meant):
        yield 1, True


def _slipped(word: str, known: str) -> bool:
    if word in _NO_SLIPS:
        return False
    allowed = next((slips for length, slips in _SLIPS.items() if len(known) >= length), 0)
    return allowed > 0 and abs(len(word) - len(known)) <= allowed and _distance(word, known) <= allowed


@lru_cache(maxsize=4096)
def _distance(one: str, other: str) -> int:
    """Letters left out, put in, changed, or two that changed places (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
