"""Drafts of the sample content by apertium: `python -m benchmarks.translation [--json]`.

The English texts are translated into Spanish as `polyfaq translate` does it, in a folder of their
own. Whether numbers and addresses came through is counted again here, by other means than the
product's. Says so where apertium or its pair is not installed.

Before that, the checks alone: how many answers that people translated they refuse, and how many
faults they catch that are put into these.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from app.choices import language_identifier
from app.settings import Settings, sample_content
from app.translating.drafting import Drafter
from app.translating.memory import TranslationMemory
from app.translating.planning import Wanted, plan
from app.translating.refusal import Refusal, RefusedError
from app.translating.routes import Routes
from app.translating.translating import TranslationReport, translate_content
from app.translating.verifying import Candidate, verify
from benchmarks.figures import Figure, Remark, at_least, at_most, publish
from benchmarks.translation_faults import measured
from knowledge_base.amending.placing import Places
from knowledge_base.entry import Record, Status
from knowledge_base.files import read_content, write_file
from knowledge_base.glossary import Glossary
from models.apertium_translator import ApertiumTranslator
from models.marked_text import plain
from models.translation import Pair, TranslatorError

SOURCE, TARGET = "en", "es"
PAIR = Pair("eng", "spa")
FIELDS = ("question", "answer", "alternates")
LEAST_KEPT = 0.9
_NUMBERS = re.compile(r"\d+")
_ADDRESSES = re.compile(r"\]\(([^)]*)\)")


class _Unwatched:
    def translating(self, total: int) -> None:
        """Show nothing."""

    def translated(self, count: int) -> None:
        """Show nothing."""


def measure() -> Iterator[Figure | Remark]:
    """Yield what one run finds."""
    sample = read_content([sample_content()]).records
    sample = tuple(each for each in sample if each.status is Status.APPROVED)
    identify = _identifier(sample)
    yield from measured(sorted(sample, key=lambda each: each.lang != SOURCE), identify)
    translator = ApertiumTranslator()
    try:
        is_there = PAIR in translator.pairs()
    except TranslatorError as error:
        yield Remark(f"not measured: {error}")
        return
    if not is_there:
        yield Remark("not measured: there is no pair eng-spa (apt-get install apertium-eng-spa)")
        return
    records = [each for each in sample if each.lang == SOURCE]
    yield Remark(f"{len(records)} approved entries, {SOURCE} to {TARGET}, {translator.identity}")
    with TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        write_file(records, content / f"{SOURCE}.yaml")
        started = perf_counter()
        report = _translate(content, translator, identify)
        seconds = perf_counter() - started
        again = _translate(content, translator, identify)
        yield from _kept(records, report)
        yield from _checked(records, report.kept)
        yield Figure("texts translated by a second run", again.translated, "", at_most(0))
        yield Figure("time for an entry", 1000 * seconds / len(records), "ms")
    yield from _unmasked(records, translator)


def _identifier(records: Sequence[Record]) -> Callable[[str], str]:
    tags = tuple(sorted({each.lang for each in records}))
    identifier = language_identifier(Settings.load(), tags)
    return lambda text: identifier.identify(text).tag


def _translate(
    content: Path, translator: ApertiumTranslator, identify: Callable[[str], str]
) -> TranslationReport:
    records = read_content([content]).records
    wanted = Wanted((TARGET,), None, (SOURCE,))
    planned = plan(records, wanted, lambda: Routes(translator.pairs(), (SOURCE,)))
    with TranslationMemory(content.parent / "translations.db") as memory:
        drafter = Drafter(translator, memory, Glossary(SOURCE), identify)
        return translate_content(planned, drafter, Places(records, content), _Unwatched())


def _kept(records: Sequence[Record], report: TranslationReport) -> Iterator[Figure]:
    yield Figure("entries kept", len(report.kept) / len(records), "%", at_least(LEAST_KEPT))
    totals = {"question": len(records), "answer": len(records)}
    totals["alternates"] = sum(len(each.alternates) for each in records)
    for field in FIELDS:
        refused = [each for each in report.refused if each.field == field]
        share = 1 - len(refused) / totals[field]
        yield Figure(f"  {field} kept", share, "%", note=_why(refused))


def _why(refused: Sequence[Refusal]) -> str:
    counts = Counter(each.reason for each in refused)
    return ", ".join(f"{count} {reason}" for reason, count in counts.most_common())


def _checked(records: Sequence[Record], kept: Sequence[Record]) -> Iterator[Figure]:
    sources = {each.id: each for each in records}
    wrong = sum(
        _facts(draft.question) != _facts(sources[draft.id].question)
        or _facts(draft.answer) != _facts(sources[draft.id].answer)
        for draft in kept
    )
    yield Figure("drafts with another number or address", wrong, "", at_most(0))


def _facts(text: str) -> tuple[list[str], list[str]]:
    addresses = _ADDRESSES.findall(text)
    return sorted(addresses), sorted(_NUMBERS.findall(_ADDRESSES.sub("", text)))


def _unmasked(records: Sequence[Record], translator: ApertiumTranslator) -> Iterator[Figure]:
    """Translate the answers as they stand, Markdown and all."""
    whole = translator.translate([(each.answer,) for each in records], PAIR)
    kept = 0
    for record, translated in zip(records, whole, strict=True):
        try:
            verify(
                Candidate(record.answer, plain(translated.text), TARGET, 0, is_markdown=True), None
            )
            kept += 1
        except RefusedError:
            pass
    yield Figure("answers kept if Markdown is translated as it stands", kept / len(records), "%")


if __name__ == "__main__":
    sys.exit(publish(measure))
