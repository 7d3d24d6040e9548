"""Languages by their tags (BCP 47), and days and hours as their speakers write them (CLDR, by Babel)."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time

DEFAULT_LANGUAGE = "en"
LONGEST_TAG = 35
# Where a tag names no country: our networks' patients live here, and write the hour as people do here.
_HOME = "US"


def is_language(tag: str) -> bool:
    """Whether days and hours can be written in it; a tag in its canonical form, such as `es` or `es-MX`."""
    known = _locale(tag) if len(tag) <= LONGEST_TAG else None
    return known is not None and _as_named(tag) == tag


def broader(tag: str) -> tuple[str, ...]:
    """The tag, then the language without its country or script."""
    language = tag.split("-", 1)[0]
    return (tag,) if language == tag else (tag, language)


def day(at: datetime, zone: str, language: str) -> str:
    """Weekday, day, month and year: `Mon, Nov 23, 2026`."""
    return _day(at.astimezone(ZoneInfo(zone)).date(), language)


def hour(at: datetime, zone: str, language: str) -> str:
    """The hour and the minute: `10:00 AM`."""
    return _hour(at.astimezone(ZoneInfo(zone)).time(), language)


# A batch of texts is about few days and fewer hours.
@lru_cache(maxsize=4096)
def _day(local: date, language: str) -> str:
    return _plain(format_skeleton("yMMMEd", local, locale=_locale_of(language)))


@lru_cache(maxsize=4096)
def _hour(local: time, language: str) -> str:
    return _plain(format_time(local, "short", locale=_locale_of(language)))


def _locale_of(tag: str) -> Locale:
    return _locale(tag) or Locale.parse(DEFAULT_LANGUAGE)


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale | None:
    at_home = f"{tag}-{_HOME}" if "-" not in tag else tag
    for candidate in (at_home, tag):
        try:
            return Locale.parse(candidate, sep="-", resolve_likely_subtags=False)
        except (ValueError, UnknownLocaleError):
            continue
    return None


def _as_named(tag: str) -> str:
    known = Locale.parse(tag, sep="-", resolve_likely_subtags=False)
    return "-".join(part for part in (known.language, known.script, known.territory, known.variant) if part)


def _plain(text: str) -> str:
    """CLDR parts the hour from AM by a narrow space that no telephone network has."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
