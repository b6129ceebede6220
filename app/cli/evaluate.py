"""`polyfaq eval`: how the published index deals with golden questions."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.choices import load_embedder_for
from app.cli.failures import ExitCode
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, say, say_json, table
from app.cli.problems import problem_document, show_problems
from app.cli.progress import count_progress
from app.evaluation import RANKS, Evaluation, Score, evaluate_index
from app.settings import Settings
from indexer.generations import Generations
from knowledge_base.golden import GoldenQuestion, read_golden
from models.embedding import Role

_NUMBERS = ("ASKED", "RIGHT", "WRONG", "HANDED OVER", *(f"R@{rank}" for rank in RANKS), "MRR")


@click.command("eval")
@click.argument("file", metavar="QUESTIONS.jsonl", type=click.Path(path_type=Path))
@json_option
@pass_invocation
@click.pass_context
def evaluate(ctx: click.Context, invocation: Invocation, file: Path, as_json: bool) -> None:
    """Measure the published index against golden questions.

    Right is an answer with the expected entry, and no answer where none may be given. R@N is the
    share of answerable questions whose entry is among the N best, MRR the mean of one by its rank.
    """
    settings = invocation.settings()
    questions, problems = read_golden(file)
    if problems or not questions:
        if as_json:
            say_json({"problems": [problem_document(problem) for problem in problems]})
        else:
            show_problems(problems)
        note(f"nothing was measured: {file} has faults or no questions", "red")
        ctx.exit(ExitCode.INPUT)
    evaluation = _measure(settings, questions, quiet=as_json)
    if as_json:
        say_json(_document(evaluation))
    else:
        _show(evaluation)


def _measure(
    settings: Settings, questions: tuple[GoldenQuestion, ...], *, quiet: bool
) -> Evaluation:
    embedder = load_embedder_for(settings, threads=len(os.sched_getaffinity(0)))
    generation = Generations(settings.generations_folder).open_current(embedder.identity)
    with count_progress("questions", quiet=quiet) as progress:
        progress.step(f"Asking {len(questions):,} questions", len(questions))
        texts = [question.question for question in questions]
        vectors = embedder.embed(texts, Role.QUERY, progress.advance).vectors
        return evaluate_index(generation, questions, vectors)


def _show(evaluation: Evaluation) -> None:
    shown = table("LANGUAGE", *_NUMBERS, right=_NUMBERS)
    for score in (*evaluation.languages, evaluation.total):
        shown.add_row(
            score.lang,
            *(str(n) for n in (score.asked, score.right, score.wrong, score.handed_over)),
            *("-" if share is None else f"{share:.3f}" for share in (*score.recall, score.mrr)),
        )
    say(shown)
    total = evaluation.total
    say(f"{total.wrong} of {total.answered} answers were wrong; generation {evaluation.generation}")


def _document(evaluation: Evaluation) -> dict[str, object]:
    return {
        "generation": evaluation.generation,
        "total": _score_document(evaluation.total),
        "languages": {score.lang: _score_document(score) for score in evaluation.languages},
    }


def _score_document(score: Score) -> dict[str, object]:
    return {
        "asked": score.asked,
        "answered": score.answered,
        "right": score.right,
        "wrong": score.wrong,
        "handed_over": score.handed_over,
        "recall": {str(rank): share for rank, share in zip(RANKS, score.recall, strict=True)},
        "mrr": score.mrr,
    }
