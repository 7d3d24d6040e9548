"""How many segments a text takes on a telephone network: GSM 03.38's alphabet, or UCS-2 where a sign is not in it.

3GPP TS 23.038 (alphabets) and 23.040 (a text of several parts gives seven septets of each to the parts' header).
"""

from dataclasses import dataclass

GSM = "GSM-7"
UCS = "UCS-2"

# The basic table: one septet each.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# The extension table: an escape and one septet, which no border of segments parts.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM_SIGNS = _BASIC | _EXTENSION

_SEPTET, _UNIT = 7, 16
# Units of the alphabet in a text of one segment, and in each segment of a longer one.
_ROOM = {GSM: (160, 153), UCS: (70, 67)}
_HEADER_BITS = 48


@dataclass(frozen=True, kw_only=True)
class Length:
    """`units` are septets (GSM-7) or 16-bit units (UCS-2); `bits` are those of the words, `total_bits` with headers."""

    encoding: str
    segments: int
    units: int
    scalars: int

    @property
    def bits(self) -> int:
        return self.units * (_SEPTET if self.encoding == GSM else _UNIT)

    @property
    def total_bits(self) -> int:
        return self.bits + (self.segments * _HEADER_BITS if self.segments > 1 else 0)


def length_of(text: str) -> Length:
    """What the text takes. An empty one is one segment, as carriers count it."""
    if _BASIC.issuperset(text) and len(text) <= _ROOM[GSM][0]:  # as nearly all are, quickly
        return Length(encoding=GSM, segments=1, units=len(text), scalars=len(text))
    encoding = GSM if is_gsm(text) else UCS
    sizes = [_size(sign, encoding) for sign in text]
    return Length(encoding=encoding, segments=_segments(sizes, *_ROOM[encoding]), units=sum(sizes), scalars=len(text))


def is_gsm(text: str) -> bool:
    """Whether every sign is in GSM's two tables, so that 160 septets fit into one segment."""
    return _GSM_SIGNS.issuperset(text)


def _size(sign: str, encoding: str) -> int:
    if encoding == UCS:
        return 2 if ord(sign) > 0xFFFF else 1
    return 2 if sign in _EXTENSION else 1


def _segments(sizes: list[int], alone: int, of_many: int) -> int:
    if sum(sizes) <= alone:
        return 1
    segments, room = 1, of_many
    for size in sizes:
        if size > room:
            segments, room = segments + 1, of_many
        room -= size
    return segments
