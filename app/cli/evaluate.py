"""`polyfaq eval`: how the published index deals with questions, and with its languages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from app.choices import load_embedder_for
from app.cli.evaluation_display import show_evaluation, show_parity
from app.cli.failures import ExitCode, UsageFailure
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, quantity, say_json
from app.cli.problems import problem_document, show_problems
from app.cli.progress import CountProgress, StepProgress
from app.evaluation.documents import evaluation_document, parity_document
from app.evaluation.page import evaluation_page
from app.evaluation.parity import Parity, measure_parity
from app.evaluation.parity_plan import phrasing_queries, plan_parity
from app.evaluation.score import Evaluation, evaluate_index
from app.settings import Settings
from indexer.generation import Generation
from indexer.generations import Generations
from indexer.query import FloatArray
from knowledge_base.golden import GoldenQuestion, read_golden
from knowledge_base.problems import Severity
from models.embedding import Embedder, Role


@click.command("eval")
@click.argument(
    "file", metavar="[QUESTIONS.jsonl]", required=False, type=click.Path(path_type=Path)
)
@click.option(
    "--parity",
    "with_parity",
    is_flag=True,
    help="Ask the index its own phrasings as if their entries existed in one language alone.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with plots and tables, which needs no network.",
)
@json_option
@pass_invocation
@click.pass_context
def evaluate(
    ctx: click.Context,
    invocation: Invocation,
    *,
    file: Path | None,
    with_parity: bool,
    page: Path | None,
    as_json: bool,
) -> None:
    """Measure the published index: on golden questions, and by language.

    QUESTIONS.jsonl holds golden questions; without it, golden.jsonl beside the content does. RIGHT
    and WRONG are answers; CLARIFIED is asked back, OFFERED with the right entry among the choices.
    R@N is the share of answerable questions whose entry is among the N best, MRR the mean of one by
    its rank, ECE the expected calibration error over bins of equal count, AURC the area under the
    risk-coverage curve.

    With --parity, questions are not needed: each pair of languages is tried with the index's own
    phrasings.
    """
    settings = invocation.settings()
    if page is not None and not page.parent.is_dir():
        raise UsageFailure(f"--html: there is no folder {page.parent}; make it, or name another")
    if file is None and not with_parity:
        file = _beside_content(settings)
    questions = () if file is None else _read(ctx, file, as_json=as_json)
    embedder = load_embedder_for(settings, threads=len(os.sched_getaffinity(0)))
    generation = Generations(settings.generations_folder).open_current(embedder.identity)
    with CountProgress("questions", quiet=as_json) as progress:
        evaluation = _evaluate(generation, embedder, questions, progress) if questions else None
        parity = _compare(generation, embedder, progress) if with_parity else None
    if page is not None:
        page.write_text(evaluation_page(evaluation, parity), encoding="utf-8")
    if as_json:
        say_json(
            {
                **({"generation": generation.id} if evaluation is None else {}),
                **({} if evaluation is None else evaluation_document(evaluation)),
                **({} if parity is None else {"parity": parity_document(parity)}),
            }
        )
        return
    if evaluation is not None:
        show_evaluation(evaluation)
    if parity is not None:
        show_parity(parity)
    if page is not None:
        note(f"wrote {page}")


def _beside_content(settings: Settings) -> Path:
    if not settings.golden_file.is_file():
        raise UsageFailure(
            f"there is no {settings.golden_file}; name a file of golden questions, or add --parity"
        )
    return settings.golden_file


def _read(ctx: click.Context, file: Path, *, as_json: bool) -> tuple[GoldenQuestion, ...]:
    questions, problems = read_golden(file)
    is_faulty = any(problem.severity is Severity.ERROR for problem in problems)
    if is_faulty or not questions:
        if as_json:
            say_json({"problems": [problem_document(problem) for problem in problems]})
        else:
            show_problems(problems)
        why = "correct the faults above" if is_faulty else "it holds no question; write one a line"
        note(f"nothing was measured with {file}: {why}", "red")
        ctx.exit(ExitCode.INPUT)
    if not as_json:
        show_problems(problems)
    return questions


def _evaluate(
    generation: Generation,
    embedder: Embedder,
    questions: Sequence[GoldenQuestion],
    progress: StepProgress,
) -> Evaluation:
    progress.step(f"Asking {quantity(len(questions), 'question')}", len(questions))
    texts = [question.question for question in questions]
    vectors = embedder.embed(texts, Role.QUERY, progress.advance).vectors
    return evaluate_index(
        generation, questions, vectors, error_budget=generation.manifest.error_budget
    )


def _compare(generation: Generation, embedder: Embedder, progress: StepProgress) -> Parity:
    trials = plan_parity(generation.retriever.table)

    def embed(texts: Sequence[str]) -> FloatArray:
        progress.step(f"Embedding {len(texts):,} phrasings", len(texts))
        return embedder.embed(texts, Role.QUERY, progress.advance).vectors

    def text_of(entry_id: str, lang: str, phrasing: int) -> str:
        record = generation.records_of(entry_id)[lang]
        return record.alternates[phrasing - 1] if phrasing else record.question

    queries = phrasing_queries(trials, text_of, embed)
    progress.step(f"Asking {len(trials):,} questions", len(trials))
    return measure_parity(
        generation.id,
        generation.retriever,
        generation.decide,
        trials,
        queries,
        progress=progress.advance,
    )
