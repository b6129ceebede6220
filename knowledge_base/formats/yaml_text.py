"""YAML: a list of records, read without tags, anchors and aliases, every value as text."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from knowledge_base.entry import Record
from knowledge_base.formats import Layout
from knowledge_base.formats.yaml_events import STRUCTURE, Events, build_value, is_null, line_of
from knowledge_base.problems import Code
from knowledge_base.reading import Reading
from knowledge_base.record_values import plain_values

_C_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
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
        if isinstance(event, STRUCTURE):
            continue
        line = line_of(event)
        if isinstance(event, yaml.MappingStartEvent):
            _read_wrapped(source, reading, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            _read_list(source, reading)
        elif not is_null(event):
            raise reading.stop(
                Code.SYNTAX, "the text is no list of records; begin each with '- id: '", line
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
            line = line_of(following)
    raise reading.stop(
        Code.SYNTAX, "the text is no list of records; begin each with '- id: '", line
    )


def _read_list(source: Events, reading: Reading) -> None:
    for event in source:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        line = line_of(event)
        value = build_value(event, source, reading)
        if isinstance(value, dict):
            reading.add(value, line)
        else:
            reading.error(
                Code.SYNTAX, "a record is a mapping; write 'key: value' lines under the dash", line
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
