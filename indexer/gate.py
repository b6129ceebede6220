"""What golden questions must show before a generation is published."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.golden import GoldenAnswer, GoldenSummary

_UNLIKELY = 0.1


def chance_of_as_many(wrong: int, answered: int, share: float) -> float:
    """How likely `wrong` or more of `answered` are wrong when each is with probability `share`.

    The one-sided exact binomial test: two wrong answers of twenty-six say little against a share
    of 5 %, twenty of a hundred say much.
    """
    if wrong == 0 or share >= 1.0:
        return 1.0
    if share <= 0.0:
        return 0.0
    log_all = math.lgamma(answered + 1)
    return math.fsum(
        math.exp(
            log_all
            - math.lgamma(count + 1)
            - math.lgamma(answered - count + 1)
            + count * math.log(share)
            + (answered - count) * math.log1p(-share)
        )
        for count in range(wrong, answered + 1)
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """Bounds on what golden questions show, and what is objected to beyond them.

    Attributes:
        error_budget: Share of the answers delivered that may be wrong, in [0, 1]. So many wrong
            ones are objected to as chance would bring about, at that share, in fewer than one
            build of ten. Where the live generation exceeds it already, the next must do no
            worse.
        largest_loss: How far the share dealt with rightly, and the share of the questions with an
            expected entry for which that comes first, may fall below the live generation's, in
            [0, 1].
        entry_losses: Golden questions that one entry is missed by, when they are also more than
            half of those that found it.
    """

    error_budget: float = 0.05
    largest_loss: float = 0.05
    entry_losses: int = 3

    def objections(self, before: GoldenSummary | None, after: GoldenSummary) -> tuple[str, ...]:
        """Say why a generation must not be published; nothing when it may.

        Args:
            before: What the live generation makes of the same questions, if there is one.
            after: What the new one makes of them.
        """
        found = []
        too_many = chance_of_as_many(after.wrong, after.answered, self.error_budget) < _UNLIKELY
        if too_many and (before is None or after.wrong_share > before.wrong_share):
            found.append(
                f"{after.wrong} of {after.answered} answers to golden questions are wrong "
                f"({after.wrong_share:.1%}), more than chance explains where at most "
                f"{self.error_budget:.1%} may be"
            )
        if before is not None and before.right - after.right > self.largest_loss * after.asked:
            found.append(
                f"{after.right} of {after.asked} golden questions are dealt with rightly, "
                f"{before.right} before (at most {self.largest_loss:.0%} may be lost)"
            )
        lost = 0 if before is None else before.found - after.found
        if before is not None and lost > self.largest_loss * after.expected:
            found.append(
                f"the expected entry comes first for {after.found} of {after.expected} golden "
                f"questions, {before.found} before (at most {self.largest_loss:.0%} may be lost)"
            )
        return tuple(found)

    def objections_about_entries(
        self, before: Sequence[GoldenAnswer], after: Sequence[GoldenAnswer]
    ) -> tuple[str, ...]:
        """Name the entries that few of the golden questions find which found them before.

        One entry is too few to be seen in a share of all questions, and an edit that went wrong
        often spoils just one.

        Args:
            before: What the live generation makes of the questions; empty when there is none.
            after: What the new one makes of them.
        """
        found_before = Counter(answer.expect for answer in before if answer.is_found)
        found_after = Counter(answer.expect for answer in after if answer.is_found)
        return tuple(
            f"{entry} comes first for {found_after[entry]} of the golden questions that expect it, "
            f"{count} before"
            for entry, count in sorted(found_before.items(), key=str)
            if count - found_after[entry] >= self.entry_losses and found_after[entry] < count / 2
        )
