"""The glossary: terms that translations keep, and terms whose translation is settled.

A table as spreadsheets write it, `glossary.csv` beside the content: a column `term`, and one for
each language in which a term reads otherwise.

    term,fr,de
    polyfaq,,
    basket,panier,Warenkorb
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.languages import LanguageTagError, canonical_tag, closest_tag
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, ContentError, MissingPathError
from knowledge_base.reading import Reading, ReadingStoppedError

GLOSSARY_NAME = "glossary.csv"
_TERM = "term"
_SEPARATORS = (",", ";", "\t")
_MOST_TERMS = 2_000
_MOST_BYTES = 4 * 1024 * 1024
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Term:
    """A word or name that is always translated the same, or not at all.

    Attributes:
        text: As it stands in the default language.
        translations: By canonical tag; none for a term that stays as it is everywhere.
    """

    text: str
    translations: Mapping[str, str]

    def in_language(self, tag: str) -> str | None:
        """Give the term in a language, None where that is not settled."""
        closest = closest_tag(tag, self.translations)
        return None if closest is None else self.translations[closest]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms, in the order of their file.

    Attributes:
        default_language: The canonical tag of the language that `Term.text` is in.
        terms: The terms.
    """

    default_language: str
    terms: tuple[Term, ...] = ()

    def between(self, source: str, target: str) -> dict[str, str]:
        """Tell what terms of one language are in another; those not settled are left out."""
        found: dict[str, str] = {}
        for term in self.terms:
            here, there = self._read(term, source), self._read(term, target)
            if here is not None and there is not None:
                found.setdefault(here, there)
        return found

    def _read(self, term: Term, tag: str) -> str | None:
        stated = term.in_language(tag)
        if stated is not None:
            return stated
        is_own = closest_tag(tag, [self.default_language]) is not None
        return term.text if is_own or not term.translations else None


def read_glossary(path: Path, default_language: str, limits: Limits = _DEFAULT_LIMITS) -> Glossary:
    """Read a glossary.

    Raises:
        MissingPathError: The file does not exist.
        ContentError: It has faults; each is named with its row.
        OSError: It cannot be read.
    """
    if not path.is_file():
        raise MissingPathError(path, "a glossary")
    reading = Reading(str(path), limits)
    terms: list[Term] = []
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise reading.stop(Code.TOO_LARGE, f"the glossary is larger than {_MOST_BYTES} bytes")
        terms = _terms(reading.decode(data), reading)
    except ReadingStoppedError:
        pass
    if reading.problems:
        raise ContentError(reading.problems)
    return Glossary(default_language, tuple(terms))


def _terms(text: str, reading: Reading) -> list[Term]:
    heading = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=heading.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    languages: list[str] | None = None
    terms: dict[str, Term] = {}
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            line = rows.line_num
            if not any(cells):
                continue
            if languages is None:
                languages = _languages(cells, reading, line)
            else:
                term = _term(cells, languages, reading, line)
                if term.text in terms:
                    reading.error(Code.DUPLICATE_ENTRY, f"{term.text!r} stands twice", line)
                terms[term.text] = term
            if len(terms) > _MOST_TERMS:
                raise reading.stop(Code.TOO_MANY, f"there are more than {_MOST_TERMS} terms", line)
    except csv.Error as error:
        raise reading.stop(Code.SYNTAX, f"the row cannot be read: {error}", rows.line_num) from None
    return list(terms.values())


def _languages(cells: Sequence[str], reading: Reading, line: int) -> list[str]:
    if cells[0].casefold() != _TERM:
        raise reading.stop(
            Code.MISSING_FIELD,
            f"the first column is {cells[0][:40]!r}; call it term, and every other by a language",
            line,
        )
    languages = []
    for cell in cells[1:]:
        try:
            languages.append(canonical_tag(cell))
        except LanguageTagError as error:
            raise reading.stop(Code.INVALID_FIELD, str(error), line) from None
    return languages


def _term(cells: Sequence[str], languages: Sequence[str], reading: Reading, line: int) -> Term:
    if not cells[0]:
        reading.error(Code.MISSING_FIELD, "the row has no term; write one, or delete the row", line)
    if len(cells) > len(languages) + 1:
        reading.error(
            Code.SYNTAX, "the row has more cells than the heading; put commas in quotes", line
        )
    translations = {tag: cell for tag, cell in zip(languages, cells[1:], strict=False) if cell}
    return Term(cells[0], translations)
