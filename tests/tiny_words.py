"""A table of usual words small enough to be made in a test, and the package it is read from."""

import gzip
import zipfile
from collections.abc import Mapping
from math import log1p
from pathlib import Path

import msgpack
import numpy as np

from models.catalogue import CatalogueWords, PinnedWheel
from models.model_folder import sha256_of
from models.word_index import key_of
from models.word_table import STEPS_PER_NAT, WORD_TABLE, WordTable

HEADER = {"format": "cB", "version": 1}
PATH = "tinywords/{list}.gz"


def word_table(lists: Mapping[str, Mapping[str, float]]) -> WordTable:
    """A table of these words and their frequencies, by the codes of their lists."""
    postings = [
        key_of(word) << 16 | number << 8 | round(STEPS_PER_NAT * log1p(frequency * 1e6))
        for number, words in enumerate(lists.values())
        for word, frequency in words.items()
    ]
    return WordTable(tuple(lists), np.array(sorted(postings), dtype=np.uint64))


def write_words_wheel(
    folder: Path, lists: Mapping[str, object], *, words: int = 3
) -> CatalogueWords:
    """Write a wheel that pip takes, and give what the catalogue would say of it.

    Args:
        folder: Where it goes.
        lists: What each list holds before it is packed, by its code; bytes are packed already.
        words: How many of each list's words are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / "tinywords-1.0-py3-none-any.whl"
    info = "tinywords-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        for code, content in lists.items():
            packed = (
                content if isinstance(content, bytes) else gzip.compress(msgpack.packb(content))
            )
            archive.writestr(PATH.format(list=code), packed)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinywords\nVersion: 1.0\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return CatalogueWords(
        name=WORD_TABLE,
        description="Some words",
        homepage="https://words.example/tiny",
        citation="A tiny list (2020)",
        licence="CC-BY-SA-4.0",
        lists=tuple(lists),
        words=words,
        size_on_disk=1_000_000,
        path=PATH,
        wheel=PinnedWheel(
            package="tinywords",
            version="1.0",
            platform="any",
            sha256=sha256_of(wheel),
            size=wheel.stat().st_size,
        ),
    )


def _packed(content: object) -> bytes:
    return content if isinstance(content, bytes) else gzip.compress(msgpack.packb(content))
