"""The table of usual words on disk: a folder that describes itself, so that damage is noticed.

- words.json: this description, written last
- words.bin: one number for each word of each list, little-endian, 64 bits, ascending: from the
  lowest bit on, 8 bits for how usual the word is, 8 for the list, 32 for the word's key
- README.md: what it is, whose it is, and how it was made

Words themselves are not kept. One in some 10,000 words that no list has is taken for another one,
which is far below what two languages have in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from models.embedding import ModelDamagedError, ModelMissingError
from models.model_folder import FileRecord, check_digest, check_sizes
from models.word_index import MOST_LANGUAGES, Postings

WORD_TABLE = "word-frequencies"
"""The table's name in the catalogue, and its folder."""

MANIFEST = "words.json"
POSTINGS = "words.bin"
CARD = "README.md"

FORMAT = 1
STEPS_PER_NAT = 16
"""How finely log ratios are kept: in sixteenths, up to 15.9."""

# Languages whose words stand in a list of another name.
_LIST_OF: Mapping[str, str] = {"no": "nb", "tl": "fil", "hr": "sh", "bs": "sh"}

_BYTES_OF_ONE = 8
_AGAIN = f"Run `polyfaq models install {WORD_TABLE}` to install it again."


@dataclass(frozen=True, slots=True)
class WordTableManifest:
    """What the folder says about itself.

    Attributes:
        format: Version of this description.
        name: The table's name in the catalogue.
        lists: Codes of the lists, in the order of their numbers.
        source: Where the lists came from, for people.
        source_sha256: Hex digest of what they were read from.
        files: Every other file of the folder, by name.
    """

    format: int
    name: str
    lists: tuple[str, ...]
    source: str
    source_sha256: str
    files: dict[str, FileRecord]


@dataclass(frozen=True, slots=True)
class WordTable:
    """Usual words of some languages, and how much more usual they are than unknown ones.

    Attributes:
        lists: Codes of the lists.
        postings: Shape (n,), ascending; the weight of each is the logarithm of the word's frequency
            over that of a word the list does not have, in `STEPS_PER_NAT`, and its number that of
            the list.
    """

    lists: tuple[str, ...]
    postings: Postings

    def list_of(self, language: str) -> int | None:
        """Give the number of the list that has the words of a base language, if one does."""
        code = _LIST_OF.get(language, language)
        return self.lists.index(code) if code in self.lists else None


_MANIFEST = TypeAdapter(WordTableManifest)


def read_word_table(folder: Path) -> WordTable:
    """Read an installed table, digest and all.

    Args:
        folder: Where it is installed.

    Returns:
        The table.

    Raises:
        ModelMissingError: There is none, or a file of it is not there.
        ModelDamagedError: It is not what was installed.
    """
    manifest = read_word_manifest(folder)
    path = folder / POSTINGS
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelDamagedError(f"{path} cannot be read: {error}. {_AGAIN}") from error
    check_digest(path, hashlib.sha256(data).hexdigest(), manifest.files[POSTINGS], manifest.name)
    return WordTable(manifest.lists, np.frombuffer(data, dtype="<u8"))


def read_word_manifest(folder: Path) -> WordTableManifest:
    """Read the description, and see that the files have the sizes it tells.

    Args:
        folder: Where the table is installed.

    Returns:
        The description.

    Raises:
        ModelMissingError: There is no table, or a file of it is not there.
        ModelDamagedError: The description is unreadable, or a file has another size.
    """
    path = folder / MANIFEST
    try:
        manifest = _MANIFEST.validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelMissingError(
            f"No table of words is installed in {folder}: {MANIFEST} is missing. "
            f"Run `polyfaq models install {WORD_TABLE}`."
        ) from error
    except OSError as error:
        raise ModelDamagedError(f"{path} cannot be read: {error}. {_AGAIN}") from error
    except ValidationError as error:
        raise ModelDamagedError(f"{path} does not describe a table of words. {_AGAIN}") from error
    if manifest.format != FORMAT:
        raise ModelDamagedError(
            f"{path} has format {manifest.format}; this version reads format {FORMAT}. {_AGAIN}"
        )
    if set(manifest.files) != {POSTINGS, CARD} or len(manifest.lists) > MOST_LANGUAGES:
        raise ModelDamagedError(f"{path} does not describe a table of words. {_AGAIN}")
    check_sizes(folder, manifest.files, "table", _AGAIN)
    if manifest.files[POSTINGS].size % _BYTES_OF_ONE:
        raise ModelDamagedError(f"{path} does not describe a table of words. {_AGAIN}")
    return manifest


def write_word_manifest(folder: Path, manifest: WordTableManifest) -> None:
    """Write the description, which makes the folder a table."""
    (folder / MANIFEST).write_bytes(_MANIFEST.dump_json(manifest, indent=2) + b"\n")
