"""The root of the command line: help, settings, failures and exit codes."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import pytest

from app.cli.failures import FAILURES, failure_of
from app.cli.program import SUBCOMMANDS
from tests.unit.cli_run import Home


def test_help_lists_every_subcommand(home: Home) -> None:
    ran = home.run("--help")

    assert ran.code == 0
    for name, (_, summary) in SUBCOMMANDS.items():
        assert name in ran.out
        assert summary in ran.out


def test_help_imports_nothing_that_the_subcommands_work_with() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from app.cli.program import polyfaq\n"
        "assert CliRunner().invoke(polyfaq, ['--help']).exit_code == 0\n"
        "heavy = {'numpy', 'pydantic', 'sqlalchemy', 'flask', 'rich', 'faiss'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )

    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_version_is_told(home: Home) -> None:
    ran = home.run("--version")

    assert ran.code == 0
    assert ran.out.startswith("polyfaq ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["--bogus"],
        ["check", "--bogus"],
        ["ask"],
        ["db"],
        ["db", "downgrade"],
        ["models"],
        ["convert", "only-one"],
        ["serve", "--port", "99999"],
        ["tickets", "--limit", "0"],
    ],
)
def test_wrong_usage_is_exit_code_2(home: Home, arguments: list[str]) -> None:
    ran = home.run(*arguments)

    assert ran.code == 2
    assert "Usage: polyfaq" in ran.err
    assert ran.out == ""


def test_a_setting_that_cannot_be_used_is_wrong_usage(home: Home) -> None:
    ran = home.run("tickets", POLYFAQ_PORT="many")

    assert ran.code == 2
    assert "POLYFAQ_PORT" in ran.err
    assert "'many'" in ran.err


def test_a_misspelt_setting_in_the_environment_is_remarked_on(home: Home) -> None:
    ran = home.run("index", "list", POLYFAQ_PROT="8080")

    assert ran.code == 0
    assert "POLYFAQ_PROT is no setting and is not heeded; did you mean POLYFAQ_PORT?" in ran.err


def test_a_settings_file_can_be_named(home: Home) -> None:
    file = home.folder / "other.toml"
    file.write_text('default_language = "no such language"\n')

    ran = home.run("--config", file, "check")

    assert ran.code == 2
    assert "default_language" in ran.err


def test_a_settings_file_that_does_not_exist_is_named(home: Home) -> None:
    ran = home.run("--config", home.folder / "none.toml", "check")

    assert ran.code == 2
    assert "none.toml" in ran.err


@pytest.mark.parametrize("name", FAILURES)
def test_every_error_with_an_exit_code_exists(name: str) -> None:
    module, _, kind = name.rpartition(".")

    assert issubclass(getattr(import_module(module), kind), Exception)


def test_ctrl_c_ends_with_a_word_and_its_exit_code(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.check.read_content", _raise(KeyboardInterrupt()))

    ran = home.run("check")

    assert ran.code == 130
    assert "interrupted" in ran.err
    assert "Traceback" not in ran.err


def test_a_fault_of_ours_shows_no_stack_trace_unless_asked_for(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.check.read_content", _raise(ZeroDivisionError("oh")))

    short = home.run("check")
    long = home.run("--debug", "check")

    assert (short.code, long.code) == (3, 3)
    assert "ZeroDivisionError: oh" in short.err
    assert "--debug" in short.err
    assert "Traceback" not in short.err
    assert "Traceback" in long.err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(28, "No space left on device", "/data/x"), "/data/x: No space left on device"),
        (OSError("odd"), "odd"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_failures_of_the_system_are_exit_code_3(error: Exception, message: str) -> None:
    failure = failure_of(error)

    assert failure.exit_code == 3
    assert message in failure.format_message()


def test_the_installed_command_is_the_same_program(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("polyfaq")

    ran = subprocess.run(
        [command, "check", tmp_path / "none"], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.splitlines() == [
        f"Error: {tmp_path / 'none'} does not exist; name a content file or folder that does"
    ]


def _raise(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail
