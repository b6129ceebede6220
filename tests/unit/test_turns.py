"""Questions that share a core take turns; others never wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from app.answering.turns import Turns

PATIENCE_SECONDS = 30


class SharedCore:
    """A core that is shared as long as the test wants; it counts those that keep to it."""

    def __init__(self, *, is_shared: bool = True) -> None:
        self.is_shared = is_shared
        self.keeping = 0

    def keep(self) -> bool:
        self.keeping += self.is_shared
        return self.is_shared

    def release(self) -> None:
        self.keeping -= 1


class Questions:
    """Questions in threads of their own, whose runs of the model end when the test says so."""

    def __init__(self, turns: Turns, pool: ThreadPoolExecutor) -> None:
        self.steps: list[str] = []
        self._turns = turns
        self._pool = pool
        self._runs: dict[str, Event] = {}
        self._changed = threading.Condition()

    def ask(self, name: str) -> Future[None]:
        self._runs[name] = Event()
        return self._pool.submit(self._answer, name)

    def end_run(self, name: str) -> None:
        self._runs[name].set()

    def wait_for(self, *steps: str) -> None:
        with self._changed:
            done = self._changed.wait_for(lambda: set(steps) <= set(self.steps), PATIENCE_SECONDS)
        assert done, self.steps

    def note(self, step: str) -> None:
        with self._changed:
            self.steps.append(step)
            self._changed.notify_all()

    def _answer(self, name: str) -> None:
        with self._turns.turn() as turn:
            self.note(f"{name} begins")
            turn.run(lambda: self._run(name))
            self.note(f"{name} goes on")

    def _run(self, name: str) -> None:
        self.note(f"{name} runs")
        assert self._runs[name].wait(PATIENCE_SECONDS)


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(16)


def in_line(turns: Turns, count: int) -> Callable[[], bool]:
    """Tell whether so many questions wait, for the model or the interpreter."""
    return lambda: len(turns._for_model) + len(turns._for_interpreter) == count


def until(holds: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_SECONDS * 1000):
        if holds():
            return
        threading.Event().wait(0.001)
    pytest.fail("it never came to that")


def test_the_model_is_run_for_all_that_wait_before_any_of_them_goes_on(
    pool: ThreadPoolExecutor,
) -> None:
    turns = Turns(SharedCore())
    questions = Questions(turns, pool)
    questions.ask("a")
    questions.wait_for("a runs")
    questions.ask("b")
    until(in_line(turns, 1))
    questions.ask("c")
    until(in_line(turns, 2))

    # Both begin when the model is free, and then have it before anybody goes on.
    questions.end_run("a")
    questions.wait_for("b runs")
    questions.end_run("b")
    questions.wait_for("c runs")
    questions.end_run("c")
    questions.wait_for("a goes on", "b goes on", "c goes on")

    assert questions.steps[:2] == ["a begins", "a runs"]
    begun = [questions.steps.index(f"{name} begins") for name in "bc"]
    runs = [questions.steps.index(f"{name} runs") for name in "bc"]
    gone_on = [questions.steps.index(f"{name} goes on") for name in "bc"]
    assert max(begun) < min(runs)
    assert max(runs) < min(gone_on)


def test_questions_with_idle_cores_have_the_model_at_the_same_time(
    pool: ThreadPoolExecutor,
) -> None:
    core = SharedCore(is_shared=False)
    questions = Questions(Turns(core), pool)
    questions.ask("a")
    questions.ask("b")
    questions.wait_for("a runs", "b runs")

    questions.end_run("b")
    questions.wait_for("b goes on")
    questions.end_run("a")
    questions.wait_for("a goes on")
    assert core.keeping == 0


def test_a_question_that_began_with_idle_cores_keeps_nobody_waiting(
    pool: ThreadPoolExecutor,
) -> None:
    core = SharedCore(is_shared=False)
    questions = Questions(Turns(core), pool)
    questions.ask("long")
    questions.wait_for("long runs")

    core.is_shared = True
    questions.ask("short")
    questions.wait_for("short runs")
    questions.end_run("short")
    questions.wait_for("short goes on")
    questions.end_run("long")
    questions.wait_for("long goes on")


def test_a_model_that_fails_keeps_nobody_waiting(pool: ThreadPoolExecutor) -> None:
    core = SharedCore()
    turns = Turns(core)

    def fail() -> None:
        raise ValueError("no vector")

    def ask() -> None:
        with turns.turn() as turn:
            turn.run(fail)

    for _ in range(3):
        with pytest.raises(ValueError, match="no vector"):
            ask()

    questions = Questions(turns, pool)
    questions.ask("a")
    questions.end_run("a")
    questions.wait_for("a goes on")
    until(lambda: core.keeping == 0)


def test_a_question_that_fails_without_the_model_keeps_nobody_waiting(
    pool: ThreadPoolExecutor,
) -> None:
    turns = Turns(SharedCore())
    with pytest.raises(ValueError, match="no text"), turns.turn():
        raise ValueError("no text")

    questions = Questions(turns, pool)
    questions.ask("a")
    questions.end_run("a")
    questions.wait_for("a goes on")


@pytest.mark.parametrize("seed", range(5))
def test_whatever_comes_and_fails_one_at_a_time_has_the_core_and_all_are_answered(
    pool: ThreadPoolExecutor, seed: int
) -> None:
    core = SharedCore()
    turns = Turns(core)
    at_once, most, counting = 0, 0, threading.Lock()

    def use() -> None:
        nonlocal at_once, most
        with counting:
            at_once += 1
            most = max(most, at_once)
        threading.Event().wait(0.0001)
        with counting:
            at_once -= 1

    def ask(number: int) -> bool:
        def model() -> None:
            use()
            if (number + seed) % 5 == 0:
                raise ValueError

        try:
            with turns.turn() as turn:
                use()
                if (number * number + seed) % 7:
                    turn.run(model)
                use()
        except ValueError:
            return False
        return True

    outcomes = list(pool.map(ask, range(200), timeout=PATIENCE_SECONDS))
    assert set(outcomes) == {True, False}
    assert most == 1
    until(lambda: core.keeping == 0)
    assert not turns._is_taken
