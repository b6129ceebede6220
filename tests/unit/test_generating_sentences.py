"""Texts cut into sentences as they come: nothing is cut that belongs together."""

from collections.abc import Iterator

import pytest

from app.generating.sentences import LONGEST, joined, sentences
from app.generating.unwrapping import unwrapped

TEXTS = {
    "prices and abbreviations": (
        "It costs 4.90 €. Send it back, e.g. by mail. OK?",
        ["It costs 4.90 €.", " Send it back, e.g. by mail.", " OK?"],
    ),
    "German dates": (
        "Am 3. Mai kommt z. B. Dr. Meier. Danach, bzw. später, Nr. 5.",
        ["Am 3. Mai kommt z. B. Dr. Meier.", " Danach, bzw. später, Nr. 5."],
    ),
    "a word that is short for number only before one": (
        "The answer is no. You cannot. See no. 5 there.",
        ["The answer is no.", " You cannot.", " See no. 5 there."],
    ),
    "Polish": ("Zwrot, tj. paczka. Koszt to 5 zł.", ["Zwrot, tj. paczka.", " Koszt to 5 zł."]),
    "Russian": ("Это 300 руб. Плюс и т. п. Всё. Да.", ["Это 300 руб. Плюс и т. п. Всё.", " Да."]),
    "links, code and emphasis": (
        "See [the page. Or not](https://a.example/c. d) now! **Bold. Still.** Use `a. B` here.",
        [
            "See [the page. Or not](https://a.example/c. d) now!",
            " **Bold. Still.**",
            " Use `a. B` here.",
        ],
    ),
    "brackets": (
        "Send it (unopened. Please). Thanks.",
        ["Send it (unopened. Please).", " Thanks."],
    ),
    "Japanese": (
        "送料は500円です。返品は「30日以内。」です！はい。",
        ["送料は500円です。", "返品は「30日以内。」です！", "はい。"],
    ),
    "Hindi and Arabic": (
        "यह 30 दिन है। हाँ। هل هذا؟ نعم.",
        ["यह 30 दिन है।", " हाँ।", " هل هذا؟", " نعم."],
    ),
    "Greek": ("Τι είναι; Αυτό. Ναι.", ["Τι είναι;", " Αυτό.", " Ναι."]),
    "a semicolon elsewhere": ("It is free; It is fast.", ["It is free; It is fast."]),
    "lists and headings": (
        "# Head\n1. One. And more.\n2. Two\nThen this.\n\nA paragraph\nthat goes on. End",
        [
            "# Head",
            "\n1. One.",
            " And more.",
            "\n2. Two",
            "\nThen this.",
            "\n\nA paragraph\nthat goes on.",
            " End",
        ],
    ),
    "what leads a list": (
        "You need:\n- a box\n- a label",
        ["You need:", "\n- a box", "\n- a label"],
    ),
}


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


@pytest.mark.parametrize("size", [1, 3, 10_000])
@pytest.mark.parametrize("name", TEXTS)
def test_sentences_are_the_same_whatever_the_pieces(name: str, size: int) -> None:
    text, expected = TEXTS[name]
    cut = list(sentences(pieces(text, size)))

    assert "".join(cut) == text
    assert cut == expected


def test_a_sentence_is_given_as_soon_as_it_has_ended() -> None:
    coming = iter(["It costs 4", ".90 €. ", "W", "hoever wants"])
    taken = []

    def watched() -> Iterator[str]:
        for piece in coming:
            taken.append(piece)
            yield piece

    assert next(sentences(watched())) == "It costs 4.90 €."
    assert taken == ["It costs 4", ".90 €. ", "W"]


def test_thai_is_cut_where_it_pauses() -> None:
    text = "คุณสามารถคืนสินค้าได้ภายใน 30 วัน " * 20

    cut = list(sentences(pieces(text, 7)))

    assert "".join(cut) == text.strip()
    assert max(map(len, cut)) < 250
    assert len(cut) > 2


@pytest.mark.parametrize("text", ["x" * 10_000, "a " + " " * 10_000 + "b", "(" * 10_000])
def test_what_never_ends_is_cut(text: str) -> None:
    cut = list(sentences(pieces(text, 100)))

    assert max(map(len, cut)) <= LONGEST + 101
    assert "".join("".join(cut).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("before", "sentence", "expected"),
    [
        ("", "Yes.", "Yes."),
        ("No.", "Yes.", " Yes."),
        ("No.", "\nYes.", "\nYes."),
        ("Need:", "- a box", "\n- a box"),
        ("はい。", "いいえ。", "いいえ。"),
    ],
)
def test_a_sentence_gets_the_space_it_needs(before: str, sentence: str, expected: str) -> None:
    assert joined(before, sentence) == expected


@pytest.mark.parametrize("size", [1, 5, 10_000])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Yes. No.", "Yes. No."),
        ("\n\n Yes.", "Yes."),
        ("<think>Is it? Yes.</think>\n\nYes.", "Yes."),
        ("<Thinking>\nHm.\n</Thinking>Yes.", "Yes."),
        ("```\nYes.\n```", "Yes."),
        ("```\n```", ""),
        ("```markdown\nYes.\n\n- no\n```\nThat is all.", "Yes.\n\n- no"),
        ("<think>Hm.</think>```\nYes.\n```", "Yes."),
        ("<think>It never ends", ""),
        ("Yes: `a`, <b>no</b>.", "Yes: `a`, <b>no</b>."),
        ("", ""),
    ],
)
def test_what_models_put_around_an_answer_is_dropped(
    written: str, expected: str, size: int
) -> None:
    assert "".join(unwrapped(pieces(written, size))) == expected


def test_endless_thinking_takes_no_memory_and_is_no_answer() -> None:
    thinking = (piece for piece in ["<think>", *["and so on " * 1000] * 100])

    assert "".join(unwrapped(thinking)) == ""
