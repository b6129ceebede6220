"""What is printed: for people and for programs, on terminals and elsewhere."""

import io
import sys

import pytest

from app.cli import output
from app.cli.progress import CountProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [bold]text[/bold]\n  indented", "plain [bold]text[/bold]\n  indented"),
        ("\x1b]0;owned\x07\x1b[2J", "\ufffd]0;owned\ufffd\ufffd[2J"),
        ("می‌خواهم 買\u3000う 5\u00a0€", "می‌خواهم 買\u3000う 5\u00a0€"),
        ("a\u202eb\0", "a\ufffdb\ufffd"),
    ],
)
def test_text_of_visitors_cannot_steer_the_terminal(
    text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.say(text)

    assert capsys.readouterr().out == f"{shown}\n"


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in _said_to(Terminal(), monkeypatch)
    assert "\x1b[" not in _said_to(io.StringIO(), monkeypatch)


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b[31m" not in _said_to(Terminal(), monkeypatch)


def test_a_table_in_a_file_is_not_folded_at_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table = output.table("NAME", "TEXT")
    table.add_row("n" * 30, "t" * 70)

    output.say(table)

    assert f"{'n' * 30}  {'t' * 70}" in capsys.readouterr().out


def test_progress_elsewhere_than_on_a_terminal_is_a_line_a_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with CountProgress("texts") as progress:
        progress.step("Reading", None)
        progress.step("Embedding", 3)
        progress.advance(3)

    printed = capsys.readouterr()
    assert printed.err.splitlines() == ["Reading", "Embedding"]
    assert printed.out == ""


def test_progress_on_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with CountProgress("texts") as progress:
        progress.step("Embedding", 4)
        progress.advance(3)

    assert "Embedding" in terminal.getvalue()
    assert "3/4" in terminal.getvalue()


def test_quiet_progress_says_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with CountProgress("texts", quiet=True) as progress:
        progress.step("Embedding", 4)

    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with CountProgress("texts", quiet=True) as progress:
        progress.step("Embedding", 4)
    assert terminal.getvalue() == ""


def _said_to(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdout", stream)
    output.say("words", "red")
    return stream.getvalue()


def test_what_is_counted_is_named_by_its_number() -> None:
    assert output.quantity(1, "text") == "1 text"
    assert output.quantity(2760, "text") == "2,760 texts"
    assert output.quantity(0, "entry", "entries") == "0 entries"
