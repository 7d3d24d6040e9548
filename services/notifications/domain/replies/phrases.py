"""Phrases of a vocabulary: capitals without accents."""

Phrase = tuple[str, ...]
Phrases = frozenset[Phrase]

LANGUAGES = ("en", "es", "fr")


def phrases(*lines: str) -> Phrases:
    """`A|B C` as phrases of words."""
    return frozenset(tuple(phrase.split()) for line in lines for phrase in line.split("|"))
