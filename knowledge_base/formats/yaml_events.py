"""YAML taken apart: its parts in order, within the limits and without the risky ones."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from knowledge_base.problems import Code
from knowledge_base.reading import Reading, ReadingStoppedError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
STRUCTURE = (
    yaml.StreamStartEvent,
    yaml.StreamEndEvent,
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
)
"""The kinds of parts that hold no value."""


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
                    line_of(event),
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
                line_of(event),
            )


def read_mapping(text: str, reading: Reading) -> dict[str, object]:
    """Read one mapping, as front matter has it; nothing at all is an empty one.

    Raises:
        ReadingStoppedError: The text is not YAML, no mapping, or uses tags, anchors or aliases.
    """
    source = Events(text, reading)
    values: object = None
    for event in source:
        if not isinstance(event, STRUCTURE):
            values = build_value(event, source, reading)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise reading.stop(Code.SYNTAX, "the front matter is no list of 'key: value' lines", 1)
    return values


def build_value(event: yaml.Event, source: Events, reading: Reading) -> object:
    """Put together the value that begins with an event, and take its events up."""
    begin = _index(event)
    stack: list[_Node] = []
    while True:
        if _index(event) - begin > reading.limits.record_characters:
            raise reading.stop(
                Code.TOO_LONG,
                f"the record is longer than {reading.limits.record_characters} characters; "
                "shorten it",
                line_of(event),
            )
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Node(isinstance(event, yaml.MappingStartEvent)))
        else:
            value: object = None
            if isinstance(event, yaml.ScalarEvent):
                value = None if is_null(event) else event.value
            elif isinstance(event, yaml.CollectionEndEvent):
                value = stack.pop().value()
            if not stack:
                return value
            wrong = stack[-1].take(value)
            if wrong is not None:
                reading.error(Code.SYNTAX, wrong, line_of(event))
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


def line_of(event: yaml.Event) -> int:
    """Give the line an event begins at, from 1."""
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _index(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


def is_null(event: yaml.Event) -> bool:
    """Tell a value that was left out, or written `null` or `~`."""
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
