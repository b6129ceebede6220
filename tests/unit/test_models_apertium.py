"""Apertium: its stream, its process, and what becomes of texts on the way."""

import os
import stat
import sys
from pathlib import Path

import pytest

from models.apertium_stream import from_stream, to_stream
from models.apertium_translator import ApertiumTranslator
from models.marked_text import Kept, Marked, MarkedText, plain
from models.translation import (
    Pair,
    TranslationFailedError,
    TranslationTimedOutError,
    TranslatorUnavailableError,
)

ENGLISH_SPANISH = Pair("eng", "spa")


def test_marks_and_pieces_are_labels_of_words() -> None:
    text: MarkedText = ("Open ", Marked(1, ("my orders ", Kept(2, "24"))), " or ", Kept(3, "Acme"))

    assert to_stream(text) == ("Open [[m1]]my orders[[/]] [[m1;k2]]24[[/]] or [[k3]]Xqzkv[[/]][]")


def test_signs_of_the_stream_are_escaped() -> None:
    assert to_stream(("a [b] {c} ^d$ e/f \\ <g>",)) == (r"a \[b\] \{c\} \^d\$ e\/f \\ \<g\>[]")
    assert to_stream(("5 * 3 #1",)) == "5 [*] 3 [#]1[]"


def test_labels_are_read_back_wherever_the_words_went() -> None:
    source: MarkedText = ("red ", Marked(1, ("car",)), " ", Kept(2, "24"))

    found = from_stream(r"[[k2]]24[[/]] [[m1]]coche[[/]] rojo \[x\].[]", source)

    assert found.text == (Kept(2, "24"), " ", Marked(1, ("coche",)), " rojo [x].")


def test_a_mark_reaches_over_a_word_that_came_up_within() -> None:
    source: MarkedText = (Marked(1, ("Change address",)),)

    found = from_stream("[[m1]]cambio[[/]] de [[m1]]dirección[[/]]", source)

    assert found.text == (Marked(1, ("cambio de dirección",)),)


def test_a_mark_that_was_torn_apart_stays_so() -> None:
    source: MarkedText = (Marked(1, ("a b",)), " c d e")

    found = from_stream("[[m1]]a[[/]] c d e [[m1]]b[[/]]", source)

    assert found.text == (Marked(1, ("a",)), " c d e ", Marked(1, ("b",)))


def test_a_mark_within_a_mark_stays_within() -> None:
    source: MarkedText = (Marked(1, ("see ", Marked(2, ("this",)), " page")),)

    found = from_stream("[[m1]]ver[[/]] [[m1;m2]]esta[[/]] [[m1]]página[[/]]", source)

    assert found.text == (Marked(1, ("ver ", Marked(2, ("esta",)), " página")),)


@pytest.mark.parametrize("stream", ["*foo *bar baz", "#foo @bar baz", "[[m1]]*foo[[/]] *bar baz"])
def test_marks_of_unknown_words_are_counted_and_taken_off(stream: str) -> None:
    found = from_stream(stream, (Marked(1, ("foo",)), " bar baz"))

    assert found.unknown == 2
    assert plain(found.text) == "foo bar baz"


def test_a_kept_piece_is_no_unknown_word() -> None:
    assert from_stream("[[k1]]*Xqzkv[[/]]", (Kept(1, "Acme"),)).unknown == 0


def test_pairs_are_those_of_its_modes(apertium: ApertiumTranslator) -> None:
    pairs = apertium.pairs()

    assert {ENGLISH_SPANISH, Pair("spa", "eng")} <= pairs
    assert apertium.identity.startswith("apertium 3")


