"""A text that a generator writes: checked before it is passed on, asked for twice at most."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.answering.answer import AnswerKind
from app.answering.writing import Assignment, Passed, Purpose, Unwritten, UnwrittenError
from app.generating.budgets import Allowance, Budgets
from app.generating.families import Family
from app.generating.grounded import GroundedWriter, PromptStyle, WritingMeters
from app.grounding.fault import Fault
from knowledge_base.entry import Record
from models.generation import (
    BrokenReplyError,
    GenerationLimits,
    GenerationTimedOutError,
    GeneratorBusyError,
    GeneratorError,
    GeneratorPausedError,
    GeneratorUnreachableError,
    TooLongError,
)
from tests.fake_store import MemorySpending
from tests.fake_writing import FakeChecks, ScriptedGenerator
from tests.fakes import FakeIndex

COST = Record("cost", "en", "What does it cost?", "It costs 4.90 euro.")
TIME = Record("time", "en", "How long does it take?", "It takes two days.")
ASKED = Assignment(Purpose.ENTRIES, "How much and how long?", "en", (COST, TIME), "c-1")
INDEX = FakeIndex([COST, TIME])
GOOD = ["It costs ", "4.90 euro. It takes", " two days."]
WRONG = ["It costs 4.90 euro.", " It takes nine days.", " And more.", " And more."]
NINE = {"nine": Fault.FACTS}


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A writer and all that it is told."""

    def __init__(
        self,
        *replies: Sequence[str | GeneratorError],
        checks: FakeChecks | None = None,
        purposes: frozenset[Purpose] = frozenset(Purpose),
        allowance: Allowance | None = None,
        prompt: int = 12_000,
        at_once: int = 4,
        remembered: int = 16,
    ) -> None:
        self.generator = ScriptedGenerator(*replies)
        self.checks = checks or FakeChecks()
        self.spending = MemorySpending()
        self.clock = Clock()
        self.ends: list[tuple[AnswerKind, str]] = []
        self.faults: list[Fault] = []
        self.firsts: list[float] = []
        self.writer = GroundedWriter(
            self.generator,
            self.checks,
            Budgets(self.spending, allowance or Allowance(100, 100)),
            purposes=purposes,
            style=PromptStyle(Family.DEFAULT, prompt),
            limits=GenerationLimits(tokens=200, seconds=30),
            at_once=at_once,
            remembered=remembered,
            meters=WritingMeters(
                lambda kind, result: self.ends.append((kind, result)),
                self.faults.append,
                self.firsts.append,
            ),
            clock=self.clock,
        )

    @property
    def results(self) -> list[str]:
        return [result for _, result in self.ends]

    def write(self, assignment: Assignment = ASKED) -> list[Passed]:
        return list(self.writer.write(assignment, INDEX))

    def fail(self, assignment: Assignment = ASKED) -> tuple[list[str], UnwrittenError]:
        texts: list[str] = []
        with pytest.raises(UnwrittenError) as raised:
            texts.extend(piece.text for piece in self.writer.write(assignment, INDEX))
        return texts, raised.value


def text(pieces: Sequence[Passed]) -> str:
    return "".join(piece.text for piece in pieces)


def test_a_text_is_passed_on_sentence_by_sentence_with_what_each_is_grounded_in() -> None:
    desk = Desk(GOOD)

    assert desk.write() == [
        Passed("It costs 4.90 euro.", COST, COST.answer),
        Passed(" It takes two days.", TIME, TIME.answer),
    ]
    assert desk.ends == [(AnswerKind.GENERATED, "written")]
    assert len(desk.generator.asked) == 1


def test_a_sentence_is_passed_on_before_the_next_is_written() -> None:
    desk = Desk(["It costs 4.90 euro. ", "It", " takes two days."])

    pieces = desk.writer.write(ASKED, INDEX)

    assert next(pieces).text == "It costs 4.90 euro."
    assert (desk.generator.taken, desk.generator.open) == (2, 1)
    assert text(list(pieces)) == " It takes two days."
    assert desk.generator.open == 0


