"""`polyfaq serve`: options over settings, and the exit code of the server."""

import pytest

from app.settings import Settings
from tests.unit.cli_run import Home


def test_options_go_before_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []

    def serve(settings: Settings) -> int:
        served.append(settings)
        return 0

    monkeypatch.setattr("app.cli.serve.serve_http", serve)

    ran = home.run("serve", "--host", "::1", "--port", "9999", "--threads=3", POLYFAQ_WORKERS="2")

    assert ran.code == 0
    assert (served[0].host, served[0].port) == ("::1", 9999)
    assert (served[0].workers, served[0].threads) == (2, 3)
    assert "http://[::1]:9999" in ran.err
    assert ran.out == ""


def test_a_server_that_could_not_start_is_a_failure_of_the_system(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.serve.serve_http", lambda _: 3)

    assert home.run("serve").code == 3


def test_an_option_that_cannot_be_used_is_wrong_usage(home: Home) -> None:
    assert home.run("serve", "--workers", "0").code == 2


def test_help_tells_the_defaults_of_the_settings(home: Home) -> None:
    told = home.run("serve", "--help").out

    for name in ("host", "port", "workers", "threads"):
        assert f"[default: {Settings.model_fields[name].default}]" in told
