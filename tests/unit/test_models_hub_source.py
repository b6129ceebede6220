import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

from models import install
from models.catalogue import CatalogueModel
from models.hub_source import fetch_repository
from models.install import install_model
from models.install_progress import SilentProgress, SourceUnavailableError
from models.model_folder import read_manifest
from tests.tiny_model import tiny_catalogue_model, tiny_model


class Hub(ThreadingHTTPServer):
    """Serves one repository as a model hub does."""

    def __init__(self, repository: Path, model: CatalogueModel) -> None:
        super().__init__(("127.0.0.1", 0), HubRequest)
        self.repository = repository
        self.model = model
        self.downloads: list[str] = []
        self.broken: set[str] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class HubRequest(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        source = self.server.model.hub
        path = self.path.partition("?")[0]
        files = {
            file.relative_to(self.server.repository).as_posix(): file
            for file in self.server.repository.rglob("*")
            if file.is_file()
        }
        prefix = f"/{source.repository}/resolve/{source.revision}/"
        name = path.removeprefix(prefix)
        headers = {"X-Repo-Commit": source.revision}
        if path == f"/api/models/{source.repository}/revision/{source.revision}":
            siblings = [
                {"rfilename": name, "size": file.stat().st_size} for name, file in files.items()
            ]
            body = json.dumps(
                {"id": source.repository, "sha": source.revision, "siblings": siblings}
            ).encode()
            headers["Content-Type"] = "application/json"
        elif path.startswith(prefix) and name in files and name not in self.server.broken:
            body = files[name].read_bytes()
            headers["ETag"] = f'"{sha256(body).hexdigest()}"'
            if with_body:
                self.server.downloads.append(name)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Keep quiet."""


@pytest.fixture
def model(tmp_path: Path) -> CatalogueModel:
    return tiny_catalogue_model(tmp_path, tiny_model())


@pytest.fixture
def hub(tmp_path: Path, model: CatalogueModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub(tmp_path / "repository", model) as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, hub.address)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "ENDPOINT", hub.address)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(install, "find_model", lambda _: model)
        yield hub
        hub.shutdown()
        thread.join()


def test_the_hub_is_asked_first(hub: Hub, tmp_path: Path) -> None:
    folder = install_model("tiny", tmp_path / "models")

    assert read_manifest(folder).source == "hub"
    assert sorted(hub.downloads) == ["config.json", "model.safetensors", "tokenizer.json"]


def test_what_arrived_is_not_fetched_again(hub: Hub, model: CatalogueModel, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    hub.broken = {"model.safetensors"}
    with pytest.raises(SourceUnavailableError, match=r"model\.safetensors of someone/tiny"):
        fetch_repository(model.hub, folder, SilentProgress())
    hub.broken = set()

    fetch_repository(model.hub, folder, SilentProgress())

    assert sorted(hub.downloads) == ["config.json", "model.safetensors", "tokenizer.json"]


def test_other_weights_than_expected_are_refused(
    hub: Hub, model: CatalogueModel, tmp_path: Path
) -> None:
    pinned = replace(model.hub, sha256={"model.safetensors": "0" * 64})

    with pytest.raises(SourceUnavailableError, match=r"model\.safetensors .* expected 0000"):
        fetch_repository(pinned, tmp_path / "files", SilentProgress())

    assert "model.safetensors" in hub.downloads


def test_a_repository_without_the_files_is_refused(
    hub: Hub, model: CatalogueModel, tmp_path: Path
) -> None:
    (hub.repository / "model.safetensors").unlink()

    with pytest.raises(SourceUnavailableError, match=r"has no onnx/model\.onnx"):
        fetch_repository(model.hub, tmp_path / "files", SilentProgress())


def test_a_repository_that_the_hub_does_not_have_is_named(
    hub: Hub, model: CatalogueModel, tmp_path: Path
) -> None:
    other = replace(model.hub, repository="someone/else")

    with pytest.raises(SourceUnavailableError, match=rf"someone/else .*{hub.server_port}"):
        fetch_repository(other, tmp_path / "files", SilentProgress())


@pytest.mark.usefixtures("hub")
def test_a_hub_that_refuses_connections_is_given_up(
    model: CatalogueModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(SourceUnavailableError, match=r"cannot be had from http://127\.0\.0\.1:9"):
        fetch_repository(model.hub, tmp_path / "files", SilentProgress())


def test_offline_mode_never_asks_the_hub(
    hub: Hub, model: CatalogueModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    with pytest.raises(SourceUnavailableError, match="HF_HUB_OFFLINE is set"):
        fetch_repository(model.hub, tmp_path / "files", SilentProgress())

    assert hub.downloads == []