def test_a_yes_is_not_shown_without_what_it_says_yes_to() -> None:
    desk = Desk(["Yes. It costs", " 4.90 euro."])
    pieces = desk.writer.write(ASKED, INDEX)
    assert [next(pieces).text, desk.generator.taken] == ["Yes.", 2]
    assert text(list(pieces)) == " It costs 4.90 euro."

    wrong = ["Yes. It takes nine days."]
    assert Desk(wrong, wrong, checks=FakeChecks(NINE)).fail()[0] == []


def test_a_yes_alone_is_no_answer() -> None:
    texts, error = Desk(["Yes."], ["Yes."]).fail()
    assert (texts, error.reason) == ([], Unwritten.REFUSED)


def test_the_checks_know_what_the_model_was_told() -> None:
    desk = Desk(GOOD)
    desk.write()

    ((records, reader, question, canaries, system_text),) = desk.checks.begun
    told = "\n".join(message.text for message in desk.generator.asked[0])
    assert (records, reader, question) == ((COST, TIME), "en", ASKED.question)
    assert all(canary in told for canary in canaries)
    assert len(canaries) == 1
    assert system_text in told


@pytest.mark.parametrize("purpose", Purpose)
def test_only_what_it_writes_for_is_taken(purpose: Purpose) -> None:
    desk = Desk(purposes=frozenset({Purpose.LANGUAGE}))

    assert desk.writer.takes(replace(ASKED, purpose=purpose)) is (purpose is Purpose.LANGUAGE)
    assert not desk.writer.takes(replace(ASKED, purpose=purpose, records=()))
    assert desk.writer.kind is AnswerKind.GENERATED


def test_a_refused_sentence_ends_the_request_and_is_written_anew_with_the_reason() -> None:
    desk = Desk(
        ["It takes nine days. And", " so", " on", " and on."], GOOD, checks=FakeChecks(NINE)
    )

    assert text(desk.write()) == "It costs 4.90 euro. It takes two days."
    assert desk.generator.taken < 4 + len(GOOD)
    again = desk.generator.asked[1][-1].text
    assert 'not accepted: No passage says "nine".' in again
    assert "has been shown" not in again
    assert (desk.faults, desk.results) == ([Fault.FACTS], ["written"])


def test_the_second_attempt_goes_on_after_what_was_passed_on() -> None:
    desk = Desk(WRONG, ["It costs 4.90 euro. ", "It takes two days."], checks=FakeChecks(NINE))

    assert text(desk.write()) == "It costs 4.90 euro. It takes two days."
    assert "shown\nIt costs 4.90 euro.\n" in desk.generator.asked[1][-1].text


@pytest.mark.parametrize(
    "second", [["It takes two days."], ["  It takes", " two days."], ["\n\nIt takes two days."]]
)
def test_what_goes_on_is_set_apart_from_what_was_passed_on(second: list[str]) -> None:
    desk = Desk(WRONG, second, checks=FakeChecks(NINE))

    assert text(desk.write()) == "It costs 4.90 euro. It takes two days."


@pytest.mark.parametrize(
    "second", [["NOT_TOLD"], ["It costs 4.90 euro."], ["it costs  4.90 euro."]]
)
def test_a_text_may_be_whole_with_what_was_passed_on(second: list[str]) -> None:
    desk = Desk(WRONG, second, checks=FakeChecks(NINE))

    assert text(desk.write()) == "It costs 4.90 euro."
    assert desk.results == ["written"]


def test_what_is_refused_twice_is_not_asked_for_again() -> None:
    desk = Desk(["It takes nine days."], ["It takes ninety days."], checks=FakeChecks(NINE))

    texts, error = desk.fail()

    assert (texts, error.reason) == ([], Unwritten.REFUSED)
    assert str(error) == "what it says was refused: facts, then facts"
    assert (desk.results, len(desk.generator.asked)) == (["refused"], 2)


def test_what_passed_stands_where_the_rest_is_refused() -> None:
    desk = Desk(WRONG, ["It takes nine weeks."], checks=FakeChecks(NINE))

    texts, error = desk.fail()

    assert (texts, error.reason) == (["It costs 4.90 euro."], Unwritten.REFUSED)
    assert desk.results == ["partial"]


def test_sentences_that_pass_one_by_one_may_be_refused_together() -> None:
    desk = Desk(GOOD, checks=FakeChecks(whole=Fault.LENGTH))

    texts, error = desk.fail()

    assert (len(texts), error.reason) == (2, Unwritten.REFUSED)
    assert (desk.faults, desk.results) == ([Fault.LENGTH], ["partial"])


