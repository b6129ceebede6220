"""Weights from a model hub, through `huggingface_hub` and the variables that it honours."""

import errno
import threading
from pathlib import Path

from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download

from models.catalogue import HubSource
from models.folder_growth import growth_reported
from models.install_progress import InstallProgress, SourceUnavailableError
from models.model_folder import sha256_of
from models.repository_folder import CONFIG, ONNX_GRAPH, POOLING, TENSORS, TOKENIZER_JSON

# A machine without a hub should not keep its owner waiting; one behind a slow line still answers.
_REACH_SECONDS = 4.0
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


def fetch_repository(source: HubSource, folder: Path, progress: InstallProgress) -> Path:
    """Fetch a repository's files, or take them from the hub's own cache.

    Args:
        source: Which repository and commit, and the digests of its files.
        folder: Where the files go; what an earlier attempt left there is continued.
        progress: Told of the download.

    Returns:
        The folder with the files, their digests checked.

    Raises:
        SourceUnavailableError: The hub cannot be reached or refuses, offline mode is set and the
            cache does not have the files, or they are not those expected.
    """
    if constants.HF_HUB_OFFLINE:
        return _cached(source)
    sizes = _files_on_hub(source)
    weights = TENSORS if TENSORS in sizes else ONNX_GRAPH
    missing = {CONFIG, TOKENIZER_JSON, weights} - sizes.keys()
    if missing:
        raise SourceUnavailableError(
            f"{source.repository} at {source.revision} has no {', '.join(sorted(missing))}"
        )
    for name in (CONFIG, POOLING, TOKENIZER_JSON, weights):
        if name in sizes:
            progress.step(f"Downloading {name} of {source.repository}", sizes[name])
            with growth_reported(folder, progress, sizes[name]):
                _download(source, name, folder)
    _verify(source, folder)
    return folder


def _files_on_hub(source: HubSource) -> dict[str, int | None]:
    """Sizes of the repository's files, or an error soon: name lookup alone can hang for long."""
    found: dict[str, int | None] = {}
    failures: list[Exception] = []

    def ask() -> None:
        try:
            repository = HfApi(constants.ENDPOINT).model_info(
                source.repository, revision=source.revision, files_metadata=True
            )
            found.update({file.rfilename: file.size for file in repository.siblings or ()})
        except Exception as error:  # noqa: BLE001 - kept for the caller, whatever it is
            failures.append(error)

    thread = threading.Thread(target=ask, daemon=True, name="hub")
    thread.start()
    thread.join(_REACH_SECONDS)
    if thread.is_alive():
        raise SourceUnavailableError(
            f"{constants.ENDPOINT} did not answer within {_REACH_SECONDS:.0f} s"
        )
    if failures:
        raise SourceUnavailableError(
            f"{source.repository} cannot be had from {constants.ENDPOINT}: "
            f"{_first_line(failures[0])}"
        ) from failures[0]
    return found


def _download(source: HubSource, name: str, folder: Path) -> None:
    try:
        hf_hub_download(
            source.repository,
            name,
            revision=source.revision,
            local_dir=folder,
            endpoint=constants.ENDPOINT,
            etag_timeout=_REACH_SECONDS,
        )
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            raise
        raise SourceUnavailableError(
            f"{name} of {source.repository} broke off: {_first_line(error)}. What arrived is kept; "
            "run the command again to go on"
        ) from error


def _cached(source: HubSource) -> Path:
    try:
        cached = Path(
            snapshot_download(source.repository, revision=source.revision, local_files_only=True)
        )
    except Exception as error:
        raise SourceUnavailableError(
            f"HF_HUB_OFFLINE is set, and the hub's cache has no {source.repository} at "
            f"{source.revision}"
        ) from error
    _verify(source, cached)
    return cached


def _verify(source: HubSource, folder: Path) -> None:
    for name, expected in source.sha256.items():
        path = folder / name
        if not path.is_file():
            continue
        found = sha256_of(path)
        if found != expected:
            raise SourceUnavailableError(
                f"{name} of {source.repository} has SHA-256 {found}, expected {expected}. "
                f"Remove {path} and try again"
            )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
