"""Counts what a build did, per language and per passage, for its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indexer.build_report import LanguageReport, TruncatedPassage
from indexer.diff import ContentDiff
from indexer.embedding_run import EmbeddedTexts
from indexer.material import Material
from indexer.passages import Passage


def language_reports(
    material: Material, passages: Sequence[Passage], embedded: EmbeddedTexts, diff: ContentDiff
) -> tuple[LanguageReport, ...]:
    """Count entries, passages and changes of each language, also of one that is gone."""
    entries = Counter(record.lang for record in material.servable)
    held_back = material.held_back
    cut = Counter(passage.lang for passage in passages)
    fresh = Counter(passages[position].lang for position in embedded.fresh)
    differing = {difference.lang for difference in diff.languages}
    return tuple(
        LanguageReport(
            lang=lang,
            entries=entries[lang],
            held_back=held_back.get(lang, 0),
            passages=cut[lang],
            embedded=fresh[lang],
            added=len(diff.of(lang).added),
            changed=len(diff.of(lang).changed),
            removed=len(diff.of(lang).removed),
        )
        for lang in sorted({*entries, *held_back, *differing})
    )


def truncated_passages(
    passages: Sequence[Passage], embedded: EmbeddedTexts
) -> tuple[TruncatedPassage, ...]:
    """Name the passages that the model read only the beginning of."""
    cut = (passages[position] for position in embedded.truncated)
    return tuple(TruncatedPassage(passage.entry_id, passage.lang, passage.kind) for passage in cut)
