"""What Han characters tell: simplified or traditional Chinese, or Japanese.

The national character sets know best which forms a country writes: GB 2312 holds the simplified
characters, Big5 the traditional ones, JIS X 0208 the Japanese ones. A character that stands in one
of them and not in another is evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class HanEvidence:
    """How many of a text's Han characters are told apart by the way they are written.

    Attributes:
        simplified: Written so in simplified Chinese, not in traditional.
        traditional: Written so in traditional Chinese, not in simplified.
        chinese: Known in China, not in Japan.
        japanese: Known in Japan, not in China.
    """

    simplified: int
    traditional: int
    chinese: int
    japanese: int


def han_evidence(text: str) -> HanEvidence:
    """Count the telling characters of a text; all others are passed over."""
    found = [_standards(character) for character in text]
    return HanEvidence(
        simplified=sum(mainland and not taiwan for mainland, taiwan, _ in found),
        traditional=sum(taiwan and not mainland for mainland, taiwan, _ in found),
        chinese=sum((mainland or taiwan) and not japan for mainland, taiwan, japan in found),
        japanese=sum(japan and not (mainland or taiwan) for mainland, taiwan, japan in found),
    )


@lru_cache(maxsize=8192)
def _standards(character: str) -> tuple[bool, bool, bool]:
    if character < "\u3400":
        return False, False, False
    return (
        bool(character.encode("gb2312", "ignore")),
        bool(character.encode("big5", "ignore")),
        bool(character.encode("shift_jis", "ignore")),
    )
