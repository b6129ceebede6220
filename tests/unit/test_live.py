import logging
from collections.abc import Callable, Sequence
from threading import Event

import pytest

from app.answering.ports import KnowledgeIndex, NotReadyError
from app.live import LiveGeneration
from knowledge_base.entry import Record
from models.language_id import LanguageIdentifier
from tests.fakes import FakeIndex, WordDetector

ENGLISH = Record("a", "en", "Why?", "Because.")
GERMAN = Record("a", "de", "Warum?", "Darum.")


class BrokenError(Exception):
    pass


class Folder:
    """Generations that can be published, broken and hidden."""

    def __init__(self) -> None:
        self.current: str | None = None
        self.indexes: dict[str, FakeIndex] = {}
        self.broken: dict[str, Exception] = {}
        self.opened: list[str] = []
        self.identified: list[tuple[str, ...]] = []
        self.swapped: list[str] = []
        self.refused: list[str] = []
        self.prepare: Callable[[KnowledgeIndex], None] = lambda _: None
        self.live = LiveGeneration(
            current_id=self.current_id,
            open_index=self.open,
            identifier=self.identifier,
            failures=(BrokenError,),
            on_swap=self.swapped.append,
            on_refused=self.refused.append,
            prepare=self._prepare,
        )

    def _prepare(self, index: KnowledgeIndex) -> None:
        self.prepare(index)

    def follow_until(self, done: Event, first: str, *others: str) -> None:
        """Publish the first generation, and follow whatever comes until the event."""
        self.indexes |= {name: FakeIndex([ENGLISH], id=name) for name in (first, *others)}
        self.current = first
        self.live.refresh()
        self.live.follow(0.01)
        try:
            assert done.wait(10)
        finally:
            self.live.stop()

    def publish(self, name: str, *records: Record) -> None:
        self.indexes[name] = FakeIndex(records or (ENGLISH,), id=name)
        self.current = name
        self.live.refresh()

    def current_id(self) -> str | None:
        if "pointer" in self.broken:
            raise self.broken["pointer"]
        return self.current

    def open(self, name: str) -> FakeIndex:
        self.opened.append(name)
        if name in self.broken:
            raise self.broken[name]
        return self.indexes[name]

    def identifier(self, languages: Sequence[str]) -> LanguageIdentifier:
        self.identified.append(tuple(languages))
        return LanguageIdentifier(languages, WordDetector({}))


def test_before_the_first_generation_it_says_what_to_run() -> None:
    folder = Folder()
    folder.live.refresh()
    assert not folder.live.is_loaded
    with pytest.raises(NotReadyError, match="polyfaq index"):
        folder.live.knowledge()


def test_a_published_generation_serves() -> None:
    folder = Folder()
    folder.publish("one")
    assert folder.live.knowledge().index.id == "one"
    assert folder.swapped == ["one"]
    assert folder.live.fault is None


def test_what_a_request_began_with_stays_as_it_is() -> None:
    folder = Folder()
    folder.publish("one")
    begun = folder.live.knowledge()
    folder.publish("two")
    assert begun.index.id == "one"
    assert folder.live.knowledge().index.id == "two"


def test_a_generation_that_serves_is_not_opened_again() -> None:
    folder = Folder()
    folder.publish("one")
    folder.live.refresh()
    assert folder.opened == ["one"]


def test_a_bad_generation_is_refused_once_and_the_last_good_one_serves_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = Folder()
    folder.publish("one")
    folder.broken["two"] = BrokenError("vectors.npy does not have its checksum")
    folder.live.follow(3600)
    try:
        with caplog.at_level(logging.ERROR):
            folder.publish("two")
            folder.live.refresh()
            folder.live.refresh()
    finally:
        folder.live.stop()
    assert folder.live.knowledge().index.id == "one"
    assert folder.refused == ["two"]
    assert folder.opened == ["one", "two"]
    assert caplog.text.count("vectors.npy does not have its checksum") == 1
    assert "keeps serving" in caplog.text
    assert folder.live.fault == "vectors.npy does not have its checksum"


