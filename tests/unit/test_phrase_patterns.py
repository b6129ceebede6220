import pytest

from app.answering.phrase_patterns import (
    NOTHING,
    Pattern,
    PatternError,
    fold,
    places_of,
    read_pattern,
    spelt,
)


def matches(pattern: Pattern, text: str) -> bool:
    words = list(spelt(text))
    return bool(pattern.ends(1, places_of(words)) >> len(words) & 1)


def read(source: str, **named: Pattern) -> Pattern:
    return read_pattern(fold(source), named)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("call me", "Call me!"),
        ("call me | ring me", "ring me"),
        ("[please] (call|ring) me [back]", "call me"),
        ("[please] (call|ring) me [back]", "please ring me back"),
        ("very [very] good", "very very good"),
        ("i'd like it", "I’d like it"),
        ("grüß gott", "GRUSS GOTT"),
        ("こんにちは", "こん にちは"),
        ("می‌خواهم", "می خواهم"),
        ("يكي", "یکی"),
    ],
)
def test_a_pattern_matches_its_words_however_they_are_written(source: str, text: str) -> None:
    assert matches(read(source), text)


@pytest.mark.parametrize("text", ["call", "me call", "call me now", "please me", ""])
def test_a_pattern_matches_all_of_its_words_in_order_and_no_others(text: str) -> None:
    assert not matches(read("[please] (call|ring) me"), text)


def test_a_name_stands_for_a_pattern() -> None:
    greeting = read("hello | good (morning|day)")
    assert matches(read("<greeting> [there]", greeting=greeting), "Good day there")


def test_all_ends_are_found_not_only_the_first() -> None:
    assert read("a [a] [a]").ends(1, places_of(["a", "a", "a"])) == 0b1110


def test_nothing_matches_nowhere() -> None:
    assert NOTHING.ends(0b1, {}) == 0


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("call (me", r"'\(' is not closed in: call \( me"),
        ("call [me)", r"'\[' is not closed"),
        ("call me)", r"'\)' closes nothing in: call me\)"),
        ("call <person>", "nothing is called <person> before: call <person>"),
    ],
)
def test_what_cannot_be_read_is_shown(source: str, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        read(source)