@pytest.mark.parametrize(
    "written", ["NOT_TOLD", "**NOT_TOLD**.", "Sorry: NOT\\_TOLD", "`NOT_TOLD`"]
)
def test_entries_that_do_not_tell_are_no_answer(written: str) -> None:
    desk = Desk([written])

    texts, error = desk.fail()

    assert (texts, error.reason, desk.results) == ([], Unwritten.NOT_TOLD, ["not_told"])
    assert len(desk.generator.asked) == 1


def test_a_second_attempt_may_say_that_the_entries_do_not_tell() -> None:
    desk = Desk(["It takes nine days."], ["NOT_TOLD"], checks=FakeChecks(NINE))

    assert desk.fail()[1].reason is Unwritten.NOT_TOLD


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (GeneratorBusyError("full"), Unwritten.BUSY),
        (GeneratorPausedError("paused"), Unwritten.UNAVAILABLE),
        (GeneratorUnreachableError("gone"), Unwritten.UNAVAILABLE),
        (GenerationTimedOutError("late"), Unwritten.TIMED_OUT),
        (BrokenReplyError("broken"), Unwritten.FAILED),
        (TooLongError("long"), Unwritten.FAILED),
    ],
)
def test_a_generator_that_fails_is_not_asked_again(
    failure: GeneratorError, reason: Unwritten
) -> None:
    before, amid = Desk([failure]), Desk(["It costs 4.90 euro. It", failure])

    texts, error = before.fail()
    assert (texts, error.reason, str(error)) == ([], reason, str(failure))
    assert before.results == [reason]

    texts, error = amid.fail()
    assert (texts, error.reason) == (["It costs 4.90 euro."], reason)
    assert amid.results == ["partial"]


@pytest.mark.parametrize("written", [[], ["  \n"], ["<think>Hm.</think>"], ["```\n```"]])
def test_nothing_is_no_text(written: list[str]) -> None:
    assert Desk(written).fail()[1].reason is Unwritten.FAILED


def test_whoever_stops_taking_pieces_ends_the_writing() -> None:
    desk = Desk(GOOD)
    pieces = desk.writer.write(ASKED, INDEX)
    next(pieces)

    pieces.close()  # type: ignore[attr-defined] # a generator, as whoever streams knows

    assert (desk.generator.open, desk.results) == (0, ["partial"])
    assert text(Desk(GOOD).write()) == "It costs 4.90 euro. It takes two days."


def test_time_is_up_whatever_the_generator_does() -> None:
    desk = Desk(["It costs 4.90 euro. ", "It", " takes", " two days."])
    pieces = desk.writer.write(ASKED, INDEX)
    next(pieces)

    desk.clock.now += 31

    with pytest.raises(UnwrittenError) as raised:
        list(pieces)
    assert raised.value.reason is Unwritten.TIMED_OUT
    assert desk.generator.open == 0


def test_texts_beyond_those_that_may_be_written_at_once_do_not_wait() -> None:
    desk = Desk(GOOD, GOOD, at_once=1)
    pieces = desk.writer.write(ASKED, INDEX)
    next(pieces)

    _, error = desk.fail(replace(ASKED, question="How long?"))
    assert error.reason is Unwritten.BUSY
    assert "POLYFAQ_THREADS" in str(error)
    assert desk.spending.of_conversations.total() == 1

    list(pieces)
    assert desk.write(replace(ASKED, question="How long?"))


def test_both_attempts_share_time_and_tokens() -> None:
    desk = Desk(WRONG, GOOD, checks=FakeChecks(NINE))
    pieces = desk.writer.write(ASKED, INDEX)
    next(pieces)
    desk.clock.now += 10
    list(pieces)

    first, second = desk.generator.limits
    assert (first.tokens, first.seconds) == (200, 30)
    assert second.tokens < 200
    assert second.seconds == 20


def test_there_is_no_second_attempt_when_time_is_up() -> None:
    desk = Desk(["It costs 4.90 euro. ", "It takes nine days. A"], GOOD, checks=FakeChecks(NINE))
    pieces = desk.writer.write(ASKED, INDEX)
    next(pieces)
    desk.clock.now += 30

    with pytest.raises(UnwrittenError):
        list(pieces)
    assert len(desk.generator.asked) == 1


