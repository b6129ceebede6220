"""LibreTranslate, against a server of our own that also misbehaves."""

import json
import socket
from collections.abc import Iterator

import pytest

from models.libretranslate_translator import LibreTranslateTranslator
from models.marked_text import Kept, Marked, MarkedText
from models.translation import (
    Pair,
    Translated,
    TranslationFailedError,
    TranslationTimedOutError,
    TranslatorUnavailableError,
)
from tests.libretranslate_server import (
    Answer,
    Request,
    Server,
    drip,
    drip_headers,
    hang,
    running_server,
)

ENGLISH_FRENCH = Pair("en", "fr")


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def translator(server: Server) -> LibreTranslateTranslator:
    return LibreTranslateTranslator(f"{server.address}/", seconds=20)


def test_pairs_are_those_of_the_server(translator: LibreTranslateTranslator) -> None:
    assert translator.pairs() == {
        Pair("en", "fr"),
        Pair("en", "zh-Hans"),
        Pair("fr", "en"),
    }


def test_marks_and_pieces_travel_as_html(
    server: Server, translator: LibreTranslateTranslator
) -> None:
    text: MarkedText = (Marked(1, ("hello",)), " & ", Kept(2, "4.90 €"))

    found = translator.translate([text], ENGLISH_FRENCH)

    assert found == (Translated((Marked(1, ("BONJOUR",)), " & ", Kept(2, "4.90 €"))),)
    assert server.asked == [
        {
            "q": ['<b id="1">hello</b> &amp; <span translate="no" id="2">4.90 €</span>'],
            "source": "en",
            "target": "fr",
            "format": "html",
        }
    ]


def test_a_key_is_sent_where_there_is_one(server: Server) -> None:
    LibreTranslateTranslator(server.address, "secret").translate([("hello",)], ENGLISH_FRENCH)

    assert server.asked[0]["api_key"] == "secret"


def test_many_texts_are_asked_for_in_portions(
    server: Server, translator: LibreTranslateTranslator
) -> None:
    texts: list[MarkedText] = [(f"hello {number}",) for number in range(45)]

    found = translator.translate(texts, ENGLISH_FRENCH)

    assert [each.text for each in found] == [(f"BONJOUR {number}",) for number in range(45)]
    assert [len(asked["q"]) for asked in server.asked] == [20, 20, 5]


def test_nothing_is_asked_for_no_text(server: Server, translator: LibreTranslateTranslator) -> None:
    assert translator.translate([], ENGLISH_FRENCH) == ()
    assert server.asked == []


def test_html_that_was_not_sent_leaves_a_text_without_its_parts(
    server: Server, translator: LibreTranslateTranslator
) -> None:
    reply = json.dumps({"translatedText": ["<p>bonjour", "salut"]}).encode()
    server.answer = lambda request: request.reply(reply)

    found = translator.translate([("hello",), ("hi",)], ENGLISH_FRENCH)

    assert found == (Translated(()), Translated(("salut",)))


@pytest.mark.parametrize("answer", [hang, drip, drip_headers])
def test_a_server_that_is_slow_is_given_up(server: Server, answer: Answer) -> None:
    server.answer = answer

    with pytest.raises(TranslationTimedOutError, match=r"no whole reply within 0\.4 s"):
        LibreTranslateTranslator(server.address, seconds=0.4).translate(
            [("hello",)], ENGLISH_FRENCH
        )

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b'{"error": "out of memory"}', 500, "answered 500: out of memory"),
        (b"<html>Bad gateway</html>", 502, "answered 502: no JSON"),
        (b"<html>Welcome</html>", 200, "answered 200: no JSON"),
        (b'{"translatedText": "\xff\xfe"}', 200, "no JSON"),
        (b"[" * 100_000, 200, "no JSON"),
        (b'{"translatedText": "one string"}', 200, "a translation for each"),
        (b'{"translatedText": []}', 200, "a translation for each"),
        (b'{"translatedText": [7]}', 200, "a translation for each"),
        (b'["x"]', 200, "a translation for each"),
        (b"null", 200, "no JSON"),
        (b" " * 10_000_000, 200, "a reply of more than"),
        (b"", 200, "no JSON"),
        (b"", 302, "answered 302"),
    ],
)
def test_nonsense_is_a_failure_of_these_texts(
    server: Server,
    translator: LibreTranslateTranslator,
    body: bytes,
    status: int,
    message: str,
) -> None:
    server.answer = lambda request: request.reply(body, status)

    with pytest.raises(TranslationFailedError, match=message):
        translator.translate([("hello",)], ENGLISH_FRENCH)

    assert len(server.asked) == 1


def test_a_reply_that_is_cut_is_a_failure(
    server: Server, translator: LibreTranslateTranslator
) -> None:
    def cut(request: Request) -> None:
        request.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"translatedText"')
        request.close_connection = True

    server.answer = cut

    with pytest.raises(TranslationFailedError):
        translator.translate([("hello",)], ENGLISH_FRENCH)


@pytest.mark.parametrize(
    ("status", "message"),
    [(403, "POLYFAQ_LIBRETRANSLATE_KEY"), (429, "answered 429: slow down"), (404, "404")],
)
def test_a_server_that_refuses_is_unusable(
    server: Server, translator: LibreTranslateTranslator, status: int, message: str
) -> None:
    server.answer = lambda request: request.reply(b'{"error": "slow down"}', status)

    with pytest.raises(TranslatorUnavailableError, match=message):
        translator.translate([("hello",)], ENGLISH_FRENCH)


@pytest.mark.parametrize(
    "body", [b"[7]", b'{"a": 1}', b"7", b"<html>", b'[{"code": "en", "targets": 3}]']
)
def test_what_is_no_translation_server_is_said_to_be_none(
    server: Server, translator: LibreTranslateTranslator, body: bytes
) -> None:
    server.answer = lambda request: request.reply(body)

    with pytest.raises(TranslatorUnavailableError, match=server.address):
        translator.pairs()


def test_connections_are_tried_again_and_then_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def refused(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError("connection refused")

    monkeypatch.setattr(socket, "create_connection", refused)

    with pytest.raises(TranslatorUnavailableError, match="was not reached: connection refused"):
        LibreTranslateTranslator("http://translate.example:5000").translate(
            [("hello",)], ENGLISH_FRENCH
        )

    assert tried == [("translate.example", 5000)] * 3


@pytest.mark.parametrize(
    "url", ["ftp://x.example", "localhost:5000", "http://", "http://[", "http://x:99999"]
)
def test_an_address_of_no_web_server_is_named(url: str) -> None:
    with pytest.raises(TranslatorUnavailableError, match="is no web address"):
        LibreTranslateTranslator(url).pairs()