def test_texts_are_translated_each_for_itself(apertium: ApertiumTranslator) -> None:
    texts: list[MarkedText] = [
        ("The red car is here.",),
        (),
        ("Where is ", Marked(1, ("my house",)), "?"),
        ("It costs ", Kept(1, "€4.90"), " for ", Kept(2, "24 h"), " at ", Kept(3, "Acme"), "."),
        (
            "A ",
            Kept(1, "flibbertigib"),
            " zorgluft is here.",
        ),
    ]

    found = apertium.translate(texts, ENGLISH_SPANISH)

    assert "coche rojo" in plain(found[0].text)
    assert plain(found[0].text).endswith(".")
    assert found[1].text == ()
    assert [part.number for part in found[2].text if isinstance(part, Marked)] == [1]
    assert [part.text for part in found[3].text if isinstance(part, Kept)] == [
        "€4.90",
        "24 h",
        "Acme",
    ]
    assert [each.unknown for each in found] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "words",
    [
        "[a] {b} ^c$ d/e \\ <f> @g ~h~ #i *j* + k",
        "100 % & more \ufffd\u200d 🎉 end",
        "«quoted» — “dashes”… 日本語 عربي",
        "]]] [[ [[/]] [[k1]]x[[/]] \\[",
        "a\n\nb\tc",
    ],
)
def test_signs_of_all_kinds_come_through_once(apertium: ApertiumTranslator, words: str) -> None:
    (found,) = apertium.translate([(words, Kept(1, "7"))], ENGLISH_SPANISH)

    came = plain(found.text)
    signs = [sign for sign in words if not sign.isalnum() and not sign.isspace()]
    assert [sign for sign in came if sign in signs] == signs


def program(folder: Path, script: str) -> str:
    """Put a stand-in for apertium into a folder."""
    file = folder / "apertium"
    file.write_text(f"#!{sys.executable}\nimport os, sys, time\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_a_program_that_is_not_there_is_told_how_to_install() -> None:
    with pytest.raises(TranslatorUnavailableError, match="apt-get install apertium"):
        ApertiumTranslator("no-such-apertium").pairs()


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    command = program(tmp_path, "time.sleep(600)")

    with pytest.raises(TranslationTimedOutError, match=r"took over 0\.3 s .*TRANSLATOR_SECONDS"):
        ApertiumTranslator(command, seconds=0.3).translate([("hello",)], ENGLISH_SPANISH)


def test_a_program_that_prints_without_end_is_ended_with_all_that_it_started(
    tmp_path: Path,
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    command = program(
        tmp_path,
        f"held = open({str(pipe)!r}, 'w')\nprint('held', file=held, flush=True)\n"
        "if os.fork() == 0: time.sleep(600)\nwhile True: os.write(1, b'x' * 65536)",
    )

    with pytest.raises(TranslationFailedError, match="printed more than"):
        ApertiumTranslator(command, seconds=600).translate([("hello",)], ENGLISH_SPANISH)

    # Whoever still held the pipe would keep this waiting.
    os.set_blocking(reading, True)
    with os.fdopen(reading, "rb") as rest:
        assert rest.read() == b"held\n"


@pytest.mark.parametrize(
    "script",
    [
        "sys.exit(3)",
        "sys.stderr.write('no such mode'); sys.exit(1)",
        "print('<html>')",
        "os.write(1, b'\\xff\\xfe\\0\\0')",
        "os.write(1, b'hola\\0')",
        "pass",
    ],
)
def test_nonsense_is_a_failure_of_these_texts(tmp_path: Path, script: str) -> None:
    with pytest.raises(TranslationFailedError, match="eng-spa"):
        ApertiumTranslator(program(tmp_path, script)).translate([("hello",)], ENGLISH_SPANISH)


def test_a_program_that_cannot_list_its_modes_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(TranslatorUnavailableError, match="ended with status 3"):
        ApertiumTranslator(program(tmp_path, "sys.exit(3)")).pairs()


def test_modes_that_are_no_pairs_are_left_out(tmp_path: Path) -> None:
    listed = "eng-spa\\n  eco-es-fr\\n  eng-spa-tagger\\n  spellcheck"
    command = program(tmp_path, f"print('  {listed}')")

    assert ApertiumTranslator(command).pairs() == {ENGLISH_SPANISH}