def test_a_question_asked_again_costs_nothing() -> None:
    desk = Desk(GOOD)
    first = desk.write()

    assert desk.write(replace(ASKED, conversation_id="c-2")) == first
    assert len(desk.generator.asked) == 1
    assert desk.spending.of_conversations == {"c-1": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "How much?"},
        {"reader": "fr"},
        {"records": (COST,)},
        {"records": (COST, replace(TIME, answer="It takes three days."))},
    ],
)
def test_another_question_is_written_about_anew(changed: dict[str, object]) -> None:
    desk = Desk(GOOD, GOOD)
    desk.write()
    desk.write(replace(ASKED, **changed))  # type: ignore[arg-type]

    assert len(desk.generator.asked) == 2


def test_another_generation_of_the_index_is_written_about_anew() -> None:
    desk = Desk(GOOD, GOOD)
    desk.write()
    list(desk.writer.write(ASKED, FakeIndex([COST, TIME], id="2026-11-23T00-00-00Z-2a2a")))

    assert len(desk.generator.asked) == 2


def test_refusals_are_remembered_with_what_passed_and_failures_are_not() -> None:
    refused = Desk(WRONG, WRONG, checks=FakeChecks(NINE))
    first, again = refused.fail(), refused.fail()
    assert first[0] == again[0] == ["It costs 4.90 euro."]
    assert (again[1].reason, str(again[1])) == (Unwritten.REFUSED, str(first[1]))
    assert len(refused.generator.asked) == 2

    late = Desk([GenerationTimedOutError("late")], GOOD)
    late.fail()
    assert text(late.write()) == "It costs 4.90 euro. It takes two days."


def test_a_conversation_has_a_budget() -> None:
    desk = Desk(GOOD, GOOD, GOOD, allowance=Allowance(2, 100), remembered=0)
    desk.write()
    desk.write()

    texts, error = desk.fail()

    assert (texts, error.reason) == ([], Unwritten.BUDGET)
    assert "POLYFAQ_GENERATION_PER_CONVERSATION" in str(error)
    assert len(desk.generator.asked) == 2
    assert desk.write(replace(ASKED, conversation_id="c-2"))


def test_a_day_has_a_budget() -> None:
    desk = Desk(GOOD, allowance=Allowance(100, 1), remembered=0)
    desk.write()

    _, error = desk.fail(replace(ASKED, conversation_id="c-2"))

    assert error.reason is Unwritten.BUDGET
    assert "POLYFAQ_GENERATION_PER_DAY" in str(error)


@pytest.mark.parametrize(
    ("failure", "spent"),
    [
        (GeneratorPausedError("paused"), 0),
        (GeneratorBusyError("full"), 0),
        (GenerationTimedOutError("late"), 1),
    ],
)
def test_what_nobody_began_to_write_costs_nothing(failure: GeneratorError, spent: int) -> None:
    desk = Desk([failure])
    desk.fail()

    assert desk.spending.of_conversations.total() == spent


def test_nothing_is_written_while_texts_cannot_be_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(GOOD)
    desk.spending.is_down = True

    with caplog.at_level(logging.INFO):
        reasons = [desk.fail()[1].reason for _ in range(3)]
        assert desk.generator.asked == []
        desk.spending.is_down = False
        desk.write()

    assert reasons == [Unwritten.UNAVAILABLE] * 3
    assert desk.results == ["unavailable"] * 3 + ["written"]
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "machines write nothing until texts can be counted" in caplog.text
    assert "texts are counted again" in caplog.text


def test_a_prompt_that_cannot_be_short_enough_is_not_sent() -> None:
    desk = Desk(prompt=100)

    assert desk.fail()[1].reason is Unwritten.FAILED
    assert desk.generator.asked == []
    assert desk.spending.of_conversations.total() == 0


def test_no_line_that_is_logged_by_default_quotes_anyone(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(["It takes nine days."], ["It takes nine days."], checks=FakeChecks(NINE))

    with caplog.at_level(logging.INFO):
        _, error = desk.fail()

    assert ASKED.question not in caplog.text + str(error)
    assert "nine" not in caplog.text + str(error)


def test_the_time_to_the_first_sentence_is_taken() -> None:
    desk = Desk(GOOD)
    desk.write()

    assert desk.firsts == [0.0]
