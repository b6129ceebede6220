"""The installed command as a shell sees it: exit codes, streams and signals."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from models.catalogue import DEFAULT_MODEL
from models.model_folder import (
    CARD,
    FORMAT,
    GRAPH,
    TOKENIZER,
    WEIGHTS,
    FileRecord,
    ModelManifest,
    write_manifest,
)

POLYFAQ = Path(sys.executable).with_name("polyfaq")
GOOD = "id,lang,question,answer\nshipping,en,How long?,Three days.\n"
BAD = "id,lang,question,answer\nshipping,en,,Three days.\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("POLYFAQ_")}
    return {**ours, "POLYFAQ_HOME": str(tmp_path / "var"), "POLYFAQ_CONTENT": str(tmp_path)}


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        (GOOD, ["check"], 0),
        (BAD, ["check"], 1),
        (GOOD, ["check", "--no-such-option"], 2),
        (GOOD, ["index"], 3),
    ],
)
def test_exit_codes(
    environment: dict[str, str], tmp_path: Path, content: str, arguments: list[str], code: int
) -> None:
    (tmp_path / "faq.csv").write_text(content)

    ran = subprocess.run(
        [POLYFAQ, *arguments],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    if code in {2, 3}:
        assert ran.stdout == ""
        assert "Error: " in ran.stderr
    if code == 3:
        assert "polyfaq models install" in ran.stderr


def test_ctrl_c_ends_a_long_command_with_a_word(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "var" / "models" / DEFAULT_MODEL
    folder.mkdir(parents=True)
    sizes = {GRAPH: 200 << 30, WEIGHTS: 0, TOKENIZER: 0, CARD: 0}
    for name, size in sizes.items():
        with (folder / name).open("wb") as file:
            file.truncate(size)
    files = {name: FileRecord(size, "0" * 64) for name, size in sizes.items()}
    write_manifest(
        folder, ModelManifest(FORMAT, DEFAULT_MODEL, 384, 512, "", "", "test", "0", files)
    )

    # Whoever runs the tests in the background may have had the signal ignored, which is inherited.
    heeded = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", heeded, POLYFAQ, "models", "verify"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"Reading {DEFAULT_MODEL}\n"
        process.send_signal(signal.SIGINT)
        last = process.stderr.read()

    assert process.returncode == 130
    assert "interrupted" in last
    assert "Traceback" not in last


def test_a_port_that_is_taken_is_told_in_one_line_and_3(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        ran = subprocess.run(
            [POLYFAQ, "serve", "--port", port],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert ran.returncode == 3
    assert ran.stderr.startswith(f"Error: port {port} of 127.0.0.1 is in use")
    assert ran.stderr.count("\n") == 1
