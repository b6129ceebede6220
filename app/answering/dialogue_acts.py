"""What a visitor does with words other than asking: greets, thanks, wishes for a person.

Recognised by patterns of whole utterances, written for each language: a greeting in front of a
question does not match, so that a question is never taken for small talk. A wish for a person is
also heard as a clause of its own, or with its topic behind it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Final

from app.answering.act_grammar import ABOUT, FILLER, KEYWORD, PLACEHOLDERS, ActGrammar, DialogueAct
from app.answering.phrase_patterns import fold, split
from knowledge_base.languages import base_language


@dataclass(frozen=True, slots=True)
class RecognisedAct:
    """An act, and the languages whose patterns know it in these words.

    Attributes:
        languages: Base languages, never empty; the question's own first where it is one of them,
            and alone unless there are many.
    """

    act: DialogueAct
    languages: tuple[str, ...]


SHARED: Final = 5
"""Words that more languages than these have in common do not tell the language: "OK", "hi"."""

_CLAUSE_END = re.compile(r"[.!?…。！？؟,،、，;；:：।\n]+|\s[-–—]\s")
_MOST_CLAUSES = 8
_MOST_WORDS = 60
_EVERY_LANGUAGE = -1
_CUT = "…"
_NOTATION = re.compile(r"<\w+>|[()\[\]|]")
_NOT_OF_WISHES = frozenset({*DialogueAct, KEYWORD, ABOUT, FILLER})


class DialogueActs:
    """Recognises acts in every language that has patterns. Safe to share between threads.

    Attributes:
        languages: Base languages, in the order of the patterns.
    """

    def __init__(self, sources: Mapping[str, Mapping[str, str]]) -> None:
        """Learn the words; patterns are read when a text first consists of them.

        Args:
            sources: By base language, the patterns by name: those of acts, `wish`, `keyword`,
                `about`, `filler`, and others that stand for parts of them.
        """
        self.languages = tuple(sources)
        self._sources = {
            language: {name: fold(source) for name, source in own.items()}
            for language, own in sources.items()
        }
        folded = self._sources.values()
        self._known = _languages_by_word((*own.values(), PLACEHOLDERS) for own in folded)
        self._wishing = _languages_by_word(
            (source for name, source in own.items() if name not in _NOT_OF_WISHES) for own in folded
        )
        self._about = _languages_by_word((own.get(ABOUT, ""),) for own in folded)
        self._grammars: dict[str, ActGrammar] = {}
        self._lock = Lock()

    def recognise(self, text: str, language: str) -> RecognisedAct | None:
        """Recognise what a text does, if it does nothing but that.

        Args:
            text: Personal data replaced by placeholders.
            language: Canonical tag of the text's language, or `und`; patterns of all languages
                are tried, those of this one first.
        """
        own = base_language(language)
        parts = _CLAUSE_END.split(fold(text), _MOST_CLAUSES)
        clauses = [clause for part in parts if (clause := self._read(part)).words]
        in_all = _EVERY_LANGUAGE if clauses else 0
        for clause in clauses:
            in_all &= clause.languages
        if in_all:
            whole = tuple(word for clause in clauses for word in clause.words)
            found = self._in_languages(whole, in_all, own, is_whole=True)
            if found is not None:
                return found
        for clause in clauses:
            candidates = (clause.languages | clause.topics) & clause.wishing
            found = self._in_languages(clause.words, candidates, own)
            if found is not None:
                return found
        return None

    def _read(self, clause: str) -> _Clause:
        """Read a clause up to the first word that no language knows any more."""
        words: list[str] = []
        languages, topics, wishing = _EVERY_LANGUAGE, 0, 0
        for word in split(clause):
            topics |= languages & self._about.get(word, 0)
            wishing |= self._wishing.get(word, 0)
            languages &= self._known.get(word, 0)
            if not languages or len(words) == _MOST_WORDS:
                return _Clause((*words, word, _CUT), 0, topics, wishing)
            words.append(word)
        return _Clause(tuple(words), languages, topics, wishing)

    def _in_languages(
        self, words: Sequence[str], candidates: int, own: str, *, is_whole: bool = False
    ) -> RecognisedAct | None:
        if not candidates:
            return None
        knowing = [name for bit, name in enumerate(self.languages) if candidates >> bit & 1]
        if own in knowing and len(knowing) <= SHARED:
            act = self._grammar(own).act(words, is_whole=is_whole)
            if act is not None:
                return RecognisedAct(act, (own,))
        acts = {
            language: act
            for language in knowing
            if (act := self._grammar(language).act(words, is_whole=is_whole)) is not None
        }
        if not acts:
            return None
        # Where languages mean different things by the same words, the act that asks for least.
        likely = acts.get(own) or max(acts.values(), key=tuple(DialogueAct).index)
        same = (language for language, act in acts.items() if act is likely)
        return RecognisedAct(likely, tuple(sorted(same, key=lambda language: language != own)))

    def _grammar(self, language: str) -> ActGrammar:
        with self._lock:
            grammar = self._grammars.get(language)
            if grammar is None:
                grammar = self._grammars[language] = ActGrammar(self._sources[language])
            return grammar


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a text between punctuation.

    Attributes:
        words: Up to the first that is not known, and a mark that there are more.
        languages: Those that know all of its words, each a bit.
        topics: Those that know all words up to one that begins a topic, each a bit.
        wishing: Those that wish with any of its words, each a bit.
    """

    words: tuple[str, ...]
    languages: int
    topics: int
    wishing: int


@cache
def dialogue_acts() -> DialogueActs:
    """The acts of all languages that polyfaq speaks."""
    text = files("app.answering").joinpath("dialogue_acts.toml").read_text(encoding="utf-8")
    return DialogueActs(tomllib.loads(text))


def _languages_by_word(patterns: Iterable[Iterable[str]]) -> Mapping[str, int]:
    """Tell the languages of each word, each the bit of its place among the languages."""
    known: dict[str, int] = {}
    for number, own in enumerate(patterns):
        for word in set(split(_NOTATION.sub(" ", " ".join(own)))):
            known[word] = known.get(word, 0) | 1 << number
    return known
