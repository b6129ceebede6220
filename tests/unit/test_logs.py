import io
import json
import logging
from collections.abc import Iterator

import pytest

from app.logs import ACCESS_LOGGER, RequestFormatter, configure_logs
from app.settings import LogFormat, LogLevel


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    access = logging.getLogger(ACCESS_LOGGER)
    access.handlers.clear()
    access.propagate = True
    root.setLevel(level)


@pytest.mark.parametrize("form", [*LogFormat])
def test_a_failure_is_shown_with_its_traceback_but_not_with_what_visitors_wrote(
    form: LogFormat,
) -> None:
    def answer(question: str) -> None:
        raise RuntimeError(f"out of order at {len(question)} characters")

    stream = io.StringIO()
    configure_logs(LogLevel.INFO, form, stream)
    asked = "where is order 12345?"
    try:
        answer(asked)
    except RuntimeError:
        logging.getLogger("somewhere").exception("a request failed")
    assert "out of order at 21 characters" in stream.getvalue()
    assert "in answer" in stream.getvalue()
    assert asked not in stream.getvalue()


def test_a_line_is_json_with_what_is_told_beside_it() -> None:
    stream = io.StringIO()
    configure_logs(LogLevel.INFO, LogFormat.JSON, stream)
    logging.getLogger("somewhere").info("%s happened", "it", extra={"request_id": "r-1"})
    line = json.loads(stream.getvalue())
    assert line["event"] == "it happened"
    assert (line["level"], line["logger"], line["request_id"]) == ("info", "somewhere", "r-1")
    assert line["timestamp"].endswith("Z")


def test_a_request_tells_its_time_as_other_lines_do() -> None:
    record = logging.makeLogRecord({"msg": "asked", "created": 1_700_000_000.25})

    line = json.loads(RequestFormatter().format(record))

    assert line["timestamp"] == "2023-11-14T22:13:20.250000Z"


def test_a_fault_is_one_line_with_its_trace() -> None:
    stream = io.StringIO()
    configure_logs(LogLevel.INFO, LogFormat.JSON, stream)
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logging.getLogger("somewhere").exception("it failed")
    (text,) = stream.getvalue().splitlines()
    assert "ZeroDivisionError: division by zero" in json.loads(text)["exception"]


def test_less_than_the_level_is_not_written() -> None:
    stream = io.StringIO()
    configure_logs(LogLevel.WARNING, LogFormat.JSON, stream)
    logging.getLogger("somewhere").info("it happened")
    assert stream.getvalue() == ""


def test_text_is_for_people() -> None:
    stream = io.StringIO()
    configure_logs(LogLevel.INFO, LogFormat.TEXT, stream)
    logging.getLogger("somewhere").warning("it happened")
    assert "it happened" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_text_tells_of_a_request_what_json_does() -> None:
    stream = io.StringIO()
    configure_logs(LogLevel.INFO, LogFormat.TEXT, stream)
    logging.getLogger(ACCESS_LOGGER).info("request", extra={"told": {"status": 200, "ms": 1.5}})
    assert "status=200" in stream.getvalue()
    assert "told" not in stream.getvalue()


def test_a_request_is_a_line_of_the_same_shape() -> None:
    stream = io.StringIO()
    configure_logs(LogLevel.INFO, LogFormat.JSON, stream)
    told = {"status": 200, "request_id": "r-1"}
    logging.getLogger(ACCESS_LOGGER).info("request", extra={"told": told})
    logging.getLogger("somewhere").info("it happened")
    request, other = (json.loads(line) for line in stream.getvalue().splitlines())
    assert request.items() >= told.items()
    assert other.keys() <= request.keys()
