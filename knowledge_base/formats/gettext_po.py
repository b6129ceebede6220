"""Gettext PO: one file per language, as translators and their tools know it.

Each text of an entry is a message. Its context is `ID:question`, `ID:answer` or `ID:alternates`
(one a line), the message is the source language's text, and the translation is the record's.
A draft is fuzzy. Every other field stands as `name: value` in an extracted comment of the
question's message. The source hash follows from the source texts unless a comment states another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import polib

from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.fields import is_field
from knowledge_base.formats import Layout
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.problems import Code, ContentError, Problem, Severity
from knowledge_base.reading import Reading
from knowledge_base.record_values import cells

_CONTEXT = re.compile(r"(.+):(question|answer|alternates)", re.DOTALL)
_SETTING = re.compile(r"([a-z_]+|metadata\.[^:]+): (.*)")
_LINE_OF_ERROR = re.compile(r"\(line (\d+)\):?\s*(.*)")
_SOURCE_LANGUAGE = "X-Source-Language"
_UNTRACKED = "none"
_IN_MESSAGES = frozenset({"id", "lang", "question", "answer", "alternates"})
_USUAL_SOURCE = "en"
# The parser's time grows with the square of these.
_MOST_LINES_IN_A_TEXT = 2_000
_MOST_CHARACTERS_IN_A_TEXT = 200_000


def read(data: bytes, reading: Reading) -> None:
    """Read a record for each entry whose question and answer are translated.

    The language is the header's `Language`, else the file's name.

    Raises:
        ReadingStoppedError: The text is no PO file or names no language.
    """
    text = reading.decode(data)
    _refuse_long_texts(text, reading)
    try:
        # The line feed keeps the library from taking the text for the name of a file.
        catalogue = polib.pofile(f"{text}\n")
    except (OSError, ValueError, IndexError) as error:
        found = _LINE_OF_ERROR.search(str(error))
        raise reading.stop(
            Code.SYNTAX,
            f"this is not a PO file: {(found[2] if found else '') or 'a line cannot be read'}; "
            "put texts in double quotes, and a backslash before each one within",
            int(found[1]) if found else None,
        ) from None
    lang = _language(catalogue, reading)
    source = catalogue.metadata.get(_SOURCE_LANGUAGE)
    entries: dict[str, dict[str, polib.POEntry]] = {}
    for message in catalogue:
        context = _CONTEXT.fullmatch(message.msgctxt or "")
        if message.obsolete:
            continue
        if context is None:
            _report(
                reading,
                Code.UNKNOWN_FIELD,
                f"the message {message.msgid[:40]!r} has no context such as ID:question and is "
                "left out; give it one",
                message,
            )
        elif entries.setdefault(context[1], {}).setdefault(context[2], message) is not message:
            reading.error(
                Code.DUPLICATE_ENTRY,
                f"the context {message.msgctxt[:80]!r} stands twice; delete one message",
                message.linenum,
            )
    for entry_id, messages in entries.items():
        _read_entry(entry_id, messages, lang, reading, is_source=source == lang)


def _read_entry(
    entry_id: str,
    messages: Mapping[str, polib.POEntry],
    lang: str,
    reading: Reading,
    *,
    is_source: bool,
) -> None:
    first = next(iter(messages.values()))
    translated = {name: message.msgstr for name, message in messages.items() if message.msgstr}
    if not translated:
        return
    missing = [name for name in ("question", "answer") if name not in translated]
    if missing:
        _report(
            reading,
            Code.UNTRANSLATED,
            f"the {missing[0]} of {entry_id[:80]!r} is not translated yet, so that the entry is "
            f"left out in {lang}; translate it",
            first,
        )
        return
    question, answer = messages["question"], messages["answer"]
    settings: dict[str, object] = {}
    if not is_source:
        settings["source_hash"] = source_hash(question.msgid, answer.msgid)
    if question.fuzzy or answer.fuzzy:
        settings["status"] = Status.DRAFT.value
    for comment in question.comment.split("\n"):
        found = _SETTING.fullmatch(comment)
        if found is not None and is_field(found[1]) and found[1] not in _IN_MESSAGES:
            settings[found[1]] = found[2]
    if settings.get("source_hash") == _UNTRACKED:
        del settings["source_hash"]
    reading.add({"id": entry_id, "lang": lang, **settings, **translated}, question.linenum)


def _refuse_long_texts(text: str, reading: Reading) -> None:
    lines = characters = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip()[:1] in {'"', "#"}:
            lines += 1
            characters += len(line)
        else:
            lines, characters = 0, len(line)
        if lines > _MOST_LINES_IN_A_TEXT or characters > _MOST_CHARACTERS_IN_A_TEXT:
            raise reading.stop(
                Code.TOO_LONG,
                f"a text or comment has more than {_MOST_LINES_IN_A_TEXT} lines or "
                f"{_MOST_CHARACTERS_IN_A_TEXT} characters; shorten it",
                number,
            )


def _language(catalogue: polib.POFile, reading: Reading) -> str:
    stated = catalogue.metadata.get("Language", "").strip()
    for candidate in [stated] if stated else [re.split(r"[/.]", reading.relative)[-1]]:
        try:
            return canonical_tag(candidate)
        except LanguageTagError:
            continue
    raise reading.stop(
        Code.MISSING_FIELD,
        'the header names no known language; write "Language: fr\\n" there',
        1,
    )


def _report(reading: Reading, code: Code, message: str, at: polib.POEntry) -> None:
    location = reading.at(at.linenum)
    reading.report(Problem(Severity.WARNING, code, message, location))


def write(records: Sequence[Record], layout: Layout) -> bytes:
    """Write the file of one language, with the messages that still await translation.

    The language is the one in the file's name, else the only one beside the source language. The
    source is the language with most records.

    Raises:
        ContentError: It cannot be told which of several languages is meant.
    """
    counts = Counter(record.lang for record in records)
    source = max(counts, key=lambda tag: (counts[tag], tag == _USUAL_SOURCE), default=_USUAL_SOURCE)
    target = layout.language or _only_target(tuple(counts), source)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": target,
        _SOURCE_LANGUAGE: source,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    sources = {record.id: record for record in records if record.lang == source}
    targets = {record.id: record for record in records if record.lang == target}
    waiting = {key for key, record in sources.items() if record.status is not Status.ARCHIVED}
    for key in dict.fromkeys(record.id for record in records):
        if key in targets or key in waiting:
            catalogue.extend(messages_of(key, sources.get(key), targets.get(key), source == target))
    return f"{catalogue}\n".encode()


def _only_target(languages: Sequence[str], source: str) -> str:
    others = [lang for lang in languages if lang != source] or [source]
    if len(others) > 1:
        message = (
            f"a PO file holds one language, and there are {', '.join(languages)}; name the "
            "target {lang}.po to write a file for each"
        )
        raise ContentError([Problem(Severity.ERROR, Code.TOO_MANY, message)])
    return others[0]


def messages_of(
    key: str, source: Record | None, target: Record | None, is_source: bool
) -> list[polib.POEntry]:
    """Write an entry's messages: question and answer, and alternates where there are any."""
    # Where there is no source text, the translation stands for it: a message cannot be empty.
    shown = source or target
    if shown is None:
        return []
    texts = [("question", shown.question), ("answer", shown.answer)]
    alternates = shown.alternates or (target.alternates if target else ())
    if alternates:
        texts.append(("alternates", "\n".join(alternates)))
    flags = ["fuzzy"] if target is not None and target.status is Status.DRAFT else []
    messages = []
    for name, text in texts:
        translation = "" if target is None else getattr(target, name)
        if not isinstance(translation, str):
            translation = "\n".join(translation)
        messages.append(
            polib.POEntry(
                msgctxt=f"{key}:{name}", msgid=text, msgstr=translation, flags=list(flags)
            )
        )
    if target is not None:
        messages[0].comment = _settings(target, None if is_source else shown)
    return messages


def _settings(record: Record, source: Record | None) -> str:
    """List the fields that the messages themselves do not say."""
    fields = {name: text for name, text in cells(record).items() if name not in _IN_MESSAGES}
    implied = None if source is None else source_hash(source.question, source.answer)
    if record.source_hash == implied:
        fields.pop("source_hash", None)
    elif record.source_hash is None:
        fields["source_hash"] = _UNTRACKED
    if record.status is Status.DRAFT:
        fields.pop("status", None)
    elif record.origin is Origin.MACHINE:
        fields["status"] = record.status.value
    return "\n".join(f"{name}: {text}" for name, text in fields.items())
