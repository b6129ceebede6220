"""What there is to translate: entries and languages that lack a text, or whose draft is stale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.translating.refusal import Reason, Refusal
from app.translating.routes import Route, Routes
from knowledge_base.amending.draft import is_replaceable
from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.languages import closest_tag


class Only(StrEnum):
    """Which texts to make."""

    MISSING = "missing"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Job:
    """A text to be made.

    Attributes:
        source: The approved text it is made from.
        lang: The canonical tag of the language to make it in.
        route: The way there.
        replaced: The stale draft that it takes the place of; None where there is no text yet.
    """

    source: Record
    lang: str
    route: Route
    replaced: Record | None = None


@dataclass(slots=True)
class Plan:
    """What there is to do, and what there is not.

    Attributes:
        jobs: In the order of the content, all languages of an entry together.
        refused: Entries for which there is no way into a language.
        current: Texts that need nothing, by language.
        stale_approved: Approved texts that are stale and left to people, by language.
        sourceless: Entries without an approved text to translate from.
    """

    jobs: list[Job] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    current: dict[str, int] = field(default_factory=dict)
    stale_approved: dict[str, int] = field(default_factory=dict)
    sourceless: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which languages are wanted, and from which.

    Attributes:
        languages: Canonical tags to translate into.
        source: Canonical tag to translate from, and from no other; None to choose for each entry.
        preferred: Tags to translate from, the best first: the default language leads.
        only: Which texts to make; None for all.
    """

    languages: tuple[str, ...]
    source: str | None
    preferred: tuple[str, ...]
    only: Only | None = None


def plan(records: Sequence[Record], wanted: Wanted, routes: Callable[[], Routes]) -> Plan:
    """Compare content with what is wanted.

    Args:
        records: All of the content.
        wanted: Languages.
        routes: Gives the ways between languages; not called where nothing is to be done.

    Raises:
        TranslatorError: The translator cannot tell its languages.
    """
    entries: dict[str, dict[str, Record]] = {}
    for record in records:
        entries.setdefault(record.id, {}).setdefault(record.lang, record)
    made = Plan()
    for by_language in entries.values():
        _plan_entry(by_language, wanted, routes, made)
    return made


def _plan_entry(
    by_language: dict[str, Record], wanted: Wanted, routes: Callable[[], Routes], made: Plan
) -> None:
    sources = _sources(by_language, wanted)
    if not sources:
        if any(record.status is not Status.ARCHIVED for record in by_language.values()):
            made.sourceless.append(next(iter(by_language.values())).id)
        return
    approved = (each for each in by_language.values() if each.status is Status.APPROVED)
    hashes = {source_hash(each.question, each.answer) for each in approved}
    for lang in wanted.languages:
        there = by_language.get(lang)
        if there is not None and there in sources[:1]:
            continue
        if there is not None:
            is_stale = there.source_hash is not None and there.source_hash not in hashes
            if not is_stale or not is_replaceable(there):
                counts = made.stale_approved if is_stale else made.current
                counts[lang] = counts.get(lang, 0) + 1
                continue
        if wanted.only is (Only.STALE if there is None else Only.MISSING):
            continue
        _plan_text(sources, lang, there, routes, made)


def _plan_text(
    sources: Sequence[Record],
    lang: str,
    there: Record | None,
    routes: Callable[[], Routes],
    made: Plan,
) -> None:
    for source in sources:
        route = routes().between(source.lang, lang) if source.lang != lang else None
        if route is not None:
            made.jobs.append(Job(source, lang, route, there))
            return
    known = ", ".join(source.lang for source in sources)
    made.refused.append(
        Refusal(
            sources[0].id,
            lang,
            None,
            Reason.NO_ROUTE,
            f"the translator knows no way from {known} to {lang}",
        )
    )


def _sources(by_language: dict[str, Record], wanted: Wanted) -> list[Record]:
    """List an entry's approved texts, the one to translate from first."""
    approved = {
        lang: record for lang, record in by_language.items() if record.status is Status.APPROVED
    }
    if wanted.source is not None:
        own = closest_tag(wanted.source, approved)
        return [] if own is None else [approved[own]]
    leading = [closest_tag(tag, approved) for tag in wanted.preferred]
    by_people = sorted(approved, key=lambda lang: approved[lang].origin is Origin.MACHINE)
    order = dict.fromkeys([*(tag for tag in leading if tag is not None), *by_people])
    return [approved[lang] for lang in order]
