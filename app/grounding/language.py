"""Whether a machine wrote in the reader's language: sentence by sentence, then as a whole."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.folding import bare
from app.grounding.sentence import Sentence
from knowledge_base.languages import base_language, script
from knowledge_base.texts import folded
from models.han import han_evidence
from models.language_id import UNDETERMINED
from models.scripts import LetterRun, Script, letter_runs, scripts_of

_UNSPACED = frozenset(
    {Script.HAN, Script.KANA, Script.THAI, Script.LAO, Script.KHMER, Script.MYANMAR}
)
_SYLLABLES_A_WORD = 2
_LETTERS_A_SYLLABLE = 3
_TELLING = 2
"""Words from which on a sentence's language is looked at."""

_TELLING_RELATIVES = 7
"""Words that tell it from a close relative of the reader's."""

_TELLING_HALVES = 8
"""Words from which on each half of a sentence is looked at by itself."""

_WHOLE = 10
"""Words from which on even relatives must be told apart in a whole text."""

_FEW_LETTERS = 12
_MOST_LATIN = 0.5
_MOST_PLAIN_LATIN = 2
"""Words in small Latin letters that a sentence in another script may have, if it has twice as many
of its own: e-mail, cookies."""

_LISTS = frozenset({"bullet_list_open", "ordered_list_open", "heading_open"})
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"(?<=[\s(])[A-Z][A-Za-z]{1,40}(?!\w)")
# ASCII alone: where words are not spaced, a number would take its sentence with it.
_CODE_OR_ADDRESS = re.compile(r"[!-~]{0,80}[0-9@_/\\][!-~]{0,200}")

_RELATIVES = (
    frozenset({"da", "nb", "nn", "no", "sv"}),
    frozenset({"pt", "es", "gl", "ca", "ast", "an", "oc", "it"}),
    frozenset({"cs", "sk"}),
    frozenset({"hr", "sr", "bs", "sl", "mk", "bg"}),
    frozenset({"ru", "uk", "be", "bg"}),
    frozenset({"id", "ms", "jv", "su"}),
    frozenset({"nl", "af", "fy", "de", "lb"}),
    frozenset({"ar", "fa", "ur", "ckb", "ps"}),
    frozenset({"hi", "mr", "ne", "sa"}),
    frozenset({"tr", "az", "tk", "uz"}),
    frozenset({"zh", "yue", "wuu", "ja"}),
)
# Standards of one language, or so near that whoever reads one reads the other.
_SAME = (
    frozenset({"nb", "nn", "no"}),
    frozenset({"fil", "tl"}),
    frozenset({"hr", "sr", "bs"}),
)


