"""The path of an edit: from content files to the generation that serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version

from indexer.build_report import (
    BuildOutcome,
    BuildProgress,
    BuildReport,
    BuildRequest,
    GoldenReport,
    LanguageReport,
    Step,
    Steps,
    TruncatedPassage,
    Unwatched,
)
from indexer.candidate import Candidate, Origins, entry_facts, write_candidate
from indexer.confidence import ConfidenceModel
from indexer.diff import ContentDiff, diff_records
from indexer.durable import write_failures
from indexer.embedding_cache import EmbeddingCache
from indexer.embedding_run import EmbeddedTexts, EmbeddingModel, embed_texts
from indexer.generations import Generations
from indexer.golden import ask_golden
from indexer.live_index import LiveIndex
from indexer.manifest import FORMAT
from indexer.passages import Passage, passages_of
from indexer.pruning import prune_with
from indexer.publishing import exclusively
from indexer.record_lines import encode_records
from indexer.retriever import Retriever
from indexer.sources import fingerprint
from knowledge_base.checks import check_records
from knowledge_base.entry import Record, Status
from knowledge_base.files import Content, read_content
from knowledge_base.golden import GoldenQuestion, check_golden, read_golden
from knowledge_base.problems import Code, Problem, Severity
from models.embedding import ModelIdentity, Role


def build(
    request: BuildRequest,
    generations: Generations,
    model: EmbeddingModel,
    progress: BuildProgress | None = None,
) -> BuildReport:
    """Bring the index up to date with the content.

    Nothing that serves is touched before everything has been built, asked the golden questions
    and written; then it is replaced in one step.

    Args:
        request: What to build.
        generations: Where to publish.
        model: What embeds; loaded only when there is something to embed.
        progress: Whoever watches.

    Returns:
        What was done. Faulty content and a refusing gate are outcomes, not errors.

    Raises:
        MissingPathError: When a content path, or the file of golden questions, does not exist.
        IndexerRunningError: When another process is building in the same folder.
        IndexWriteError: When the disk does not take what is written.
        EmbedderError: When the model cannot be loaded.
    """
    steps = Steps(progress or Unwatched())
    with exclusively(generations) as publisher:
        with steps.step(Step.COMPARE_FILES):
            live = LiveIndex.of(generations)
            inputs = _inputs(request, model.identity)
        report = BuildReport(BuildOutcome.UNCHANGED, live.id, live.id, live_fault=live.fault)
        if live.is_built_from(inputs) and not request.full:
            return replace(report, timings=steps.timings)

        with steps.step(Step.READ):
            content = read_content(request.content, request.limits)
            questions, golden_problems = _golden_questions(request)
        with steps.step(Step.CHECK):
            problems = (*golden_problems, *_check(content, questions, request))
        report = replace(report, problems=problems)
        if report.errors:
            return replace(report, outcome=BuildOutcome.INVALID, timings=steps.timings)

        with steps.step(Step.COMPARE):
            records = _servable(content)
            lines = encode_records(records)
            diff = diff_records(live.lines(), lines)
            cache = _open_cache(request, generations, model.identity)
        embed = partial(embed_texts, model=model, cache=cache, progress=steps.progress)

        if not (diff or request.full) and _is_built_like(live, request, model.identity):
            with steps.step(Step.ASK_GOLDEN):
                asked = embed([question.question for question in questions], Role.QUERY)
                answers = live.golden_answers(questions, asked.vectors, model.identity)
            golden = GoldenReport.of(answers, answers, request.gate)
            return replace(report, golden=golden, timings=steps.timings)

        with steps.step(Step.EMBED):
            passages = tuple(passages_of(records))
            embedded = embed([passage.text for passage in passages], Role.PASSAGE)
            asked = embed([question.question for question in questions], Role.QUERY)
        with steps.step(Step.INDEX):
            facts = entry_facts(records, request.default_language)
            retriever = Retriever.build(passages, embedded.vectors, facts)
        with steps.step(Step.CALIBRATE):
            confidence = ConfidenceModel.fit(
                retriever, passages, embedded.vectors, seed=request.seed
            )
            candidate = Candidate(retriever, confidence)
        with steps.step(Step.ASK_GOLDEN):
            after = ask_golden(candidate, questions, asked.vectors)
            before = live.golden_answers(questions, asked.vectors, model.identity)
            golden = GoldenReport.of(before, after, request.gate)

        report = replace(
            report,
            diff=diff,
            languages=_languages(content, passages, embedded, diff),
            embedded=len({embedded.keys[position] for position in embedded.fresh}),
            reused=len(passages) - len(embedded.fresh),
            truncated=_truncated(passages, embedded),
            golden=golden,
            timings=steps.timings,
        )
        if request.dry_run:
            return replace(report, outcome=BuildOutcome.DRY_RUN)
        if golden is not None and golden.objections and not request.force:
            return replace(report, outcome=BuildOutcome.REFUSED)

        with steps.step(Step.PUBLISH), write_failures("Writing the index"):
            staged = publisher.stage()
            origins = Origins(request.default_language, model.identity, inputs, content.files)
            keys = (*embedded.keys, *asked.keys)
            manifest = write_candidate(
                staged, candidate, lines=lines, keys=keys, answers=after, origins=origins
            )
            publisher.publish(staged, manifest)
        return replace(
            report,
            outcome=BuildOutcome.PUBLISHED,
            generation=staged.id,
            pruned=prune_with(publisher, generations, request.keep).generations,
            timings=steps.timings,
        )


def _inputs(request: BuildRequest, identity: ModelIdentity) -> str | None:
    golden = () if request.golden is None else (request.golden,)
    settings = (
        str(FORMAT),
        version("polyfaq"),
        request.default_language,
        identity.name,
        identity.weights_sha256,
        str(request.seed),
    )
    return fingerprint((*request.content, *golden), settings, request.limits)


def _is_built_like(live: LiveIndex, request: BuildRequest, identity: ModelIdentity) -> bool:
    """Tell whether the same records would give the same index again."""
    manifest = live.manifest
    return manifest is not None and (
        manifest.polyfaq,
        manifest.default_language,
        manifest.model,
    ) == (version("polyfaq"), request.default_language, identity)


def _golden_questions(
    request: BuildRequest,
) -> tuple[tuple[GoldenQuestion, ...], tuple[Problem, ...]]:
    return ((), ()) if request.golden is None else read_golden(request.golden, request.limits)


def _check(
    content: Content, questions: Sequence[GoldenQuestion], request: BuildRequest
) -> tuple[Problem, ...]:
    problems = [
        *content.problems,
        *check_records(
            content.records,
            default_language=request.default_language,
            today=request.today,
            limits=request.limits,
            identify=request.identify,
        ),
        *check_golden(questions, content.records),
    ]
    if not content.has_errors and not _servable(content):
        places = ", ".join(str(path) for path in request.content)
        problems.append(
            Problem(
                Severity.ERROR,
                Code.NO_CONTENT,
                f"there is no approved text in {places}; write an entry, or approve one",
            )
        )
    return tuple(problems)


def _servable(content: Content) -> list[Record]:
    """Texts that visitors may see on some day, in an order that no file decides."""
    approved = (record for record in content.records if record.status is Status.APPROVED)
    return sorted(approved, key=lambda record: (record.id, record.lang))


def _open_cache(
    request: BuildRequest, generations: Generations, identity: ModelIdentity
) -> EmbeddingCache:
    with write_failures("Opening the cache of vectors"):
        cache = EmbeddingCache.of_model(generations.embeddings_folder, identity)
        if request.full:
            cache.keep_only(())
    return cache


def _languages(
    content: Content, passages: Sequence[Passage], embedded: EmbeddedTexts, diff: ContentDiff
) -> tuple[LanguageReport, ...]:
    entries = Counter(record.lang for record in _servable(content))
    records = Counter(record.lang for record in content.records)
    cut = Counter(passage.lang for passage in passages)
    fresh = Counter(passages[position].lang for position in embedded.fresh)
    gone = {difference.lang for difference in diff.languages}
    return tuple(
        LanguageReport(
            lang=lang,
            entries=entries[lang],
            held_back=records[lang] - entries[lang],
            passages=cut[lang],
            embedded=fresh[lang],
            added=len(diff.of(lang).added),
            changed=len(diff.of(lang).changed),
            removed=len(diff.of(lang).removed),
        )
        for lang in sorted(records.keys() | gone)
    )


def _truncated(
    passages: Sequence[Passage], embedded: EmbeddedTexts
) -> tuple[TruncatedPassage, ...]:
    cut = (passages[position] for position in embedded.truncated)
    return tuple(TruncatedPassage(passage.entry_id, passage.lang, passage.kind) for passage in cut)
