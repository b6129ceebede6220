"""The py3langid library as a source of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as LangidModel

_LABELS = {"nb": "no", "fil": "tl"}
# The model's own probabilities are too timid on short texts: raised to this power they are as
# often right as they say (fitted on half of 8700 texts in 29 languages).
_SHARPNESS = 1.6


class Py3langidDetector:
    """py3langid restricted to some languages, without the memory of the others.

    After Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification Tool" (2012).
    """

    def __init__(self, languages: Sequence[str]) -> None:
        """Load the model and keep what the languages need.

        Args:
            languages: Base languages (`pt`, not `pt-BR`); those the model does not know are left
                without evidence.
        """
        whole = LangidModel.from_model_file(MODEL_FILE, norm_probs=True)
        known = set(whole.labels)
        wanted = {_LABELS.get(language, language): language for language in languages}
        self._languages = {label: wanted[label] for label in wanted if label in known}
        if not self._languages:
            self._model = None
            return
        whole.set_languages(list(self._languages))
        self._model = LangidModel(
            np.ascontiguousarray(whole.nb_ptc, dtype=np.float32),
            np.ascontiguousarray(whole.nb_pc),
            whole.nb_classes,
            whole.tk_nextmove,
            whole.tk_output,
            norm_probs=True,
            tk_row=whole.tk_row,
        )

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Give the probability of each language."""
        if self._model is None:
            return {}
        # The model learnt from running text: with a space at either end, first and last letters
        # count as such (word pairs rise from 92.7 to 93.6 % right, single words from 78 to 82 %).
        ranked = self._model.rank(f" {text} ")
        sharp = [probability**_SHARPNESS for _, probability in ranked]
        total = sum(sharp)
        return {
            self._languages[label]: probability / total
            for (label, _), probability in zip(ranked, sharp, strict=True)
        }