class LanguageCheck:
    """Judges the sentences of one text."""

    def __init__(
        self,
        reader: str,
        identify: Callable[[str], str],
        allowed: Iterable[str] = (),
        own: Iterable[str] = (),
    ) -> None:
        """Prepare to judge.

        Args:
            reader: Canonical tag of the language to be written in.
            identify: Tells the language of a text as a tag, or `und`. It should know more languages
                than the reader's: what it does not know, it cannot tell from it.
            allowed: Texts whose foreign words may be repeated: passages and the question.
            own: Passages in the reader's language. What they say word for word is in it, even a
                list of names that looks like another.
        """
        self._reader = reader
        self._base = base_language(reader)
        self._scripts = scripts_of(reader) | (
            {Script.HAN} if Script.KANA in scripts_of(reader) else set()
        )
        self._identify = identify
        self._allowed = folded(" ".join(allowed))
        self._own = tuple(map(bare, own))
        self._allowed_words = frozenset(_WORD.findall(self._allowed))

    def sentence(self, sentence: Sentence) -> None:
        """Judge a sentence by itself; a short one leniently.

        Raises:
            UngroundedError: It is in another script or another language.
        """
        if self._is_own(sentence):
            self._check_orthography(sentence.words, least=3)
            return
        self._check_script(self._unmarked(sentence))
        self._check_mixture(sentence)
        self._check_reply(sentence.words)
        self._check_orthography(sentence.words, least=3)
        words = self._telling(sentence)
        count = count_words(words)
        if count >= _TELLING:
            self._check_language(words, strict=count >= _TELLING_RELATIVES)
        for half in _halves(words):
            self._check_language(half, strict=False)

    def whole(self, sentences: Sequence[Sentence]) -> None:
        """Judge all sentences of a text together, more strictly.

        Raises:
            UngroundedError: The text is in another language, or in the other way to write it.
        """
        self._check_orthography(" ".join(map(self._telling, sentences)), least=1)
        words = " ".join(self._telling(each) for each in sentences if not self._is_own(each))
        count = count_words(words)
        if count >= _TELLING:
            self._check_language(words, strict=count >= _WHOLE)

    def _is_own(self, sentence: Sentence) -> bool:
        plain = bare(sentence.words)
        return any(f" {plain} " in f" {text} " for text in self._own)

    def _telling(self, sentence: Sentence) -> str:
        """Leave out what may be in any language: names, addresses, codes, words of the passages."""
        text = self._unmarked(sentence)
        for run in letter_runs(text):
            if run.script not in self._scripts and folded(run.text) in self._allowed:
                text = text.replace(run.text, " ")
        return _NAME.sub(self._unless_known, text)

    def _unmarked(self, sentence: Sentence) -> str:
        """Leave out names that are marked as such, addresses and codes."""
        text = sentence.words
        for name in sentence.names:
            if folded(name) in self._allowed:
                text = text.replace(name, " ")
        return _CODE_OR_ADDRESS.sub(" ", text)

    def _unless_known(self, name: re.Match[str]) -> str:
        return " " if folded(name.group()) in self._allowed_words else name.group()

    def _check_script(self, text: str) -> None:
        runs = letter_runs(unicodedata.normalize("NFC", text))
        spared = sum(len(run.text) for run in runs if run.script in self._scripts) // 2
        own = latin = 0
        for run in runs:
            is_known = folded(run.text) in self._allowed
            if run.script in self._scripts:
                own += _letters(run)
            elif unicodedata.category(run.text[0]) == "Lm":
                # Uzbek, Hawaiian and others write signs like an apostrophe within words.
                continue
            elif run.script is Script.LATIN:
                latin += len(run.text) * (not is_known)
            elif is_known and (weight := _letters(run)) <= spared:
                # A name from the passages, among words of the reader's own.
                spared -= weight
            else:
                raise UngroundedError(
                    Fault.LANGUAGE,
                    f"{quoted(run.text)} is not written in the script of {self._reader}.",
                )
        # A word or two in Latin letters is a name; a sentence of them is another language.
        if latin > _FEW_LETTERS and latin > _MOST_LATIN * (own + latin):
            raise UngroundedError(
                Fault.LANGUAGE, f"The sentence is not written in the script of {self._reader}."
            )

    def _check_mixture(self, sentence: Sentence) -> None:
        """Look for words in Latin letters that are no names, whatever the passages' language."""
        if Script.LATIN in self._scripts:
            return
        runs = letter_runs(unicodedata.normalize("NFC", self._unmarked(sentence)))
        foreign = [run.text for run in runs if run.script is Script.LATIN]
        own = sum(_words(run) for run in letter_runs(sentence.words) if run.script in self._scripts)
        plain = {word for word in foreign if word.islower() and len(word) > 1}
        if own:
            is_mixed = len(plain) > min(_MOST_PLAIN_LATIN, own // 2)
        else:
            # An item of a list may be a name alone, even one like iDEAL.
            is_mixed = bool(foreign) and not (sentence.blocks & _LISTS and len(plain) < 2)
        if is_mixed:
            raise UngroundedError(
                Fault.LANGUAGE,
                f"{quoted(' '.join(foreign))} is not written in the script of {self._reader}.",
            )

    def _check_reply(self, text: str) -> None:
        spoken_in = _short_replies().get(bare(text))
        if spoken_in is not None and self._base not in spoken_in and self._base in _repliers():
            raise UngroundedError(Fault.LANGUAGE, f"{quoted(text)} is not said in {self._reader}.")

    def _check_orthography(self, text: str, least: int) -> None:
        if self._base != "zh" or "-" not in self._reader:
            return
        evidence = han_evidence(text)
        is_traditional = script(self._reader) == "Hant"
        right, wrong = evidence.simplified, evidence.traditional
        if is_traditional:
            right, wrong = wrong, right
        if wrong >= least and wrong > right:
            form = "traditional" if is_traditional else "simplified"
            raise UngroundedError(Fault.LANGUAGE, f"It is not written in {form} characters.")

    def _check_language(self, text: str, *, strict: bool) -> None:
        found = base_language(self._identify(text))
        if found in {UNDETERMINED, self._base} or _are_together(_SAME, found, self._base):
            return
        if strict or not _are_together(_RELATIVES, found, self._base):
            raise UngroundedError(
                Fault.LANGUAGE, f"It looks like {found}, and {self._reader} is asked for."
            )


@cache
def _short_replies() -> Mapping[str, frozenset[str]]:
    text = files("app.grounding").joinpath("short_replies.toml").read_text("utf-8")
    spoken = defaultdict[str, set[str]](set)
    for tag, replies in tomllib.loads(text).items():
        for reply in replies:
            spoken[bare(reply)].add(tag)
    return {reply: frozenset(tags) for reply, tags in spoken.items()}


@cache
def _repliers() -> frozenset[str]:
    """List the languages of which it is known how they say yes and no."""
    return frozenset().union(*_short_replies().values())


def _are_together(groups: Sequence[frozenset[str]], one: str, other: str) -> bool:
    return any(one in group and other in group for group in groups)


def count_words(text: str) -> int:
    """Count words; where scripts have no spaces, two characters for one."""
    return sum(map(_words, letter_runs(text)))


def _words(run: LetterRun) -> int:
    return max(1, len(run.text) // _SYLLABLES_A_WORD) if run.script in _UNSPACED else 1


def _letters(run: LetterRun) -> int:
    """Count letters; where scripts have no spaces, one says as much as three of others."""
    return len(run.text) * (_LETTERS_A_SYLLABLE if run.script in _UNSPACED else 1)


def _halves(text: str) -> list[str]:
    """Cut a long sentence in two: one that changes its language half-way is in neither."""
    # Of names that are left out, commas stay.
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    if len(words) < _TELLING_HALVES:
        return []
    middle = len(words) // 2
    return [" ".join(words[:middle]), " ".join(words[middle:])]
