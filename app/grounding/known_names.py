"""Whatever a text names: countries, languages, companies, products, buttons; and whether it may."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from app.answering.writing import Ground
from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.known_words import KnownWords
from app.grounding.places import Place, is_nearly_named, is_of, knows_places, places
from app.grounding.polarity import denials
from app.grounding.proper_names import has_brand, is_brand, names_left, proper_names
from app.grounding.sentence import Sentence
from knowledge_base.entry import Record
from knowledge_base.languages import base_language
from knowledge_base.texts import folded
from models.scripts import Script, scripts_of

_SPELT_ALIKE = 0.6


class KnownNames:
    """What the passages name.

    What the visitor's question names is no ground, "Yes, we ship to Norway", but may be denied:
    what is denied is looked at elsewhere. What stands in it word by word may be quoted.
    """

    def __init__(self, records: Sequence[Record], question: str) -> None:
        """Gather what records name.

        Args:
            records: What a text may be grounded in.
            question: As the visitor asked it.
        """
        texts = [f"{record.question}\n\n{record.answer}" for record in records]
        self._texts = tuple(zip(texts, (record.lang for record in records), strict=True))
        self._words = KnownWords(texts)
        self._folded = " ".join(map(folded, texts))
        self._asked = folded(question)
        self._asked_words = KnownWords([question])
        self._question = question
        self._languages = frozenset(base_language(record.lang) for record in records)
        # Other scripts often spell in their own letters what the text has in Latin ones; but hardly
        # PayPal, where they leave a name like it as it is.
        self._has_latin = any(Script.LATIN in scripts_of(record.lang) for record in records)
        self._has_brands = self._has_latin or any(map(has_brand, texts))
        self._places = (
            frozenset(place.code for text, lang in self._texts for place in places(text, lang))
            if all(knows_places(record.lang) for record in records)
            else None
        )

    def check(self, sentence: Sentence, lang: str) -> None:
        """Look up what a sentence names.

        Args:
            sentence: What a machine wrote.
            lang: The tag of the language that it wrote in.

        Raises:
            UngroundedError: A name is not in the passages.
        """
        is_own = base_language(lang) in self._languages
        self._check_marked(sentence, lang, is_own=is_own)
        denies = bool(denials(sentence.words, lang))
        named = self._check_places(sentence, lang, denies=denies)
        for word in proper_names(sentence, lang, across=not is_own):
            if self._words.has(word, lang) or folded(word) in named:
                continue
            if is_own or (self._has_brands if is_brand(word) else self._has_latin):
                self._refuse_unless(denies and self._asked_words.has(word, lang), word)

    def check_replaced(self, sentence: Sentence, lang: str, ground: Ground) -> None:
        """Look whether a sentence puts another name in the place of one that its passage leaves.

        What a text in another script leaves in Latin letters is a name, and hardly ever translated.

        Args:
            sentence: What a machine wrote.
            lang: The tag of the language that it wrote in.
            ground: What it rests on.

        Raises:
            UngroundedError: It names what no passage does, and leaves out what its passage names.
        """
        if Script.LATIN in scripts_of(ground.record.lang):
            return
        left = [folded(name) for name in names_left(Sentence.of(ground.passage))]
        said = KnownWords([sentence.shown])
        if not left or any(said.has(name, lang) for name in left):
            return
        named = " ".join(folded(place.text) for place in places(sentence.shown, lang)).split()
        for name in proper_names(sentence, lang, across=False):
            # In other letters it may be the same name, or nearly in these: Bitkoin.
            is_known = (
                not name.isascii()
                or self._words.has(name, lang)
                or self._asked_words.has(name, lang)
                or folded(name) in named
                or bool(get_close_matches(folded(name), left, n=1, cutoff=_SPELT_ALIKE))
            )
            self._refuse_unless(is_known, name)

    def _check_marked(self, sentence: Sentence, lang: str, *, is_own: bool) -> None:
        """Names of buttons and pages may be translated: those in a script of their own are not."""
        for name in sentence.names:
            if (plain := folded(name)) in self._folded or plain in self._asked:
                continue
            if is_own:
                is_known = name not in sentence.quotes or self._words.has_all(name, lang)
            else:
                is_known = Script.LATIN in scripts_of(lang) or not name.isascii()
            self._refuse_unless(is_known or not any(map(str.isalpha, name)), name)

    def _check_places(self, sentence: Sentence, lang: str, *, denies: bool) -> frozenset[str]:
        """Compare countries and languages by what they are; give the words that name them."""
        found = list(places(sentence.shown, lang))
        if self._places is not None:
            asked = (
                {place.code for place in places(self._question, lang)} if denies else frozenset()
            )
            for place in found:
                if place.is_sure and place.code not in asked and not self._is_known(place.code):
                    self._refuse_unless(self._is_nearly_known(place), place.text)
        return frozenset(word for place in found for word in folded(place.text).split())

    def _is_known(self, code: str) -> bool:
        """Tell whether a country is named, or its language; or a language, or its country."""
        known = self._places or frozenset()
        if code.islower():
            return code in known or any(is_of(code, each) for each in known if each.isupper())
        return code in known or any(is_of(each, code) for each in known if each.islower())

    def _is_nearly_known(self, place: Place) -> bool:
        return folded(place.text) in self._folded or any(
            is_nearly_named(place.code, text, lang) for text, lang in self._texts
        )

    def _refuse_unless(self, is_known: bool, name: str) -> None:
        if not is_known:
            raise UngroundedError(Fault.FACTS, f"The name {quoted(name)} is not in the passages.")
