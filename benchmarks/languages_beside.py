"""How well visitors are heard in languages without content, and at what cost to the others.

Several sets of languages with content are asked texts in all languages that notices are in, and in
languages near to these. What counts is the mean over languages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.choices import installed_words
from app.notices.catalogue import available_languages
from app.settings import Settings
from benchmarks.figures import Bound, Figure, at_most, shares
from models.language_id import UNDETERMINED, LanguageIdentifier
from models.languages_beside import languages_beside
from models.py3langid_detector import Py3langidDetector

SERVED: Mapping[str, str] = {
    "English": "en",
    "English and German": "en de",
    "the sample's 12": "en de es fr pt pl tr ru ar hi zh ja",
    "20": "en de es fr pt pl tr ru it nl sv uk cs da fi hu ro ar ja zh",
}
CONFIDENT = 0.9
MOST_SURE_AND_WRONG = 0.01
MOST_LOST = 0.005

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of texts in some languages; shares, mean over languages, 0 without any.

    Attributes:
        right: Told rightly.
        lost: Taken for a language without content.
        sure_and_wrong: Wrong with a probability of `CONFIDENT` or more.
    """

    right: float
    lost: float
    sure_and_wrong: float


def measure_beside(
    texts: Mapping[str, Sequence[Text]], bounds: Mapping[str, Bound | None]
) -> Iterator[Figure]:
    """Ask each set all texts.

    Args:
        texts: By what they are; each text behind its base language.
        bounds: What accuracy was to reach, by the same.
    """
    for shop, languages in SERVED.items():
        served = languages.split()
        beside = languages_beside(served, available_languages())
        identifier = LanguageIdentifier(
            served,
            Py3langidDetector((*served, *beside)),
            installed_words(Settings.load().models_folder),
            beside=beside,
        )
        spoken = available_languages() & beside.keys()
        for name, asked in texts.items():
            groups = {
                "with content": _ask(identifier, beside, _in(asked, served)),
                "without": _ask(identifier, beside, _in(asked, spoken)),
                "near": _ask(identifier, beside, _in(asked, beside.keys() - spoken)),
                "all": _ask(identifier, beside, _in(asked, {*served, *spoken})),
            }
            yield from _figures(f"content in {shop}, {name}", groups, bounds[name])


def _figures(name: str, groups: Mapping[str, Heard], bound: Bound | None) -> Iterator[Figure]:
    parts = {group: each for group, each in groups.items() if group != "all"}
    yield Figure(
        f"{name}: right",
        groups["all"].right,
        bound=bound,
        note=shares({group: each.right for group, each in parts.items()}),
    )
    yield Figure(
        f"{name}: wrong and sure",
        groups["all"].sure_and_wrong,
        "%",
        at_most(MOST_SURE_AND_WRONG),
        note=shares({group: each.sure_and_wrong for group, each in parts.items()}),
    )
    yield Figure(
        f"{name}: content unheard",
        groups["with content"].lost,
        "%",
        at_most(MOST_LOST),
        note="in a language with content, taken for one without",
    )


def _in(texts: Iterable[Text], languages: Iterable[str]) -> list[Text]:
    wanted = frozenset(languages)
    return [text for text in texts if text[0] in wanted]


def _ask(
    identifier: LanguageIdentifier, beside: Mapping[str, float], texts: Sequence[Text]
) -> Heard:
    found: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for language, text in texts:
        told = identifier.identify(text)
        is_wrong = told.tag not in (language, UNDETERMINED)
        found[language].append(
            (told.tag == language, told.tag in beside, is_wrong and told.confidence >= CONFIDENT)
        )
    if not found:
        return Heard(0.0, 0.0, 0.0)
    means = np.mean([np.mean(each, axis=0) for each in found.values()], axis=0)
    return Heard(*means.tolist())
