"""YAML: a list of records, read without tags, anchors and aliases, every value as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from knowledge_base.entry import Record
from knowledge_base.formats import Layout
from knowledge_base.problems import Code
from knowledge_base.reading import Reading, ReadingStoppedError
from knowledge_base.record_values import plain_values

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_C_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_STRUCTURE = (
    yaml.StreamStartEvent,
    yaml.StreamEndEvent,
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
)
_ENTRIES = "entries"
_LONGEST_IN_LINE = 90


def read(data: bytes, reading: Reading) -> None:
    """Read records, each with the line it begins at.

    A list of mappings, or the same under the key `entries`. Plain values are never guessed at:
    `no` is the text "no", so Norwegian stays a language.

    Raises:
        ReadingStoppedError: The text is not YAML, or uses tags, anchors or aliases.
    """
    text = reading.decode(data)
    source = Events(text, reading)
    for event in source:
        if isinstance(event, _STRUCTURE):
            continue
        line = _line(event)
        if isinstance(event, yaml.MappingStartEvent):
            _read_wrapped(source, reading, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            _read_list(source, reading)
        elif not _is_null(event):
            raise reading.stop(
                Code.SYNTAX, "the text is no list of records; begin each with '- id: '", line
            )


def read_mapping(text: str, reading: Reading) -> dict[str, object]:
    """Read one mapping, as front matter has it; nothing at all is an empty one.

    Raises:
        ReadingStoppedError: The text is not YAML, no mapping, or uses tags, anchors or aliases.
    """
    source = Events(text, reading)
    values: object = None
    for event in source:
        if not isinstance(event, _STRUCTURE):
            values = _build(event, source, reading)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise reading.stop(Code.SYNTAX, "the front matter is no list of 'key: value' lines", 1)
    return values


class Events:
    """The parts of a YAML text in order, within the limits and without the risky ones."""

    def __init__(self, text: str, reading: Reading) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._reading = reading
        self._depth = 0

    def __iter__(self) -> Iterator[yaml.Event]:
        return self

    def __next__(self) -> yaml.Event:
        try:
            event = next(self._events)
        except yaml.YAMLError as error:
            raise _syntax_error(error, self._reading) from None
        if type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None:
            return event
        self._refuse_references(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._depth += 1
            if self._depth > self._reading.limits.depth:
                raise self._reading.stop(
                    Code.FORBIDDEN_SYNTAX,
                    f"lists and mappings nest deeper than {self._reading.limits.depth} levels",
                    _line(event),
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            self._depth -= 1
        return event

    def _refuse_references(self, event: yaml.Event) -> None:
        what = None
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            kind = "alias *" if isinstance(event, yaml.AliasEvent) else "anchor &"
            what = f"the {kind}{event.anchor[:40]}"
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            what = f"the tag {event.tag[:40]}"
        if what is not None:
            raise self._reading.stop(
                Code.FORBIDDEN_SYNTAX,
                f"{what} is not accepted; write the text out, in quotes if it begins with *, & or "
                "!",
                _line(event),
            )


def _read_wrapped(source: Events, reading: Reading, line: int) -> None:
    key = next(source)
    if isinstance(key, yaml.ScalarEvent) and key.value == _ENTRIES:
        value = next(source)
        if isinstance(value, yaml.SequenceStartEvent):
            _read_list(source, reading)
            following = next(source)
            if isinstance(following, yaml.MappingEndEvent):
                return
            line = _line(following)
    raise reading.stop(
        Code.SYNTAX, "the text is no list of records; begin each with '- id: '", line
    )


def _read_list(source: Events, reading: Reading) -> None:
    for event in source:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        line = _line(event)
        value = _build(event, source, reading)
        if isinstance(value, dict):
            reading.add(value, line)
        else:
            reading.error(
                Code.SYNTAX, "a record is a mapping; write 'key: value' lines under the dash", line
            )


def _build(event: yaml.Event, source: Events, reading: Reading) -> object:
    """Put together the value that begins with an event, and take its events up."""
    begin = _index(event)
    stack: list[_Node] = []
    while True:
        if _index(event) - begin > reading.limits.record_characters:
            raise reading.stop(
                Code.TOO_LONG,
                f"the record is longer than {reading.limits.record_characters} characters; "
                "shorten it",
                _line(event),
            )
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Node(isinstance(event, yaml.MappingStartEvent)))
        else:
            value: object = None
            if isinstance(event, yaml.ScalarEvent):
                value = None if _is_null(event) else event.value
            elif isinstance(event, yaml.CollectionEndEvent):
                value = stack.pop().value()
            if not stack:
                return value
            wrong = stack[-1].take(value)
            if wrong is not None:
                reading.error(Code.SYNTAX, wrong, _line(event))
        event = next(source)


class _Node:
    """A list or mapping whose parts are still coming in."""

    __slots__ = ("_key", "_list", "_mapping")

    def __init__(self, is_mapping: bool) -> None:
        self._mapping: dict[str, object] | None = {} if is_mapping else None
        self._list: list[object] = []
        self._key: str | None = None

    def take(self, value: object) -> str | None:
        """Add a part; describe what is wrong with it, if anything."""
        if self._mapping is None:
            self._list.append(value)
        elif self._key is None:
            if value is not None and not isinstance(value, str):
                self._key = ""
                return "a key is a list or mapping; write 'key: value' lines"
            self._key = value or ""
            if self._key in self._mapping:
                return f"the key {self._key[:80]!r} stands twice; keep one"
        else:
            self._mapping[self._key] = value
            self._key = None
        return None

    def value(self) -> object:
        return self._list if self._mapping is None else self._mapping


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _index(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


def _is_null(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.value in _NULLS and not event.style


def _syntax_error(error: yaml.YAMLError, reading: Reading) -> ReadingStoppedError:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return reading.stop(
        Code.SYNTAX,
        f"this is not YAML: {what}; check the indentation and put texts with ': ' or ' #' in "
        "quotes",
        mark.line + 1 if mark is not None else None,
    )


class _Blocks:
    """Has long texts and those of several lines written as blocks."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text or len(text) > _LONGEST_IN_LINE else None
        return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


class _FastDumper(_Blocks, _C_DUMPER):  # type: ignore[misc, valid-type] # chosen at run time
    pass


class _FullDumper(_Blocks, yaml.SafeDumper):
    """Knows that emoji can be printed, which the fast one escapes."""


_FastDumper.add_representer(str, _Blocks.represent_text)
_FullDumper.add_representer(str, _Blocks.represent_text)


def write(records: Sequence[Record], layout: Layout) -> bytes:  # noqa: ARG001 one YAML layout
    """Write a list of records, texts of several lines as blocks."""
    return "\n".join(dumped([plain_values(record)]) for record in records).encode() or b"[]\n"


def dumped(value: object) -> str:
    """Write a value of lists, mappings and texts as readable YAML."""
    text = _dumped_with(_FastDumper, value)
    return _dumped_with(_FullDumper, value) if "\\U" in text else text


def _dumped_with(dumper: type, value: object) -> str:
    return yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=100)