def test_after_a_bad_generation_a_good_one_serves() -> None:
    folder = Folder()
    folder.publish("one")
    folder.broken["two"] = BrokenError("bad")
    folder.publish("two")
    folder.publish("three")
    assert folder.live.knowledge().index.id == "three"
    assert folder.live.fault is None


def test_rolling_back_to_what_serves_ends_the_fault() -> None:
    folder = Folder()
    folder.publish("one")
    folder.broken["two"] = BrokenError("bad")
    folder.publish("two")
    folder.publish("one")
    assert folder.live.fault is None
    assert folder.opened == ["one", "two"]


def test_a_bad_first_generation_says_why_nothing_serves() -> None:
    folder = Folder()
    folder.broken["one"] = BrokenError("made for another model")
    folder.publish("one")
    with pytest.raises(NotReadyError, match="made for another model"):
        folder.live.knowledge()


def test_a_bad_first_generation_is_logged_once_it_is_followed_and_not_before(
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = Folder()
    folder.broken["one"] = BrokenError("made for another model")
    folder.publish("one")
    assert caplog.text == ""
    folder.live.follow(3600)
    folder.live.stop()
    assert caplog.text.count("made for another model") == 1
    assert "nothing serves" in caplog.text


@pytest.mark.parametrize("error", [BrokenError("names nothing"), PermissionError("denied")])
def test_a_pointer_that_cannot_be_read_leaves_the_last_one_serving(error: Exception) -> None:
    folder = Folder()
    folder.publish("one")
    folder.broken["pointer"] = error
    folder.live.refresh()
    assert folder.live.knowledge().index.id == "one"
    assert len(folder.refused) == 1


def test_the_languages_are_those_of_the_generation() -> None:
    folder = Folder()
    folder.publish("one", ENGLISH)
    folder.publish("two", ENGLISH)
    folder.publish("three", ENGLISH, GERMAN)
    assert folder.identified == [("en",), ("en", "de")]


def test_a_new_generation_is_found_in_the_background() -> None:
    folder = Folder()
    found = Event()
    folder.live = LiveGeneration(
        current_id=folder.current_id,
        open_index=folder.open,
        identifier=folder.identifier,
        failures=(BrokenError,),
        on_swap=lambda _: found.set(),
    )
    folder.indexes["one"] = FakeIndex([ENGLISH], id="one")
    folder.live.follow(0.01)
    try:
        folder.current = "one"
        assert found.wait(10)
    finally:
        folder.live.stop()


def test_each_index_that_serves_is_prepared_once_in_the_background() -> None:
    folder = Folder()
    prepared: list[str] = []
    done = Event()

    def prepare(index: KnowledgeIndex) -> None:
        prepared.append(index.id)
        if index.id == "two":
            done.set()
        else:
            folder.current = "two"

    folder.prepare = prepare
    folder.follow_until(done, "one", "two")
    assert prepared == ["one", "two"]


def test_a_generation_that_could_not_be_prepared_serves_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = Folder()
    prepared = Event()

    def prepare(index: KnowledgeIndex) -> None:
        if index.id == "one":
            folder.current = "two"
            raise ZeroDivisionError("an answer of no length")
        prepared.set()

    folder.prepare = prepare
    folder.follow_until(prepared, "one", "two")
    assert folder.live.knowledge().index.id == "two"
    assert folder.live.fault is None
    assert "generation one serves, but its answers were not prepared" in caplog.text
    assert caplog.text.count("ZeroDivisionError: an answer of no length") == 1
    assert "looked for" not in caplog.text


def test_following_outlives_a_fault_that_nobody_foresaw(caplog: pytest.LogCaptureFixture) -> None:
    folder = Folder()
    failed, found = Event(), Event()

    def current_id() -> str | None:
        if not failed.is_set():
            failed.set()
            raise ZeroDivisionError
        return "one"

    folder.indexes["one"] = FakeIndex([ENGLISH], id="one")
    folder.live = LiveGeneration(
        current_id=current_id,
        open_index=folder.open,
        identifier=folder.identifier,
        failures=(BrokenError,),
        on_swap=lambda _: found.set(),
    )
    folder.live.follow(0.01)
    try:
        assert found.wait(10)
    finally:
        folder.live.stop()
    assert "could not be looked for" in caplog.text
