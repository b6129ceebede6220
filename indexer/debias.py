"""Takes out of every vector what only tells which language it is in.

An embedding model of many languages places a text by what it says and by the language it says it
in, and so prefers passages in the question's own language. Subtracting each language's mean takes
most of that away (Libovický et al., 2020, "On the Language Neutrality of Pre-trained Multilingual
Representations"). But what all languages' means have in common also tells what the content is
about; half of that is left where it was.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from indexer.entry_table import BoolArray
from indexer.query import FloatArray
from indexer.vectors import normalized, unit
from models.embedding import Role

PRIOR_TEXTS = 10.0
"""Texts of all languages that a language's mean is mixed with, so that few texts of its own do not
take their meaning for their language."""

KEPT = 0.5
"""Share of the mean of all languages that vectors keep."""

_MEANS = "language-means.npz"
_LANGUAGES = "language-means.json"
_ANY = ""


class LanguageDebias:
    """Means of each language's vectors, for either role that texts are embedded in."""

    def __init__(self, means: dict[tuple[str, Role], FloatArray]) -> None:
        self._means = means
        self._origins = {
            (language, role): mean - np.float32(KEPT) * means[_ANY, role]
            for (language, role), mean in means.items()
        }

    @classmethod
    def fit(cls, vectors: FloatArray, languages: Sequence[str], roles: Sequence[Role]) -> Self:
        """Average the vectors of each language and role, shrunk towards those of all languages.

        Args:
            vectors: Shape (n, dimension).
            languages: BCP 47 tag of each.
            roles: What each was embedded as.
        """
        language_of, role_of = np.array(languages, str), np.array(roles, str)
        nothing = np.zeros(vectors.shape[1], np.float32)
        means: dict[tuple[str, Role], FloatArray] = {}
        for role in Role:
            of_role = role_of == role.value
            overall = vectors[of_role].mean(axis=0) if of_role.any() else nothing
            means[_ANY, role] = overall.astype(np.float32)
            for language in dict.fromkeys(languages):
                own = vectors[of_role & (language_of == language)]
                total = own.sum(axis=0) + PRIOR_TEXTS * overall
                means[language, role] = (total / (len(own) + PRIOR_TEXTS)).astype(np.float32)
        return cls(means)

    @classmethod
    def of_index(
        cls,
        vectors: FloatArray,
        languages: Sequence[str],
        roles: Sequence[Role],
        is_question: BoolArray,
        role_offset: FloatArray | None,
    ) -> Self:
        """Average what is indexed; questions count in either role, as visitors ask them too.

        Args:
            vectors: Shape (n, dimension).
            languages: BCP 47 tag of each.
            roles: What each was embedded as.
            is_question: Shape (n,); whether it is an entry's question.
            role_offset: What the query role adds to the vector of a question, shape (dimension,);
                nothing when None.
        """
        questions = np.flatnonzero(is_question)
        asked = vectors[questions]
        if role_offset is not None:
            asked = asked + role_offset
        return cls.fit(
            np.concatenate([vectors, asked]),
            [*languages, *(languages[row] for row in questions.tolist())],
            [*roles, *([Role.QUERY] * len(questions))],
        )

    def apply(
        self, vectors: FloatArray, languages: Sequence[str], roles: Sequence[Role]
    ) -> FloatArray:
        """Debias vectors, shape (n, dimension), and bring them back to length 1."""
        keys = list(zip(languages, roles, strict=True))
        rows = {key: row for row, key in enumerate(dict.fromkeys(keys))}
        table = np.stack([self._origin(*key) for key in rows]) if rows else vectors
        return normalized(vectors - table[[rows[key] for key in keys]])

    def question(self, vector: FloatArray, language: str) -> FloatArray:
        """Debias a question, shape (dimension,), by the mean of its own language's questions.

        A question in a language that no passage is in is debiased by the mean of all.
        """
        return unit(vector - self._origin(language, Role.QUERY))

    def _origin(self, language: str, role: Role) -> FloatArray:
        origin = self._origins.get((language, role))
        return self._origins[_ANY, role] if origin is None else origin

    def write(self, folder: Path) -> None:
        """Write the means into a generation's folder."""
        names = [[language, role.value] for language, role in self._means]
        (folder / _LANGUAGES).write_text(json.dumps(names), encoding="utf-8")
        np.savez(folder / _MEANS, means=np.stack(list(self._means.values())))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the means back; the caller has verified the folder's checksums."""
        names = json.loads((folder / _LANGUAGES).read_text(encoding="utf-8"))
        with np.load(folder / _MEANS, allow_pickle=False) as arrays:
            means = arrays["means"]
        return cls(
            {
                (language, Role(role)): mean
                for (language, role), mean in zip(names, means, strict=True)
            }
        )
