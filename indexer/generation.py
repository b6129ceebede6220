"""The read side of one generation: verified first, then opened, then asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Self

from indexer.confidence import ConfidenceModel
from indexer.decision import Decision
from indexer.durable import FileDigest, digest_file
from indexer.errors import GenerationDamagedError, ModelMismatchError
from indexer.explanation import ConfidenceExplanation, explain
from indexer.manifest import Manifest, read_manifest
from indexer.query import Query
from indexer.ranking import Ranking
from indexer.record_store import RecordStore
from indexer.retriever import Retriever
from indexer.support import SupportModel
from knowledge_base.entry import Record
from models.embedding import ModelIdentity

RETRIEVER_FOLDER: Final = "retriever"
CONFIDENCE_FOLDER: Final = "confidence"
SUPPORT_FOLDER: Final = "support"


class Generation:
    """One published index; immutable, and safe to be asked by many threads."""

    def __init__(
        self,
        manifest: Manifest,
        records: RecordStore,
        retriever: Retriever,
        confidence: ConfidenceModel,
        support: SupportModel,
    ) -> None:
        self.manifest = manifest
        self.languages = tuple(language.lang for language in manifest.languages)
        self.retriever = retriever
        self.support = support
        self._records = records
        self._confidence = confidence

    @classmethod
    def open(cls, folder: Path, identity: ModelIdentity) -> Self:
        """Verify a generation's files, then load them.

        Args:
            folder: The generation's folder.
            identity: The model that questions will be embedded with.

        Raises:
            GenerationMissingError: When there is no such folder.
            GenerationFormatError: When another version of the program wrote it.
            GenerationDamagedError: When its files are not those that were published.
            ModelMismatchError: When it was built with other weights.
        """
        manifest = read_manifest(folder)
        if manifest.model != identity:
            raise ModelMismatchError(_mismatch(manifest, identity))
        # FAISS trusts the bytes it parses, so no file is parsed before all are verified.
        verify_files(folder, manifest)
        try:
            return cls(
                manifest,
                RecordStore.read(folder),
                Retriever.read(folder / RETRIEVER_FOLDER),
                ConfidenceModel.read(folder / CONFIDENCE_FOLDER),
                SupportModel.read(folder / SUPPORT_FOLDER),
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise GenerationDamagedError(
                f"Generation {manifest.id} cannot be loaded: {error}. "
                "Run `polyfaq index --full` to build a new one."
            ) from error

    @property
    def id(self) -> str:
        """The generation's name."""
        return self.manifest.id

    @property
    def default_language(self) -> str:
        """The language every entry is expected in."""
        return self.manifest.default_language

    @property
    def entry_ids(self) -> Iterator[str]:
        """The entries that have content."""
        return (each.entry_id for each in self.retriever.table.facts)

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        """Rank the entries that may answer a question, best first, at most `limit`."""
        return self.retriever.rank(query, limit)

    def decide(self, ranking: Ranking) -> Decision:
        """Decide whether to answer, to ask back or to hand over."""
        return self._confidence.decide(ranking)

    def explain(self, ranking: Ranking) -> ConfidenceExplanation:
        """Tell how sure the first entry is, and why."""
        return explain(self._confidence, ranking)

    def record(self, entry_id: str, lang: str) -> Record | None:
        """The text of an entry in exactly this language; None where there is none."""
        return self._records.record(entry_id, lang)

    def records_of(self, entry_id: str) -> Mapping[str, Record]:
        """All texts of an entry by language; empty where there is no such entry."""
        return self._records.records_of(entry_id)

    def languages_of(self, entry_id: str) -> tuple[str, ...]:
        """Languages that an entry has a text in, without reading the texts."""
        return self._records.languages_of(entry_id)


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a generation with its manifest.

    Raises:
        GenerationDamagedError: Names the first file that differs, and how.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        faults = list(pool.map(lambda file: _fault(folder, file), manifest.files))
    for file, fault in zip(manifest.files, faults, strict=True):
        if fault is not None:
            raise GenerationDamagedError(
                f"{folder / file.path} {fault}, so generation {manifest.id} is not used. "
                "Run `polyfaq index --full` to build a new one, or `polyfaq index rollback` to "
                "go back to an older one."
            )


def _fault(folder: Path, expected: FileDigest) -> str | None:
    path = folder / expected.path
    try:
        size = path.stat().st_size
        if size != expected.size:
            return f"has {size} bytes where {expected.size} were published"
        if digest_file(folder, path).sha256 != expected.sha256:
            return "does not have the checksum it was published with"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None


def _mismatch(manifest: Manifest, identity: ModelIdentity) -> str:
    built, asked = manifest.model, identity
    return (
        f"Generation {manifest.id} was built with {built.name} ({built.dimension} dimensions, "
        f"weights {built.weights_sha256[:12]}), but questions would be embedded with "
        f"{asked.name} ({asked.dimension} dimensions, weights {asked.weights_sha256[:12]}). "
        "Run `polyfaq index` to build one with that model, or name the former in the settings."
    )
