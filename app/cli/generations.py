"""The subcommands of `polyfaq index` that look after published generations."""

from __future__ import annotations

import click

from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, quantity, say, say_json, table
from indexer.diff import ContentDiff
from indexer.generations import Generations, ListedGeneration
from indexer.manifest import Manifest
from indexer.pruning import prune as prune_generations
from indexer.publishing import exclusively

_SHOWN_IDS = 20
_NUMBERS = ("ENTRIES", "PASSAGES", "LANGUAGES", "MB", "RECALL@10", "THRESHOLD", "COVERAGE")


@click.group()
def generations() -> None:
    """Look after published generations."""


@generations.command("list")
@json_option
@pass_invocation
def list_generations(invocation: Invocation, as_json: bool) -> None:
    """List generations, the newest first."""
    listed = _generations(invocation).list()
    if as_json:
        say_json([_listed_document(one) for one in listed])
        return
    if not listed:
        note("No generation was published yet. Run `polyfaq index`.")
        return
    shown = table("", "GENERATION", "ENTRIES", "PASSAGES", "LANGUAGES", "MB", right=_NUMBERS)
    for one in listed:
        mark = "*" if one.is_current else ""
        manifest = one.manifest
        if manifest is None:
            shown.add_row(mark, one.id, "", "", "", "", style="red")
            note(one.fault or "", "red")
            continue
        shown.add_row(
            mark,
            one.id,
            f"{manifest.entries:,}",
            f"{manifest.passages:,}",
            str(len(manifest.languages)),
            f"{manifest.size / 1e6:,.1f}",
        )
    say(shown)


@generations.command()
@click.argument("generation_id", metavar="[ID]", required=False)
@json_option
@pass_invocation
def show(invocation: Invocation, generation_id: str | None, as_json: bool) -> None:
    """Show what a generation is made of.

    Without ID, the one that serves.
    """
    kept = _generations(invocation)
    manifest = kept.manifest(generation_id) if generation_id else kept.current_manifest()
    if as_json:
        say_json(manifest_document(manifest))
        return
    say(f"{manifest.id}, built {manifest.created:%Y-%m-%d %H:%M} UTC by polyfaq {manifest.polyfaq}")
    say(
        f"{quantity(manifest.entries, 'entry', 'entries')}, "
        f"{quantity(manifest.passages, 'passage')}, default language "
        f"{manifest.default_language}"
    )
    say(
        f"model {manifest.model.name}, {manifest.model.dimension} dimensions, compared by "
        f"{manifest.metric}, weights {manifest.model.weights_sha256[:12]}"
    )
    say(f"confidence: {manifest.confidence}")
    say(f"support: {manifest.support}")
    if manifest.golden is not None:
        golden = manifest.golden
        say(
            f"golden questions: {golden.right} of {golden.asked} right, {golden.wrong} wrong, "
            f"{golden.handed_over} not answered"
        )
    shown = table(
        "LANGUAGE",
        "ENTRIES",
        "PASSAGES",
        "SEARCH",
        "RECALL@10",
        "THRESHOLD",
        "COVERAGE",
        right=_NUMBERS,
    )
    for language in manifest.languages:
        shown.add_row(
            language.lang,
            f"{language.entries:,}",
            f"{language.passages:,}",
            language.backend,
            f"{language.recall_at_10:.3f}",
            f"{language.threshold:.3f}",
            _share(language.coverage),
        )
    shown.add_row("any other", "", "", "", "", f"{manifest.threshold:.3f}", _share(None))
    say(shown)


@generations.command()
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@json_option
@pass_invocation
def diff(invocation: Invocation, before: str | None, after: str | None, as_json: bool) -> None:
    """Show what changed from generation A to generation B.

    Without B, to the one that serves; without A as well, from the one before it.
    """
    kept = _generations(invocation)
    earlier = before or kept.before_current()
    found = kept.diff(earlier, after or kept.current_manifest().id)
    if as_json:
        say_json(diff_document(found))
        return
    if not found:
        say("the same entries")
    show_diff(found)


@generations.command()
@click.argument("generation_id", metavar="[ID]", required=False)
@json_option
@pass_invocation
def rollback(invocation: Invocation, generation_id: str | None, as_json: bool) -> None:
    """Serve an older generation again.

    Without ID, the one before the current.
    """
    with exclusively(_generations(invocation)) as publisher:
        manifest = publisher.rollback(generation_id)
    if as_json:
        say_json({"generation": manifest.id})
    else:
        say(f"{manifest.id} serves now")


@generations.command()
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="How many of the latest generations to keep; the current one always stays.",
)
@json_option
@pass_invocation
def prune(invocation: Invocation, keep: int, as_json: bool) -> None:
    """Remove old generations.

    Cached vectors that none of the generations kept needs go as well.
    """
    pruned = prune_generations(_generations(invocation), keep)
    if as_json:
        say_json({"generations": pruned.generations, "vectors": pruned.vectors})
    else:
        removed = quantity(len(pruned.generations), "generation")
        say(f"removed {removed} and {quantity(pruned.vectors, 'cached vector')}")


def show_diff(diff: ContentDiff) -> None:
    """Print the entries that were added, changed and removed, per language."""
    for language in diff.languages:
        for sign, ids, style in (
            ("+", language.added, "green"),
            ("~", language.changed, "yellow"),
            ("-", language.removed, "red"),
        ):
            if ids:
                more = f" and {len(ids) - _SHOWN_IDS} more" if len(ids) > _SHOWN_IDS else ""
                say(f"{language.lang}  {sign} {', '.join(ids[:_SHOWN_IDS])}{more}", style)


def diff_document(diff: ContentDiff) -> dict[str, object]:
    """Give the JSON of what changed, by language."""
    return {
        language.lang: {
            "added": language.added,
            "changed": language.changed,
            "removed": language.removed,
        }
        for language in diff.languages
    }


def manifest_document(manifest: Manifest) -> dict[str, object]:
    """Give the JSON of a manifest, without its list of files."""
    golden = manifest.golden
    return {
        "id": manifest.id,
        "created": manifest.created,
        "polyfaq": manifest.polyfaq,
        "default_language": manifest.default_language,
        "entries": manifest.entries,
        "passages": manifest.passages,
        "languages": manifest.languages,
        "model": manifest.model,
        "metric": manifest.metric,
        "confidence": manifest.confidence,
        "threshold": manifest.threshold,
        "coverage": manifest.coverage,
        "support": manifest.support,
        "golden": golden,
        "sources": manifest.sources,
        "size": manifest.size,
    }


def _generations(invocation: Invocation) -> Generations:
    return Generations(invocation.settings().generations_folder)


def _listed_document(one: ListedGeneration) -> dict[str, object]:
    manifest = one.manifest
    return {
        "id": one.id,
        "current": one.is_current,
        "fault": one.fault,
        "created": manifest and manifest.created,
        "entries": manifest and manifest.entries,
        "passages": manifest and manifest.passages,
        "languages": manifest and [language.lang for language in manifest.languages],
        "size": manifest and manifest.size,
    }


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
