"""What serves at present, as a new build compares itself with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from indexer.errors import GenerationMissingError, IndexerError
from indexer.generation import Generation, verify_files
from indexer.generations import Generations
from indexer.golden import GoldenAnswer, ask_golden
from indexer.golden_answers import read_golden_answers
from indexer.manifest import Manifest
from indexer.query import FloatArray
from indexer.record_lines import RecordKey
from indexer.record_store import RecordStore
from knowledge_base.golden import GoldenQuestion
from models.embedding import ModelIdentity


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """The generation that serves, if it can be read.

    Attributes:
        id: Its name; None when none was published, or the pointer is unreadable.
        manifest: What it says of itself; None when there is none or it is damaged.
        folder: Where its files are.
        fault: Why it cannot be read; None when it can, or when there is none.
    """

    id: str | None
    manifest: Manifest | None
    folder: Path
    fault: str | None = None

    @classmethod
    def of(cls, generations: Generations) -> Self:
        """Read and verify the generation that serves; a damaged one is no reason to fail."""
        current = None
        try:
            current = generations.current_id()
            manifest = generations.current_manifest()
            verify_files(generations.folder_of(manifest.id), manifest)
        except GenerationMissingError as error:
            return cls(None, None, generations.folder, str(error) if current else None)
        except IndexerError as error:
            return cls(current, None, generations.folder, str(error))
        return cls(current, manifest, generations.folder_of(manifest.id))

    def is_built_from(self, inputs: str | None) -> bool:
        """Tell whether files and settings with this fingerprint would give the same again."""
        return self.manifest is not None and inputs is not None and self.manifest.inputs == inputs

    def lines(self) -> dict[RecordKey, bytes]:
        """Its encoded records; none when it cannot be read.

        Raises:
            IndexerError: When they were written by a fault.
        """
        return {} if self.manifest is None else RecordStore.read(self.folder).lines()

    def golden_answers(
        self, questions: Sequence[GoldenQuestion], vectors: FloatArray, model: ModelIdentity
    ) -> tuple[GoldenAnswer, ...]:
        """What it makes of golden questions.

        Most answers are known from when it was built; the other questions are asked of it now.

        Args:
            questions: What to ask.
            vectors: Shape (len(questions), dimension), the questions embedded in the query role.
            model: The model that embedded them.

        Returns:
            One answer a question, in their order; none at all when it cannot be asked.
        """
        if self.manifest is None:
            return ()
        try:
            kept = {(old.question, old.lang): old for old in read_golden_answers(self.folder)}
        except ValueError:
            kept = {}
        unknown = [
            position
            for position, question in enumerate(questions)
            if (question.question, question.lang) not in kept
        ]
        if unknown:
            try:
                generation = Generation.open(self.folder, model)
            except IndexerError:
                return ()
            asked = ask_golden(generation, [questions[at] for at in unknown], vectors[unknown])
            kept |= {(new.question, new.lang): new for new in asked}
        return tuple(
            replace(kept[question.question, question.lang], expect=question.expect)
            for question in questions
        )
