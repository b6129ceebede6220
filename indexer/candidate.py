"""An index that may become the next generation: built in memory, asked, then written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from indexer.confidence import ConfidenceModel
from indexer.decision import Decision
from indexer.durable import FileDigest, digest_tree
from indexer.entry_table import EntryFacts
from indexer.generation import CONFIDENCE_FOLDER, RETRIEVER_FOLDER, SUPPORT_FOLDER
from indexer.golden import GoldenAnswer, summarise
from indexer.golden_answers import write_golden_answers
from indexer.manifest import FORMAT, LanguageManifest, Manifest
from indexer.pruning import write_keys
from indexer.publishing import StagedGeneration
from indexer.query import Query
from indexer.ranking import Ranking
from indexer.record_lines import RecordKey
from indexer.record_store import RecordStore
from indexer.retriever import Retriever
from indexer.support import SupportModel
from knowledge_base.entry import Record
from knowledge_base.files import SourceFile
from models.embedding import ModelIdentity

METRIC = "inner product of L2-normalised vectors, debiased by language"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A retriever, and the models fitted to it and to what it was built from."""

    retriever: Retriever
    confidence: ConfidenceModel
    support: SupportModel

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        """Rank the entries that may answer, best first, at most `limit`."""
        return self.retriever.rank(query, limit)

    def decide(self, ranking: Ranking) -> Decision:
        """Decide whether to answer, to ask back or to hand over."""
        return self.confidence.decide(ranking)


@dataclass(frozen=True, slots=True)
class Origins:
    """What a generation was built from, for its manifest.

    Attributes:
        default_language: The language every entry is expected in.
        model: The weights that made the vectors.
        error_budget: Share of delivered answers that may be wrong, in [0, 1].
        inputs: Fingerprint of files and settings; None when unknown.
        sources: The content files.
    """

    default_language: str
    model: ModelIdentity
    error_budget: float
    inputs: str | None
    sources: tuple[SourceFile, ...]


def entry_facts(records: Iterable[Record], default_language: str) -> tuple[EntryFacts, ...]:
    """Gather what entries can be filtered by, over all languages of each.

    Where languages disagree on a metadata value, the default language's counts, else that of the
    first language by tag.
    """
    tags: dict[str, set[str]] = {}
    metadata: dict[str, dict[str, str]] = {}
    for record in sorted(
        records, key=lambda record: (record.id, record.lang != default_language, record.lang)
    ):
        tags.setdefault(record.id, set()).update(record.tags)
        metadata[record.id] = {**record.metadata, **metadata.get(record.id, {})}
    return tuple(
        EntryFacts(entry_id, frozenset(tags[entry_id]), metadata[entry_id]) for entry_id in tags
    )


def write_candidate(
    staged: StagedGeneration,
    candidate: Candidate,
    *,
    lines: Mapping[RecordKey, bytes],
    keys: tuple[bytes, ...],
    answers: Sequence[GoldenAnswer],
    origins: Origins,
) -> Manifest:
    """Write all files of a generation but its manifest, which is returned.

    Args:
        staged: Where they go.
        candidate: The index.
        lines: The encoded records, ordered by entry and language.
        keys: What the cache knows each embedded text by.
        answers: What the index makes of the golden questions.
        origins: What it was all built from.

    Raises:
        OSError: When the disk does not take a file.
    """
    folder = staged.folder
    RecordStore.write(folder, lines)
    write_keys(folder, keys)
    write_golden_answers(folder, answers)
    for name, part in (
        (RETRIEVER_FOLDER, candidate.retriever),
        (CONFIDENCE_FOLDER, candidate.confidence),
        (SUPPORT_FOLDER, candidate.support),
    ):
        (folder / name).mkdir()
        part.write(folder / name)
    return Manifest(
        format=FORMAT,
        id=staged.id,
        created=staged.created,
        polyfaq=version("polyfaq"),
        default_language=origins.default_language,
        entries=len({entry_id for entry_id, _ in lines}),
        passages=sum(language.passages for language in candidate.retriever.description.languages),
        languages=_languages(candidate, lines),
        model=origins.model,
        metric=METRIC,
        confidence=candidate.confidence.description,
        threshold=candidate.confidence.threshold,
        coverage=candidate.confidence.coverage,
        support=candidate.support.description,
        error_budget=origins.error_budget,
        inputs=origins.inputs,
        sources=tuple(
            FileDigest(file.path.as_posix(), file.size, file.sha256) for file in origins.sources
        ),
        golden=summarise(answers) if answers else None,
        files=digest_tree(folder),
    )


def _languages(
    candidate: Candidate, lines: Mapping[RecordKey, bytes]
) -> tuple[LanguageManifest, ...]:
    entries = Counter(lang for _, lang in lines)
    confidence = candidate.confidence
    return tuple(
        LanguageManifest(
            lang=index.language,
            entries=entries[index.language],
            passages=index.passages,
            backend=index.backend.value,
            recall_at_10=index.recall_at_10,
            search_depth=index.search_depth,
            threshold=confidence.threshold_in(index.language),
            coverage=confidence.coverage_in(index.language),
        )
        for index in candidate.retriever.description.languages
    )
