"""The path of an edit: from content files to the generation that serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib.metadata import version

from indexer.build_report import (
    BuildOutcome,
    BuildReport,
    BuildRequest,
    GoldenReport,
)
from indexer.build_steps import BuildProgress, Step, Steps, Unwatched
from indexer.candidate import Candidate, Origins, entry_facts, write_candidate
from indexer.confidence import ConfidenceModel
from indexer.diff import ContentDiff, diff_records
from indexer.durable import write_failures
from indexer.embedding_cache import EmbeddingCache
from indexer.embedding_run import EmbeddedTexts, EmbeddingModel, embed_texts
from indexer.far_questions import far_questions
from indexer.generations import Generations
from indexer.golden import ask_golden
from indexer.live_index import LiveIndex
from indexer.manifest import FORMAT
from indexer.material import check_material, read_material
from indexer.moved_answers import MovedAnswer, moved_answers
from indexer.passages import Passage, passages_of
from indexer.phrasings import AskedPhrasings, phrasings_to_ask
from indexer.pruning import prune_with
from indexer.publishing import exclusively
from indexer.query import Query
from indexer.record_lines import RecordKey, encode_records
from indexer.retriever import Retriever
from indexer.sources import fingerprint
from indexer.support import SupportModel
from indexer.support_fitting import fit_support
from indexer.support_texts import support_texts
from indexer.tallies import language_reports, truncated_passages
from knowledge_base.entry import Record
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
            material = read_material(request)
            if inputs != _inputs(request, model.identity):
                inputs = None  # edited meanwhile, so nobody knows what exactly was read
        with steps.step(Step.CHECK):
            report = replace(report, problems=check_material(material, request))
        if report.errors:
            return replace(report, outcome=BuildOutcome.INVALID, timings=steps.timings)

        with steps.step(Step.COMPARE):
            lines = encode_records(material.servable)
            diff, moved = _compare(live.lines(), lines)
            report = replace(report, moved=moved)
            cache = _open_cache(request, generations, model.identity)
            once = EmbeddingModel(model.identity, lru_cache(model.load))
            embed = partial(embed_texts, model=once, cache=cache, progress=steps.progress)
            golden_asked = embed(
                [question.question for question in material.questions],
                [Role.QUERY] * len(material.questions),
            )
            before = live.golden_answers(material.questions, golden_asked.vectors, model.identity)
        if not diff and not request.full and _is_built_like(live, request, model.identity):
            golden = GoldenReport.of(before, before, request.gate)
            return replace(report, golden=golden, timings=steps.timings)

        with steps.step(Step.EMBED):
            passages = tuple(passages_of(material.servable))
            embedded = embed(
                [passage.embedded_text for passage in passages],
                [passage.role for passage in passages],
            )
            trials = _embed_trials(passages, embed, request.seed)
            support, supporting = _learn_support(material.servable, embed, request.seed)
        with steps.step(Step.INDEX):
            facts = entry_facts(material.servable, request.default_language)
            offset = trials.asked.role_offset(passages, embedded.vectors)
            retriever = Retriever.build(passages, embedded.vectors, facts, offset)
        with steps.step(Step.CALIBRATE):
            confidence = ConfidenceModel.fit(
                retriever,
                passages,
                trials.asked,
                far=trials.far,
                seed=request.seed,
                error_budget=request.gate.error_budget,
            )
            candidate = Candidate(retriever, confidence, support)
        with steps.step(Step.ASK_GOLDEN):
            after = ask_golden(candidate, material.questions, golden_asked.vectors)
            golden = GoldenReport.of(before, after, request.gate)

        report = replace(
            report,
            diff=diff,
            languages=language_reports(material, passages, embedded, diff),
            embedded=len({embedded.keys[position] for position in embedded.fresh}),
            reused=len(passages) - len(embedded.fresh),
            truncated=truncated_passages(passages, embedded),
            confidence=confidence.description,
            golden=golden,
            timings=steps.timings,
        )
        if request.dry_run:
            return replace(report, outcome=BuildOutcome.DRY_RUN)
        if report.objections and not request.force:
            return replace(report, outcome=BuildOutcome.REFUSED)

        with steps.step(Step.PUBLISH), write_failures(f"Writing into {generations.folder}"):
            staged = publisher.stage()
            origins = Origins(
                request.default_language,
                model.identity,
                request.gate.error_budget,
                inputs,
                material.files,
            )
            keys = (*embedded.keys, *trials.keys, *supporting, *golden_asked.keys)
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


def _compare(
    served: Mapping[RecordKey, bytes], lines: Mapping[RecordKey, bytes]
) -> tuple[ContentDiff, tuple[MovedAnswer, ...]]:
    return diff_records(served, lines), moved_answers(served, lines)


@dataclass(frozen=True, slots=True)
class _EmbeddedTrials:
    """What the new index is asked to learn how far it can be trusted.

    Attributes:
        asked: Phrasings of its own.
        far: Questions on other topics.
        keys: What the cache knows them by.
    """

    asked: AskedPhrasings
    far: tuple[Query, ...]
    keys: tuple[bytes, ...]


def _embed_trials(
    passages: Sequence[Passage],
    embed: Callable[[Sequence[str], Sequence[Role]], EmbeddedTexts],
    seed: int,
) -> _EmbeddedTrials:
    rows = phrasings_to_ask(passages, seed=seed)
    texts = [passages[row].text for row in rows]
    others = far_questions()
    texts += [question.text for question in others]
    embedded = embed(texts, [Role.QUERY] * len(texts))
    far = zip(others, embedded.vectors[len(rows) :], strict=True)
    return _EmbeddedTrials(
        AskedPhrasings(rows, embedded.vectors[: len(rows)]),
        tuple(Query(question.text, question.language, vector) for question, vector in far),
        embedded.keys,
    )


def _learn_support(
    records: Iterable[Record],
    embed: Callable[[Sequence[str], Sequence[Role]], EmbeddedTexts],
    seed: int,
) -> tuple[SupportModel, tuple[bytes, ...]]:
    """Learn what supports a sentence; give with it what the cache knows the sentences by."""
    said = support_texts(records, seed)
    embedded = embed([text.text for text in said], [Role.PASSAGE] * len(said))
    return fit_support(said, embedded.vectors, seed), embedded.keys


def _inputs(request: BuildRequest, identity: ModelIdentity) -> str | None:
    golden = () if request.golden is None else (request.golden,)
    settings = (
        str(FORMAT),
        version("polyfaq"),
        request.default_language,
        identity.name,
        identity.weights_sha256,
        str(request.seed),
        str(request.gate.error_budget),
    )
    return fingerprint((*request.content, *golden), settings, request.limits)


def _is_built_like(live: LiveIndex, request: BuildRequest, identity: ModelIdentity) -> bool:
    """Tell whether the same records would give the same index again."""
    manifest = live.manifest
    return manifest is not None and (
        manifest.polyfaq,
        manifest.default_language,
        manifest.model,
        manifest.error_budget,
    ) == (version("polyfaq"), request.default_language, identity, request.gate.error_budget)


def _open_cache(
    request: BuildRequest, generations: Generations, identity: ModelIdentity
) -> EmbeddingCache:
    with write_failures("Opening the cache of vectors"):
        cache = EmbeddingCache.of_model(generations.embeddings_folder, identity)
        if request.full:
            cache.keep_only(())
    return cache
