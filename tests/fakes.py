"""Stand-ins for what answers: models, indexes, detectors, the time."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from indexer.debias import LanguageDebias
from indexer.decision import Confidence, Decision, Outcome, Reason
from indexer.explanation import ConfidenceExplanation, FeatureShare
from indexer.query import Query
from indexer.ranking import Ranking, ScoredEntry
from indexer.support import SupportModel
from knowledge_base.entry import Record
from models.embedding import Embeddings, ModelIdentity, Role


class FakeEmbedder:
    """Vectors from hashed character trigrams: alike strings are near, and no model is needed.

    The role is ignored, so that a question is nearest to itself. `calls` keeps every batch that
    was embedded, for tests that specify what must not be embedded twice.
    """

    def __init__(
        self, dimension: int = 64, name: str = "fake", max_characters: int | None = None
    ) -> None:
        self._identity = ModelIdentity(
            name=name,
            weights_sha256=hashlib.sha256(f"{name}/{dimension}".encode()).hexdigest(),
            dimension=dimension,
        )
        self._max_characters = max_characters
        self.calls: list[tuple[Role, tuple[str, ...]]] = []

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    @property
    def embedded_texts(self) -> list[str]:
        return [text for _, texts in self.calls for text in texts]

    def embed(
        self,
        texts: Sequence[str],
        role: Role,
        on_progress: Callable[[int], None] | None = None,
    ) -> Embeddings:
        self.calls.append((role, tuple(texts)))
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        truncated = []
        for position, text in enumerate(texts):
            if self._max_characters is not None and len(text) > self._max_characters:
                truncated.append(position)
                text = text[: self._max_characters]  # noqa: PLW2901 - what the model would read
            vectors[position] = self._vector(text)
            if on_progress is not None:
                on_progress(1)
        return Embeddings(vectors=vectors, truncated=tuple(truncated))

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        padded = f"  {text.casefold()} "
        vector = np.zeros(self._identity.dimension, dtype=np.float32)
        for start in range(len(padded) - 2):
            digest = hashlib.blake2b(
                padded[start : start + 3].encode("utf-8", "surrogatepass"), digest_size=4
            ).digest()
            number = int.from_bytes(digest, "little")
            vector[(number >> 1) % len(vector)] += 1.0 if number & 1 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)


class HeldUpEmbedder(FakeEmbedder):
    """Embeds texts that hold a word only when someone has written to a named pipe."""

    def __init__(self, word: str, pipe: Path) -> None:
        super().__init__()
        self._word = word
        self._pipe = pipe

    def embed(
        self,
        texts: Sequence[str],
        role: Role,
        on_progress: Callable[[int], None] | None = None,
    ) -> Embeddings:
        if any(self._word in text for text in texts):
            self._pipe.read_bytes()
        return super().embed(texts, role, on_progress)


class SteppingClock:
    """A clock that is `step` later at every look, so that times differ without waiting."""

    def __init__(self, step: timedelta = timedelta(seconds=1)) -> None:
        self.now = datetime(2026, 11, 22, 10, 38, 11, tzinfo=UTC)
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


class FakeIndex:
    """Ranks entries by the words they share with the question; made of records, not of files.

    An entry that shares at least half of all words is answered, two of like score are to choose
    from, one that shares no word is nothing similar.
    """

    def __init__(
        self,
        records: Sequence[Record],
        id: str = "2026-11-22T10-38-11Z-1f3a",  # noqa: A002 - the name that the port has
        default_language: str = "en",
        support: SupportModel | None = None,
    ) -> None:
        self.id = id
        self.support = support or no_support_learnt()
        self.default_language = default_language
        self.languages = tuple(dict.fromkeys(record.lang for record in records))
        self.ranked: list[Query] = []
        self._records: dict[str, dict[str, Record]] = {}
        for record in records:
            self._records.setdefault(record.id, {})[record.lang] = record

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        self.ranked.append(query)
        entries = [
            self._score(entry_id, query.text)
            for entry_id, records in self._records.items()
            if self._may_answer(next(iter(records.values())), query)
        ]
        entries.sort(key=lambda entry: -entry.score)
        best = [entry.score for entry in entries[:2]]
        return Ranking(tuple(entries[:limit]), np.array(best, dtype=np.float32))

    def decide(self, ranking: Ranking) -> Decision:
        scores = [entry.score for entry in ranking.entries]
        confidence = Confidence(scores[0] if scores else 0.0, 0.5)
        if not scores or scores[0] == 0.0:
            closest = ranking.entries[:3]
            return Decision(Outcome.HANDOFF, Reason.NOTHING_SIMILAR, confidence, closest)
        if len(scores) > 1 and scores[1] > 0 and scores[0] - scores[1] < 0.05:
            both = ranking.entries[:2]
            return Decision(Outcome.CLARIFY, Reason.LOW_CONFIDENCE, confidence, both)
        if scores[0] >= 0.5:
            return Decision(Outcome.ANSWERED, None, confidence, ranking.entries[:1])
        return Decision(Outcome.HANDOFF, Reason.LOW_CONFIDENCE, confidence, ranking.entries[:3])

    def explain(self, ranking: Ranking) -> ConfidenceExplanation:
        found = tuple(
            FeatureShare("words shared", float(value), float(value) * 2)
            for value in ranking.features[:1]
        )
        probability = found[0].value if found else 0.0
        return ConfidenceExplanation(found, -1.0, 0.0, probability, 0.5, ranking.verbatim)

    def record(self, entry_id: str, lang: str) -> Record | None:
        return self._records.get(entry_id, {}).get(lang)

    def records_of(self, entry_id: str) -> Mapping[str, Record]:
        return self._records.get(entry_id, {})

    @property
    def entry_ids(self) -> Iterable[str]:
        return self._records.keys()

    def _score(self, entry_id: str, text: str) -> ScoredEntry:
        asked = words_of(text)
        shares = {
            lang: len(asked & known) / len(asked | known)
            for lang, record in self._records[entry_id].items()
            if (known := words_of(record.question)) or asked
        }
        language = max(shares, key=shares.__getitem__)
        score = shares[language]
        return ScoredEntry(entry_id, score, score, score, language)

    def _may_answer(self, record: Record, query: Query) -> bool:
        filters = query.filters
        return (not filters.tags or bool(filters.tags & set(record.tags))) and all(
            record.metadata.get(key) == value for key, value in filters.metadata.items()
        )


def no_support_learnt(dimension: int = 64) -> SupportModel:
    """The bounds shipped with polyfaq, for vectors of no language in particular."""
    nothing = LanguageDebias.fit(np.zeros((0, dimension), np.float32), [], [])
    return SupportModel.shipped(nothing, dimension, 0, 0)


def words_of(text: str) -> set[str]:
    return {word.strip("?!.,") for word in text.casefold().split()} - {""}


class WordDetector:
    """Knows the language of texts by a word each of them holds."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def probabilities(self, text: str) -> Mapping[str, float]:
        found = [tag for word, tag in self._words.items() if word in text.casefold()]
        return {found[0]: 1.0} if found else {}


class FixedDetector:
    """Finds the same language probabilities in every text, and keeps the texts it has read."""

    def __init__(self, found: Mapping[str, float]) -> None:
        self._found = found
        self.texts: list[str] = []

    def probabilities(self, text: str) -> Mapping[str, float]:
        self.texts.append(text)
        return self._found
