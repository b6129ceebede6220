"""`polyfaq serve`: options over settings, and the exit code of the server."""

from collections.abc import Callable

import pytest

from app.settings import Settings
from tests.unit.cli_run import Home


def test_options_go_before_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []

    def serve(settings: Settings, on_ready: Callable[[int, None], None]) -> int:
        served.append(settings)
        on_ready(settings.port, None)
        return 0

    monkeypatch.setattr("app.cli.serve.serve_http", serve)

    ran = home.run("serve", "--host", "::1", "--port", "9999", "--threads=3", POLYFAQ_WORKERS="2")

    assert ran.code == 0
    assert (served[0].host, served[0].port) == ("::1", 9999)
    assert (served[0].workers, served[0].threads) == (2, 3)
    assert "http://[::1]:9999/v1/ask" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])  # noqa: S104 - only shown
def test_once_it_answers_it_says_where_and_how_to_ask(
    host: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(_: Settings, on_ready: Callable[[int, None], None]) -> int:
        on_ready(54321, None)
        return 0

    monkeypatch.setattr("app.cli.serve.serve_http", serve)

    told = home.run("serve", "--host", host, "--port", "0").err

    assert "in a browser   http://localhost:54321\n" in told
    assert "curl -s http://localhost:54321/v1/ask" in told
    assert ' ask "' in told


def test_while_it_cannot_answer_it_invites_nobody_and_says_why(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(_: Settings, on_ready: Callable[[int, str], None]) -> int:
        on_ready(54321, "The index is gone. Run `polyfaq index`.")
        return 0

    monkeypatch.setattr("app.cli.serve.serve_http", serve)

    told = home.run("serve").err

    assert told.strip().splitlines() == [
        "polyfaq is up at http://localhost:54321, but has nothing to answer from.",
        "The index is gone. Run `polyfaq index`.",
        "What is published then is taken up without a restart.",
    ]


def test_a_server_that_could_not_start_is_a_failure_of_the_system(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.serve.serve_http", lambda *_, **__: 3)

    ran = home.run("serve")

    assert ran.code == 3
    assert "curl" not in ran.err


def test_an_option_that_cannot_be_used_is_wrong_usage(home: Home) -> None:
    assert home.run("serve", "--workers", "0").code == 2


def test_help_tells_the_defaults_of_the_settings(home: Home) -> None:
    told = home.run("serve", "--help").out

    for name in ("host", "port", "threads"):
        assert f"[default: {Settings.model_fields[name].default}]" in told
    assert "[default: one a processor, two at most]" in " ".join(told.split())
