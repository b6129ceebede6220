"""Signs that a machine followed an instruction that stood in a passage or in the question."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.folding import squeezed
from app.grounding.sentence import Sentence
from knowledge_base.texts import folded

_LONGEST_REPEATED = 40
"""Characters of the system text that a sentence may have in common with it by chance."""

_ROLES = re.compile(
    r"<\|[^|\n]{0,40}\|>|<\|?/?(?:im_start|im_end|start_of_turn|end_of_turn|system|assistant|user|"
    r"think|eos|bos|s)\|?>|\[/?INST\]|<</?SYS>>"
    r"|^\W{0,6}(?:system|assistant|user|human|ai|bot|model|developer|instruction|prompt)\W{0,3}[:：]"
    r"|^#{2,6}\s?(?:system|assistant|user|instruction|response|input)\b",
    re.IGNORECASE | re.MULTILINE,
)
_UNSAFE = re.compile(r"\b(?:javascript|data|vbscript|file|blob|about)\s?:(?=\S)", re.IGNORECASE)
_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SCHEME = re.compile(r"\s{0,8}([A-Za-z][A-Za-z0-9+.-]{0,20})\s?:")


class ObedienceCheck:
    """Judges the sentences of one text."""

    def __init__(self, passages: str, canaries: Sequence[str], system_text: str) -> None:
        """Prepare to judge.

        Args:
            passages: What the passages say; they may be about language models themselves.
            canaries: Strings that the prompt carries and no answer may hold.
            system_text: What the machine was told; no answer may repeat a stretch of it.
        """
        self._canaries = tuple(mark for each in canaries if (mark := squeezed(each)))
        self._system = folded(system_text)
        self._passages = folded(passages)
        self._stretches = frozenset(
            self._system[start : start + _LONGEST_REPEATED]
            for start in range(max(0, len(self._system) - _LONGEST_REPEATED + 1))
        )

    def check(self, sentence: Sentence) -> None:
        """Judge a sentence.

        Raises:
            UngroundedError: It gives the prompt away, speaks of itself as a machine, plays roles of
                a conversation, or holds HTML, an image or a link that runs something.
        """
        self._check_markup(sentence)
        text = folded(sentence.markdown)
        letters = squeezed(sentence.markdown)
        if any(canary in letters for canary in self._canaries):
            raise _followed("The text repeats a mark that only the prompt carries.")
        for start in range(max(0, len(text) - _LONGEST_REPEATED + 1)):
            stretch = text[start : start + _LONGEST_REPEATED]
            if stretch in self._stretches and stretch not in self._passages:
                raise _followed("The text repeats a stretch of its instructions.")
        for phrase in _phrases():
            if phrase in text and phrase not in self._passages:
                raise _followed(f"The text speaks of the machine that writes it: {quoted(phrase)}.")

    def _check_markup(self, sentence: Sentence) -> None:
        if (role := _ROLES.search(sentence.markdown)) is not None:
            raise _followed(f"The text plays a part in a conversation: {quoted(role.group())}.")
        if sentence.html:
            raise _followed(f"The text holds HTML: {quoted(sentence.html)}.")
        if sentence.images:
            raise _followed(f"The text holds an image: {quoted(sentence.images[0])}.")
        for address in sentence.addresses:
            scheme = _SCHEME.match(address)
            if scheme is not None and scheme[1].casefold() not in _SAFE_SCHEMES:
                raise _followed(f"The text links to {quoted(address)}.")
        unsafe = _UNSAFE.search(sentence.markdown)
        if unsafe is not None and folded(unsafe.group()) not in self._passages:
            raise _followed(f"The text holds the address {quoted(unsafe.group())}.")


def _followed(message: str) -> UngroundedError:
    return UngroundedError(Fault.INSTRUCTION, message)


def is_order(text: str) -> bool:
    """Tell whether a sentence of a passage tells a machine, not a reader, what to do."""
    plain = folded(text)
    return any(phrase in plain for phrase in (*_phrases(), *_orders()))


@cache
def _orders() -> tuple[str, ...]:
    return _listed("machine_orders.toml")


@cache
def _phrases() -> tuple[str, ...]:
    return _listed("machine_talk.toml")


def _listed(name: str) -> tuple[str, ...]:
    text = (files("app.grounding") / name).read_text(encoding="utf-8")
    listed: dict[str, list[str]] = tomllib.loads(text)
    return tuple(dict.fromkeys(folded(each) for phrases in listed.values() for each in phrases))
