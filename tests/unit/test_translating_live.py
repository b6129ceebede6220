"""Answers translated while a visitor waits: what comes of them, and of translators that fail."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.answering.answer import AnswerKind
from app.answering.writing import Assignment, Passed, Purpose, Unwritten, UnwrittenError
from app.settings import Settings, SettingsError
from app.translating.answers import Means
from app.translating.best_effort_memory import BestEffortMemory
from app.translating.live import LiveTranslation
from app.translating.memory import TranslationMemory
from app.translating.routes import Routes
from app.translating.shared_work import SharedWork
from app.translator_choices import live_translator_for
from knowledge_base.entry import Origin, Record, Status
from knowledge_base.glossary import Glossary, Term
from models.apertium_translator import ApertiumTranslator
from models.circuit_breaker import CircuitBreaker
from models.libretranslate_translator import LibreTranslateTranslator
from models.translation import Pair, TranslatorBusyError, TranslatorUnavailableError
from tests.fake_translating import FakeTranslator, WaitingTranslator
from tests.fakes import FakeIndex
from tests.libretranslate_server import (
    Answer,
    Server,
    drip,
    drip_headers,
    hang,
    running_server,
    translate,
)
from tests.unit.test_models_circuit_breaker import Clock

REFUND = Record(
    "refund",
    "en",
    "How do I get my money back?",
    "Send the **parcel** to [us](https://shop.example/x).\n\nIt takes 7 days.",
)
KEPT = '<span translate="no" id="1">7</span>'
PHRASES = {
    'Send the <b id="1">parcel</b> to <b id="2">us</b>.': (
        'Envoyez-<b id="2">nous</b> le <b id="1">colis</b>.'
    ),
    f"It takes {KEPT} days.": f"Comptez {KEPT} jours.",
}
FRENCH = "Envoyez-[nous](https://shop.example/x) le **colis**.\n\nComptez 7 jours."
TODAY = date(2026, 11, 22)


class Service:
    """Live translation around a fake, and what was counted of it."""

    def __init__(self, folder: Path, translator: FakeTranslator | None = None) -> None:
        self.file = folder / "translations.db"
        self.translator = translator or FakeTranslator(PHRASES)
        self.glossary = Glossary("en")
        self.identify: Callable[[str], str] = lambda _: "und"
        self.clock = Clock()
        self.seconds = 30.0
        self.failure: Exception | None = None
        self.prepared: list[tuple[str, ...]] = []
        self.counted: list[tuple[str, str]] = []

    def live(self, at_once: int = 2, most_waiting: int = 4) -> LiveTranslation:
        return LiveTranslation(
            self._prepare,
            BestEffortMemory(self.file, clock=self.clock),
            seconds=self.seconds,
            work=SharedWork(at_once, most_waiting),
            breaker=CircuitBreaker(failures=3, pause_seconds=30, clock=self.clock),
            on_written=lambda kind, result: self.counted.append((kind, result)),
            today=lambda: TODAY,
            clock=self.clock,
        )

    def _prepare(self, languages: Sequence[str]) -> Means:
        self.prepared.append(tuple(languages))
        if self.failure is not None:
            raise self.failure
        routes = Routes(self.translator.pairs(), ["en"])
        return Means(self.translator, routes, self.glossary, lambda _: self.identify)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def passed(
    live: LiveTranslation, *records: Record, reader: str = "fr", first: int = 0
) -> list[Passed]:
    texts = records or (REFUND,)
    assignment = Assignment(Purpose.LANGUAGE, "money?", reader, (texts[first],), "c-1")
    return list(live.write(assignment, FakeIndex(texts)))


def reason(
    live: LiveTranslation, *records: Record, reader: str = "fr", first: int = 0
) -> Unwritten:
    with pytest.raises(UnwrittenError) as unwritten:
        passed(live, *records, reader=reader, first=first)
    return unwritten.value.reason


def test_the_answer_is_translated_in_its_form(service: Service) -> None:
    live = service.live()

    assert passed(live) == [Passed(FRENCH, REFUND)]
    assert live.kind is AnswerKind.TRANSLATED
    assert service.counted == [("translated", "written")]


def test_only_texts_that_lack_the_language_are_taken(service: Service) -> None:
    wanted = Assignment(Purpose.LANGUAGE, "money?", "fr", (REFUND,), "c-1")

    assert service.live().takes(wanted)
    assert not service.live().takes(replace(wanted, purpose=Purpose.ENTRIES))
    assert service.prepared == []


def test_what_was_translated_is_not_translated_again(service: Service) -> None:
    live = service.live()
    first = passed(live)
    service.translator.calls.clear()

    assert passed(live) == first
    assert service.translator.calls == []
    assert service.prepared == [("en",)]
    assert service.counted == [("translated", "written")]


def test_not_even_by_another_process(service: Service) -> None:
    first = passed(service.live())
    service.translator.calls.clear()

    assert passed(service.live()) == first
    assert service.translator.calls == []


def test_what_editors_had_translated_is_known(service: Service) -> None:
    text = "Gift wrap is free."
    draft = Record("gift", "en", "Gifts?", text)
    pair = Pair("en", "fr")
    with TranslationMemory(service.file) as memory:
        found = FakeTranslator({text: "Le papier cadeau est gratuit."}).translate([(text,)], pair)
        memory.keep("fake", pair, {(text,): found[0]})

    (piece,) = passed(service.live(), draft)

    assert piece.text == "Le papier cadeau est gratuit."
    assert service.translator.calls == []


def test_a_changed_answer_is_translated_anew(service: Service) -> None:
    live = service.live()
    passed(live)
    service.translator.phrases["All is new."] = "Tout est nouveau."

    assert passed(live, replace(REFUND, answer="All is new."))[0].text == "Tout est nouveau."


def test_each_generation_is_prepared_for(service: Service) -> None:
    live = service.live()
    wanted = Assignment(Purpose.LANGUAGE, "money?", "fr", (REFUND,), "c-1")
    gift = Record("gift", "tr", "Hediye?", "Evet.")

    for generation in (FakeIndex([REFUND], "1"), FakeIndex([REFUND, gift], "2")):
        for _ in range(2):
            assert list(live.write(wanted, generation)) == [Passed(FRENCH, REFUND)]

    assert service.prepared == [("en",), ("en", "tr")]
    assert len(service.translator.calls) == 1


def test_terms_of_the_glossary_are_settled(service: Service) -> None:
    service.glossary = Glossary("en", (Term("gifts", {"fr": "présents"}),))
    gifts = '<span translate="no" id="1">présents</span>'
    service.translator.phrases[f"We wrap {gifts}."] = f"Nous emballons les {gifts}."

    (piece,) = passed(service.live(), Record("gift", "en", "Gifts?", "We wrap gifts."))

    assert piece.text == "Nous emballons les présents."


@pytest.mark.parametrize(
    ("wrong", "phrase"),
    [
        ("lost number", "Comptez quelques jours."),
        ("changed number", 'Comptez <span translate="no" id="2">9</span> jours.'),
        ("nothing", ""),
        ("as it was", f"It takes up to {KEPT} days."),
        ("control characters", f"Comptez {KEPT} \x1b[31m jours."),
    ],
)
def test_what_drafts_are_refused_for_is_not_shown(
    service: Service, wrong: str, phrase: str
) -> None:
    del wrong
    service.translator.phrases[f"It takes up to {KEPT} days."] = phrase
    answer = replace(REFUND, answer="It takes up to 7 days.")
    live = service.live()

    assert reason(live, answer) is Unwritten.REFUSED
    assert reason(live, answer) is Unwritten.REFUSED
    assert len(service.translator.calls) == 1
    assert service.counted == [("translated", "refused")]


def test_another_language_is_not_shown(service: Service) -> None:
    service.identify = lambda _: "es"

    assert reason(service.live()) is Unwritten.REFUSED


def test_a_language_without_a_route_has_no_translation(service: Service) -> None:
    assert reason(service.live(), reader="ja") is Unwritten.NO_ROUTE
    assert service.translator.calls == []


def test_another_text_of_the_entry_may_have_a_route(service: Service) -> None:
    turkish = replace(REFUND, lang="tr", answer="Yedi gün sürer.")

    (piece,) = passed(service.live(), REFUND, turkish, first=1)

    assert piece == Passed(FRENCH, REFUND)


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"valid_until": date(2026, 11, 21)},
        {"origin": Origin.MACHINE},
    ],
)
def test_but_not_one_that_the_visitor_may_not_see(
    service: Service, hidden: dict[str, object]
) -> None:
    turkish = replace(REFUND, lang="tr", answer="Yedi gün sürer.")
    english = replace(REFUND, **hidden)  # type: ignore[arg-type] # fields of several types

    assert reason(service.live(), english, turkish, first=1) is Unwritten.NO_ROUTE


def test_a_language_is_reached_over_another(service: Service) -> None:
    service.translator = FakeTranslator(
        {"One two.": "Un deux.", "Un deux.": "Uno dos."}, [("en", "fr"), ("fr", "es")]
    )

    (piece,) = passed(service.live(), replace(REFUND, answer="One two."), reader="es")

    assert piece.text == "Uno dos."


def test_a_translator_that_is_down_is_left_alone_and_tried_again(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    live = service.live()
    service.translator.is_down = True

    found = [reason(live) for _ in range(5)]

    assert found == [Unwritten.UNAVAILABLE] * 5
    assert len(service.translator.calls) == 3
    assert [record.message for record in caplog.records] == [
        "the translator is left alone for a while: the test took the translator down"
    ]
    service.translator.is_down = False
    service.clock.now += 31
    assert passed(live) == [Passed(FRENCH, REFUND)]
    assert passed(live, replace(REFUND, answer="One two.")) != []


def test_what_is_known_is_told_while_the_translator_is_down(service: Service) -> None:
    live = service.live()
    passed(live)
    service.translator.is_down = True
    for number in range(3):
        reason(live, replace(REFUND, answer=f"Day {number}."))

    assert passed(live) == [Passed(FRENCH, REFUND)]


def test_answers_that_it_fails_on_cost_others_nothing(service: Service) -> None:
    service.translator.broken = {"Break."}
    live = service.live()

    assert reason(live, replace(REFUND, answer="Break.")) is Unwritten.FAILED
    assert passed(live) == [Passed(FRENCH, REFUND)]


def test_what_it_knows_is_asked_again_where_that_failed(service: Service) -> None:
    live = service.live()
    service.failure = TranslatorUnavailableError("no server")
    assert reason(live) is Unwritten.UNAVAILABLE
    service.failure = None

    assert passed(live) == [Passed(FRENCH, REFUND)]


def test_a_busy_translator_does_not_count_as_failing(service: Service) -> None:
    live = service.live()
    service.failure = TranslatorBusyError("no turn")

    assert [reason(live) for _ in range(4)] == [Unwritten.BUSY] * 4
    assert len(service.prepared) == 4


def test_what_nobody_foresaw_is_logged_and_costs_the_translation_alone(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.failure = ZeroDivisionError()

    with caplog.at_level(logging.ERROR):
        assert reason(service.live()) is Unwritten.FAILED

    assert "cannot be translated into fr" in caplog.text


def test_a_visitor_waits_so_long_and_the_next_one_is_served(service: Service) -> None:
    waiting = WaitingTranslator(PHRASES)
    service.translator = waiting
    service.seconds = 0.05
    live = service.live()

    assert reason(live) is Unwritten.TIMED_OUT
    service.seconds = 30
    later = threading.Timer(0, waiting.go_on.set)
    later.start()

    while True:
        try:
            assert passed(live) == [Passed(FRENCH, REFUND)]
            break
        except UnwrittenError as error:
            assert error.reason is Unwritten.TIMED_OUT  # noqa: PT017 - it is not there yet
    later.join()
    assert len(waiting.calls) == 1


def test_those_who_want_the_same_share_it(service: Service) -> None:
    waiting = WaitingTranslator(PHRASES)
    service.translator = waiting
    live = service.live(at_once=1, most_waiting=8)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(passed, live) for _ in range(8)]
        waiting.has_begun.wait(30)
        waiting.go_on.set()
        found = [each.result() for each in asked]

    assert found == [[Passed(FRENCH, REFUND)]] * 8
    assert len(waiting.calls) == 1


def test_where_too_many_wait_the_next_does_not(service: Service) -> None:
    waiting = WaitingTranslator(PHRASES)
    service.translator = waiting
    live = service.live(at_once=1, most_waiting=1)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(passed, live)
        waiting.has_begun.wait(30)
        assert reason(live) is Unwritten.BUSY
        assert reason(live, replace(REFUND, answer="One two.")) is Unwritten.BUSY
        waiting.go_on.set()
        assert first.result() == [Passed(FRENCH, REFUND)]


def test_without_a_thread_to_be_had_visitors_get_the_original(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    live = service.live()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        assert reason(live) is Unwritten.BUSY

    assert passed(live) == [Passed(FRENCH, REFUND)]


def test_many_answers_at_once_each_get_their_own(service: Service) -> None:
    live = service.live(at_once=4, most_waiting=32)
    answers = [replace(REFUND, id=f"e{number}", answer=f"abc {number}") for number in range(32)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda answer: passed(live, answer), answers))

    assert [piece.text for (piece,) in found] == [f"cba {number}" for number in range(32)]


def test_slow_translations_count_as_failures_and_are_kept(service: Service) -> None:
    service.translator.on_call = lambda: setattr(service.clock, "now", service.clock.now + 40)
    live = service.live()
    answers = [replace(REFUND, answer=f"abc {number}") for number in range(4)]

    assert [passed(live, each)[0].text for each in answers[:3]] == ["cba 0", "cba 1", "cba 2"]
    assert reason(live, answers[3]) is Unwritten.UNAVAILABLE


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_memory_that_cannot_be_used_costs_no_answer(
    service: Service, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    if content:
        service.file.write_bytes(content * 1000)
    else:
        service.file.mkdir()
    live = service.live()

    assert passed(live) == [Passed(FRENCH, REFUND)]
    service.clock.now += 61
    assert passed(live, replace(REFUND, answer="One two."))[0].text == "enO owt."
    (line,) = caplog.records
    assert f"not kept for now: {service.file}" in line.message


def test_a_memory_that_was_mended_is_used_again(service: Service) -> None:
    service.file.mkdir()
    live = service.live()
    passed(live)
    service.file.rmdir()
    service.clock.now += 61
    passed(live, replace(REFUND, answer="One two."))
    service.translator.calls.clear()

    passed(service.live(), replace(REFUND, answer="One two."))

    assert service.translator.calls == []


def test_apertium_translates_for_visitors(service: Service, apertium: ApertiumTranslator) -> None:
    def prepare(_: Sequence[str]) -> Means:
        return Means(
            apertium, Routes(apertium.pairs(), ["en"]), service.glossary, lambda _: service.identify
        )

    live = LiveTranslation(prepare, BestEffortMemory(service.file), seconds=60)

    (piece,) = passed(live, reader="es")
    assert "](https://shop.example/x)" in piece.text
    assert "**paquete**" in piece.text
    assert "7 días" in piece.text
    (portuguese,) = passed(live, reader="pt")
    assert "7 dias" in portuguese.text


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


def by_server(service: Service, address: str, seconds: float = 30) -> LiveTranslation:
    translator = LibreTranslateTranslator(address, seconds=seconds)

    def prepare(_: Sequence[str]) -> Means:
        means = service.glossary, lambda _: service.identify
        return Means(translator, Routes(translator.pairs()), *means)

    return LiveTranslation(prepare, BestEffortMemory(service.file), seconds=30)


def unless_asked_for_languages(answer: Answer) -> Answer:
    return lambda request: (translate if request.path == "/languages" else answer)(request)


def says(*texts: str) -> Answer:
    reply = json.dumps({"translatedText": texts}).encode()
    return unless_asked_for_languages(lambda request: request.reply(reply))


HELLO = replace(REFUND, answer="Say hello to the courier for 7 days.")
GOOD = '<span translate="no" id="1">7</span>'


def test_a_server_translates_for_visitors(service: Service, server: Server) -> None:
    server.answer = says(f"Saluez le coursier pendant {GOOD} jours.")

    (piece,) = passed(by_server(service, server.address), HELLO)

    assert piece.text == "Saluez le coursier pendant 7 jours."


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (hang, Unwritten.TIMED_OUT),
        (drip, Unwritten.TIMED_OUT),
        (drip_headers, Unwritten.TIMED_OUT),
        (lambda request: request.reply(b"{}", 500), Unwritten.FAILED),
        (lambda request: request.reply(b"<html>", 200), Unwritten.FAILED),
        (lambda request: request.reply(b" " * 10_000_000), Unwritten.FAILED),
        (lambda request: request.reply(b"{}", 403), Unwritten.UNAVAILABLE),
    ],
)
def test_a_server_that_misbehaves_costs_the_translation_alone(
    service: Service, server: Server, answer: Answer, expected: Unwritten
) -> None:
    server.answer = unless_asked_for_languages(answer)
    live = by_server(service, server.address, seconds=0.4)

    assert reason(live, HELLO) is expected
    server.answer = says(f"Saluez le coursier pendant {GOOD} jours.")
    assert passed(live, HELLO)[0].text == "Saluez le coursier pendant 7 jours."


@pytest.mark.parametrize(
    "text",
    [
        "Saluez le coursier pendant des jours.",
        f"Saluez le coursier pendant {GOOD} jours et 9 heures.",
        f"Saluez le coursier pendant {GOOD} jours https://evil.example/x.",
        f"Say hello to the courier for {GOOD} days.",
        f"Saluden al mensajero durante {GOOD} días.",
        f"Saluez {GOOD} " + "très " * 100,
        "<script>alert(1)</script>",
        "",
    ],
)
def test_what_a_server_gets_wrong_is_not_shown(service: Service, server: Server, text: str) -> None:
    server.answer = says(text)
    service.identify = lambda text: "es" if "mensajero" in text else "und"

    assert reason(by_server(service, server.address), HELLO) is Unwritten.REFUSED


def test_a_server_that_is_not_there_is_unavailable(service: Service) -> None:
    assert reason(by_server(service, "http://127.0.0.1:1")) is Unwritten.UNAVAILABLE


@pytest.fixture
def configured(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], LiveTranslation]:
    """Live translation as the settings make it, by a server of our own."""
    (tmp_path / "content").mkdir()
    for name, value in {
        "HOME": str(tmp_path / "home"),
        "CONTENT": str(tmp_path / "content"),
        "LANGUAGES": "en,fr",
        "TRANSLATOR": "libretranslate",
        "LIBRETRANSLATE_URL": server.address,
        "LIVE_TRANSLATION": "true",
    }.items():
        monkeypatch.setenv(f"POLYFAQ_{name}", value)

    def make() -> LiveTranslation:
        live = live_translator_for(Settings.load())
        assert isinstance(live, LiveTranslation)
        return live

    return make


def test_the_settings_tell_what_translates(
    configured: Callable[[], LiveTranslation], server: Server, tmp_path: Path
) -> None:
    server.answer = says(f"Saluez le coursier pendant {GOOD} jours.")

    (piece,) = passed(configured(), HELLO)

    assert piece.text == "Saluez le coursier pendant 7 jours."
    assert (tmp_path / "home" / "translations.db").is_file()


def test_the_language_is_told_by_what_the_settings_name(
    configured: Callable[[], LiveTranslation], server: Server
) -> None:
    server.answer = says(f"So greet the courier when he comes to you in {GOOD} days.")

    assert reason(configured(), HELLO) is Unwritten.REFUSED


def test_the_glossary_beside_the_content_is_heeded(
    configured: Callable[[], LiveTranslation], server: Server, tmp_path: Path
) -> None:
    (tmp_path / "content" / "glossary.csv").write_text("term,fr\ncourier,livreur\n")
    server.answer = says(
        'Saluez le <span translate="no" id="1">livreur</span> pendant '
        '<span translate="no" id="2">7</span> jours.'
    )

    (piece,) = passed(configured(), HELLO)

    assert piece.text == "Saluez le livreur pendant 7 jours."
    assert "livreur" in server.asked[0]["q"][0]


def test_a_glossary_with_faults_is_named_and_nothing_is_translated(
    configured: Callable[[], LiveTranslation], tmp_path: Path
) -> None:
    file = tmp_path / "content" / "glossary.csv"
    file.write_text("word,fr\ncourier,livreur\n")

    with pytest.raises(UnwrittenError, match=str(file)) as unwritten:
        passed(configured(), HELLO)

    assert unwritten.value.reason is Unwritten.UNAVAILABLE


def test_the_translator_has_as_long_as_a_visitor_waits(
    configured: Callable[[], LiveTranslation], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYFAQ_LIVE_TRANSLATION_SECONDS", "0.3")
    server.answer = unless_asked_for_languages(hang)

    assert reason(configured(), HELLO) is Unwritten.TIMED_OUT


def test_it_is_off_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYFAQ_TRANSLATOR", "apertium")

    assert live_translator_for(Settings.load()) is None


def test_without_a_translator_the_settings_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLYFAQ_LIVE_TRANSLATION", "true")

    with pytest.raises(SettingsError, match="set POLYFAQ_TRANSLATOR"):
        live_translator_for(Settings.load())


def test_without_its_generator_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYFAQ_LIVE_TRANSLATION", "true")
    monkeypatch.setenv("POLYFAQ_TRANSLATOR", "generator")

    with pytest.raises(SettingsError, match="set POLYFAQ_GENERATOR"):
        live_translator_for(Settings.load())
