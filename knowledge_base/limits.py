"""How much content is accepted: bounds that keep memory and time in hand."""

from __future__ import annotations

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on content; whatever exceeds one is refused with a message that names it.

    Attributes:
        file_bytes: Size of one file.
        html_bytes: Size of one HTML file, lower because markup costs more to take apart.
        content_bytes: Size of all files read together.
        expanded_bytes: Size of a workbook's parts once decompressed, all together.
        expansion_ratio: How many times larger than its compressed form a workbook's part may be.
        workbook_tags: Number of XML tags in a workbook, about eight to a cell with text.
        files: Number of files in all folders.
        records: Number of records, over all files.
        lines: Number of lines of one file.
        columns: Number of columns in a table.
        problems: Number of problems after which a file is given up.
        depth: Nesting of lists and mappings.
        record_characters: Length of one record in its file, all fields and markup together.
        id_characters: Length of an entry's key.
        question_characters: Length of a question or an alternate.
        answer_characters: Length of an answer.
        long_answer_characters: Length from which an answer is called hard to read.
        alternates: Number of alternates of one record.
        tags: Number of tags of one record.
        tag_characters: Length of a tag, and of a metadata key.
        related: Number of related entries of one record.
        url_characters: Length of a URL.
        metadata_keys: Number of metadata keys of one record.
        metadata_characters: Length of a metadata value.
    """

    file_bytes: int = 64 * _MEGABYTE
    html_bytes: int = 32 * _MEGABYTE
    content_bytes: int = 512 * _MEGABYTE
    expanded_bytes: int = 128 * _MEGABYTE
    expansion_ratio: int = 200
    workbook_tags: int = 5_000_000
    files: int = 200_000
    records: int = 200_000
    lines: int = 5_000_000
    columns: int = 1_000
    problems: int = 10_000
    depth: int = 32
    record_characters: int = 1_000_000
    id_characters: int = 200
    question_characters: int = 1_000
    answer_characters: int = 20_000
    long_answer_characters: int = 4_000
    alternates: int = 200
    tags: int = 50
    tag_characters: int = 100
    related: int = 100
    url_characters: int = 2_000
    metadata_keys: int = 50
    metadata_characters: int = 1_000
