import socket
from collections.abc import Iterator

import pytest

from app.listening import AddressError, check_address
from app.serving import serve
from app.settings import Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 that something else listens on, and goes on to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_free_port_is_still_free_afterwards() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    check_address("127.0.0.1", port)
    check_address("127.0.0.1", port)


def test_a_port_in_use_is_told_with_the_way_out_before_anything_is_begun(taken: int) -> None:
    with pytest.raises(AddressError, match=f"port {taken} .* in use; .*--port or POLYFAQ_PORT"):
        serve(Settings.load(port=taken))


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(AddressError, match=r"of 192\.0\.2\.1: .*--host or POLYFAQ_HOST"):
        check_address("192.0.2.1", 0)


@pytest.mark.parametrize("name", ["LISTEN_FDS", "GUNICORN_FD"])
def test_where_sockets_are_handed_over_nothing_is_tried(
    taken: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    check_address("127.0.0.1", taken)
