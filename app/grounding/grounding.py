"""All checks of a machine's text, a sentence at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.answering.writing import Ground
from app.grounding.characters import SOFT_BREAK, check_characters
from app.grounding.exchange import ExchangeCheck
from app.grounding.facts import KnownFacts
from app.grounding.form import FormCheck
from app.grounding.language import LanguageCheck
from app.grounding.obeying import ObedienceCheck
from app.grounding.passages import Embed, Passages
from app.grounding.sentence import Sentence
from app.grounding.supporting import SupportCheck
from indexer.support import SupportModel
from knowledge_base.entry import Record
from knowledge_base.languages import base_language


class CheckedIndex(Protocol):
    """As much of an index as checking asks for; every `KnowledgeIndex` has it."""

    @property
    def languages(self) -> Sequence[str]:
        """Canonical BCP 47 tags of the languages that have content."""
        ...

    @property
    def support(self) -> SupportModel:
        """What tells sentences that its texts support from others."""
        ...


class Grounding:
    """Begins to check texts; may be shared by threads."""

    def __init__(
        self, embed: Embed, identifier: Callable[[Sequence[str]], Callable[[str], str]]
    ) -> None:
        """Prepare to check.

        Args:
            embed: Embeds plain texts in the passage role, with the model of the index.
            identifier: Given the tags of the content and of the reader, gives what tells the
                language of a text as a tag, or `und`. What that cannot name it takes for another
                language: it should know more than those (`app.grounding.rival_languages`).
        """
        self._embed = embed
        self._identifier = identifier

    def begin(
        self,
        index: CheckedIndex,
        records: Sequence[Record],
        reader: str,
        question: str,
        *,
        canaries: Sequence[str] = (),
        system_text: str = "",
    ) -> TextCheck:
        """Prepare to check one text.

        Args:
            index: The generation that the records are from.
            records: What the text may be grounded in, the best first; at least one.
            reader: Canonical tag of the language to be written in.
            question: As the visitor asked it.
            canaries: Strings that the prompt carries and no answer may hold.
            system_text: What the machine was told; no answer may repeat a stretch of it.
        """
        answers = [Sentence.of(f"{each.question}\n\n{each.answer}") for each in records]
        passages = Passages.of(records, index.support, self._embed)
        texts = [answer.shown for answer in answers]
        identify = self._identifier((*index.languages, reader))
        return TextCheck(
            form=FormCheck(answers, question),
            obedience=ObedienceCheck("\n".join(texts), canaries, system_text),
            language=LanguageCheck(
                reader,
                identify,
                [*texts, question],
                own=[
                    answer.words
                    for answer, record in zip(answers, records, strict=True)
                    if base_language(record.lang) == base_language(reader)
                ],
            ),
            facts=KnownFacts(records, question),
            exchange=ExchangeCheck(passages, reader, self._embed),
            support=SupportCheck(passages, reader, self._embed),
            reader=reader,
            has_breaks=any(SOFT_BREAK in text for text in texts),
        )


class TextCheck:
    """Checks the sentences of one text as they come; used by one thread."""

    def __init__(
        self,
        *,
        form: FormCheck,
        obedience: ObedienceCheck,
        language: LanguageCheck,
        facts: KnownFacts,
        exchange: ExchangeCheck,
        support: SupportCheck,
        reader: str,
        has_breaks: bool,
    ) -> None:
        self._form = form
        self._obedience = obedience
        self._language = language
        self._facts = facts
        self._exchange = exchange
        self._support = support
        self._reader = reader
        self._has_breaks = has_breaks
        self._passed: list[Sentence] = []

    def sentence(self, text: str) -> Ground:
        """Check the next sentence; one that is refused is as if it had not been written.

        Args:
            text: Markdown with the white space that leads it.

        Returns:
            What supports it.

        Raises:
            UngroundedError: No visitor may see it; says why.
        """
        check_characters(text, has_breaks=self._has_breaks)
        # Within a word it would hide the word from all that follows.
        sentence = Sentence.of(text.replace(SOFT_BREAK, ""))
        # What costs least comes first; embedding comes last.
        self._form.sentence(sentence)
        self._obedience.check(sentence)
        self._language.sentence(sentence)
        self._facts.check(sentence, self._reader)
        self._exchange.check(sentence)
        ground = self._support.check(sentence)
        self._facts.check_ground(sentence, self._reader, ground)
        self._form.keep(sentence)
        self._passed.append(sentence)
        return ground

    def whole(self) -> None:
        """Check all sentences together, when the text has ended.

        Raises:
            UngroundedError: The text is empty, or as a whole in another language.
        """
        self._form.whole()
        self._language.whole(self._passed)
