"""Texts taken apart, put together again, and judged."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.translating.markdown_text import CutMarkdown
from app.translating.plain_text import CutPlainText
from app.translating.protecting import Piece, Protection, pieces
from app.translating.refusal import Reason, RefusedError
from app.translating.verifying import Candidate, verify
from models.marked_text import Kept, Marked, MarkedText, plain, to_html

NOTHING = Protection()
ANSWER = """\
# Where *your* order is

Open [My orders](https://shop.example/orders "All of them") and
choose **now** 4.90 €.\\
Up to {hours} h: see `order 7`, <https://a.example/x_y>.

1. First **thing**
   goes on
2. Second
   - nested [link][ref] ![a parcel](/parcel.png)
     > quoted ~~words~~

| size | price |
|:---|---:|
| big | 30 % |
| **big** \\| small | big |

```python
code = "stays"
```

[ref]: https://ref.example/a_(b)
"""


def kept(number: int, text: str) -> str:
    return f'<span translate="no" id="{number}">{text}</span>'


def html_of(markdown: str) -> list[str]:
    return [to_html(segment.text) for segment in CutMarkdown(markdown, NOTHING).segments]


def test_an_answer_is_cut_at_blocks_and_forced_line_breaks() -> None:
    assert html_of(ANSWER) == [
        'Where <b id="1">your</b> order is',
        f'Open <b id="1">My orders</b> and choose <b id="2">now</b> {kept(3, "4.90 €")}.',
        f"Up to {kept(1, '{hours}')} h: see {kept(2, 'order 7')}, {kept(3, 'https://a.example/x_y')}.",
        'First <b id="1">thing</b> goes on',
        "Second",
        'nested <b id="1">link</b> <b id="2">a parcel</b>',
        'quoted <b id="1">words</b>',
        "size",
        "price",
        "big",
        '<b id="1">big</b> | small',
        "big",
    ]


def test_a_translation_takes_the_form_of_the_source() -> None:
    cut = CutMarkdown(ANSWER, NOTHING)

    assert (
        cut.finished([upper(segment.text) for segment in cut.segments])
        == """\
# WHERE *YOUR* ORDER IS

OPEN [MY ORDERS](https://shop.example/orders "All of them") AND CHOOSE **NOW** 4.90 €.\\
UP TO {hours} H: SEE `order 7`, <https://a.example/x_y>.

1. FIRST **THING** GOES ON
2. SECOND
   - NESTED [LINK](<https://ref.example/a_(b)>) ![A PARCEL](/parcel.png)
     > QUOTED ~~WORDS~~

| SIZE | PRICE |
|:---|---:|
| BIG | 30 % |
| **BIG** \\| SMALL | BIG |

```python
code = "stays"
```

[ref]: https://ref.example/a_(b)
"""
    )


def upper(text: MarkedText) -> MarkedText:
    return tuple(
        part.upper()
        if isinstance(part, str)
        else Marked(part.number, upper(part.parts))
        if isinstance(part, Marked)
        else part
        for part in text
    )


def accepted(source: str, change: Callable[[MarkedText], MarkedText]) -> str:
    cut = CutMarkdown(source, NOTHING)
    text = cut.finished([change(segment.text) for segment in cut.segments])
    verify(Candidate(cut.source(), text, "fr", 0, is_markdown=True), None)
    return text


def reason(source: str, change: Callable[[MarkedText], MarkedText]) -> Reason:
    with pytest.raises(RefusedError) as refused:
        accepted(source, change)
    return refused.value.reason


def test_a_good_translation_is_accepted() -> None:
    assert accepted("Pay **4.90 €** to [us](/x).", upper) == "PAY **4.90 €** TO [US](/x)."


@pytest.mark.parametrize(
    "words",
    [
        "*no emphasis*",
        "_x_",
        "`code`",
        "[no](link)",
        "a\\b",
        "<b>",
        "&amp;",
        "~~x~~",
        "***",
        "<xy:z>",
        "<a@b.c>",
    ],
)
def test_words_are_never_taken_for_syntax(words: str) -> None:
    cut = CutMarkdown("plain words", NOTHING)

    (segment,) = CutMarkdown(cut.finished([(f"see {words}",)]), NOTHING).segments

    assert plain(segment.text) == f"see {words}"
    assert segment.marks == {}


@pytest.mark.parametrize("sign", ["-", "+", "1.", "7)", "#", ">", "==="])
def test_words_never_begin_a_block(sign: str) -> None:
    cut = CutMarkdown("plain words", NOTHING)

    (segment,) = CutMarkdown(cut.finished([(f"{sign} item",)]), NOTHING).segments

    assert plain(segment.text) == f"{sign} item"


def test_a_table_is_not_torn_by_a_bar() -> None:
    source = "| head |\n|---|\n| cell |"
    cut = CutMarkdown(source, NOTHING)

    assert cut.finished([("a | b",), ("c",)]) == "| a \\| b |\n|---|\n| c |"


@given(st.text(alphabet="ab 1*_`[]()<>#-\n|\\!&;~{}", max_size=60))
def test_cutting_and_joining_any_markdown_leaves_its_form(markdown: str) -> None:
    try:
        cut = CutMarkdown(markdown, NOTHING)
        text = cut.finished([segment.text for segment in cut.segments])
        assert text == cut.source()
    except RefusedError as refused:
        assert refused.reason is Reason.STRUCTURE  # noqa: PT017 - one of two good ends


LOSSES: list[tuple[str, Callable[[MarkedText], MarkedText], Reason]] = [
    ("Pay **now** or later", lambda text: (text[0], text[2]), Reason.STRUCTURE),
    ("Pay **now** or later", lambda text: (*text, text[1]), Reason.STRUCTURE),
    ("See [us](/x) at once", lambda _: ("Voyez-nous",), Reason.STRUCTURE),
    ("It is **a [link](/x)**", lambda _: (Marked(2, ("l",)), Marked(1, ("x",))), Reason.STRUCTURE),
    ("It costs 4.90 € now", lambda text: (text[0], text[2]), Reason.PIECES),
    ("It costs 4.90 € now", lambda text: (*text, text[1]), Reason.PIECES),
    ("It costs 4.90 € now", lambda text: (*text, Kept(9, "x")), Reason.STRUCTURE),
    ("It costs 4.90 € now", lambda text: (text[0], Marked(1, ("9",)), text[2]), Reason.PIECES),
    ("Pay **now** or later", lambda text: (text[0], Kept(1, "now"), text[2]), Reason.STRUCTURE),
    ("Pay **now** or later", lambda text: (*text, Marked(7, ("later",))), Reason.STRUCTURE),
    ("Two hours at most", lambda _: ("2 heures au plus",), Reason.PIECES),
    ("See it at home now", lambda _: ("https://evil.example voir",), Reason.PIECES),
    ("Say it here now", lambda _: ("{name} dites",), Reason.PIECES),
    ("Where is my parcel now", lambda text: text, Reason.UNTRANSLATED),
    ("Where is my parcel now", lambda _: (), Reason.EMPTY),
    ("Where is my parcel now", lambda _: (" \n",), Reason.EMPTY),
    ("Where is it now", lambda _: ("la la " * 40,), Reason.LENGTH),
    ("Where is the parcel now? " * 9, lambda _: ("Où ?",), Reason.LENGTH),
]


@pytest.mark.parametrize(("source", "change", "expected"), LOSSES)
def test_what_is_lost_or_made_up_is_refused(
    source: str, change: Callable[[MarkedText], MarkedText], expected: Reason
) -> None:
    assert reason(source, change) is expected


def test_a_short_name_may_stay_as_it_is() -> None:
    assert accepted("Acme Express Parcel", lambda text: text) == "Acme Express Parcel"


def test_chinese_is_shorter_and_not_too_short() -> None:
    source = "You can return any item within two weeks of the day on which it was delivered to you."

    assert accepted(source, lambda _: ("商品送达后两周内均可退货，不限品类，无需说明理由。",))


def judged(text: str, *, unknown: int = 0, found: str = "fr", target: str = "fr") -> Reason | None:
    candidate = Candidate("Where is my parcel now?", text, target, unknown, is_markdown=False)
    try:
        verify(candidate, lambda _: found)
    except RefusedError as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    ("found", "target", "expected"),
    [
        ("fr", "fr", None),
        ("und", "fr", None),
        ("pt", "pt-BR", None),
        ("en", "fr", Reason.LANGUAGE),
    ],
)
def test_another_language_is_refused(found: str, target: str, expected: Reason | None) -> None:
    assert judged("Où est mon colis ?", found=found, target=target) is expected


def test_three_words_do_not_tell_a_language() -> None:
    assert judged("Où colis ?", found="en") is None


SOURCE = (
    "You can pay by Visa, Mastercard, American Express and PayPal.\n\n"
    "- We take vouchers.\n- Your bank may ask you to confirm it."
)
FRENCH = (
    "Vous pouvez payer par Visa, Mastercard, American Express et PayPal.\n\n"
    "- Nous prenons les bons.\n- Votre banque peut vous demander de le confirmer."
)


def language_by_words(text: str) -> str:
    """Tell a language by how many of its words there are."""
    words = {
        "en": ("pay by", "take vouchers", "bank may ask"),
        "fr": ("pouvez payer", "prenons", "peut vous demander"),
        "es": ("su banco puede", "aceptamos vales"),
        "ru": ("принимаем",),
    }
    counts = {tag: sum(word in text.lower() for word in known) for tag, known in words.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else "und"


def judged_by_sentence(
    text: str, *, target: str = "fr", identify: Callable[[str], str] | None = language_by_words
) -> Reason | None:
    try:
        verify(Candidate(SOURCE, text, target, 0, is_markdown=True), identify)
    except RefusedError as refused:
        return refused.reason
    return None


def test_a_translation_all_of_which_is_translated_is_accepted() -> None:
    assert judged_by_sentence(FRENCH) is None


@pytest.mark.parametrize("identify", [language_by_words, lambda _: "und", None])
def test_a_sentence_that_came_back_as_it_was_is_refused(
    identify: Callable[[str], str] | None,
) -> None:
    left = FRENCH.replace(
        "Votre banque peut vous demander de le confirmer", "Your bank may ask you to confirm it"
    )

    assert judged_by_sentence(left, identify=identify) is Reason.UNTRANSLATED


def test_a_sentence_that_is_alike_in_both_languages_is_not() -> None:
    def identify(_: str) -> str:
        return "fr"

    assert judged_by_sentence(SOURCE.replace("take", "took"), identify=identify) is None


def test_a_long_sentence_in_another_language_is_refused() -> None:
    mixed = FRENCH.replace(
        "Votre banque peut vous demander de le confirmer", "Su banco puede pedirle que lo confirme"
    )

    assert judged_by_sentence(mixed) is Reason.LANGUAGE


def test_a_short_one_may_only_look_like_it() -> None:
    assert judged_by_sentence(FRENCH.replace("Nous prenons les bons", "Sí aceptamos vales")) is None


def test_in_another_script_it_does_not() -> None:
    mixed = FRENCH.replace("Nous prenons les bons", "Мы также принимаем купоны")

    assert judged_by_sentence(mixed) is Reason.LANGUAGE


def test_names_are_in_no_language() -> None:
    names = "Visa, Mastercard, American Express, Google Pay, Apple Pay."
    source = f"You may pay with all of these.\n\n{names}"

    def identify(text: str) -> str:
        return "en" if text == names else "fr"

    verify(
        Candidate(source, f"Vous pouvez payer ainsi :\n\n{names}", "fr", 0, is_markdown=True),
        identify,
    )


@pytest.mark.parametrize("end", ["。", ".", ". "])
def test_a_sentence_ends_where_no_space_follows(end: str) -> None:
    text = f"Your bank may ask you to confirm it{end}ビザで支払えます。商品券も使えます。"
    source = "Your bank may ask you to confirm it. We take Visa and Mastercard. We take vouchers."

    with pytest.raises(RefusedError) as refused:
        verify(
            Candidate(source, text, "ja", 0, is_markdown=False),
            lambda text: "en" if text.startswith("Your") and len(text) < 40 else "ja",
        )

    assert refused.value.reason in {Reason.UNTRANSLATED, Reason.LANGUAGE}


@pytest.mark.parametrize(
    ("unknown", "expected"),
    [(0, None), (1, None), (2, Reason.UNKNOWN_WORDS), (9, Reason.UNKNOWN_WORDS)],
)
def test_many_unknown_words_are_refused(unknown: int, expected: Reason | None) -> None:
    assert judged("Où est mon colis donc ?", unknown=unknown) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 2-4 days, 24 h or 24h at 14:00", ["2-4", "24", "24h", "14:00"]),
        ("4.90 €, €4.90, $1,000.50, 30 %, 5 °C", ["4.90€", "€4.90", "$1,000.50", "30%", "5°C"]),
        ("2026-11-22 or 31/12/2026 or 3.4.2026.", ["2026-11-22", "31/12/2026", "3.4.2026"]),
        ("call +49 (30) 123-4567 now", ["+49(30)123-4567"]),
        ("a@b.example, https://x.example/a?b=1. And", ["a@b.example", "https://x.example/a?b=1"]),
        ("{name} {{ x }} ${y} %s %(n)d", ["{name}", "{{x}}", "${y}", "%s", "%(n)d"]),
        ("model A4 SKU-1234 iso9001 x_1", ["A4", "SKU-1234", "iso9001", "1"]),
        ("<br> and &nbsp; stay", ["<br>", "&nbsp;"]),
        ("no pieces, e-mail or a/b here", []),
    ],
)
def test_pieces_are_found(text: str, expected: list[str]) -> None:
    assert list(pieces(text).elements()) == expected


def test_terms_stay_or_become_what_is_settled() -> None:
    protection = Protection({"Acme Pay": "Acme Pay", "basket": "panier", "pay": "régler"})
    cut = CutPlainText("Put it into the basket, with Acme Pay; pay baskets.", protection)

    (segment,) = cut.segments

    assert [piece for piece in protection.split("a basket") if isinstance(piece, Piece)] == [
        Piece("basket", "panier")
    ]
    assert to_html(segment.text) == (
        'Put it into the <span translate="no" id="1">panier</span>, with '
        '<span translate="no" id="2">Acme Pay</span>; <span translate="no" id="3">régler</span> '
        "baskets."
    )
    assert cut.finished([upper(segment.text)]) == (
        "PUT IT INTO THE panier, WITH Acme Pay; régler BASKETS."
    )


def test_a_term_is_not_looked_for_within_an_address() -> None:
    protection = Protection({"shop": "tienda", "Plan 9": "Plan nueve"})
    cut = CutPlainText("Our shop at https://shop.example/shop has Plan 9, 9 times.", protection)

    assert cut.source() == "Our tienda at https://shop.example/shop has Plan nueve, 9 times."


def test_a_picture_without_words_is_kept() -> None:
    cut = CutMarkdown("See ![](/parcel.png) here", NOTHING)

    assert [to_html(each.text) for each in cut.segments] == [f"See {kept(1, '')} here"]
    assert cut.source() == "See ![](/parcel.png) here"


def test_a_text_of_pieces_alone_needs_no_translator() -> None:
    cut = CutPlainText("24 / 7", NOTHING)

    assert cut.segments == []
    assert cut.finished([]) == "24 / 7"


def test_a_mark_around_nothing_says_nothing() -> None:
    cut = CutMarkdown("Pay now", NOTHING)

    assert cut.finished([(Marked(7, ()), "Payez", Marked(1, (" ",)))]) == "Payez"


NUMBERS = st.integers(0, 4)
ANY_TEXT = st.lists(
    st.recursive(
        st.text(max_size=5) | st.builds(Kept, NUMBERS, st.text(max_size=5)),
        lambda parts: st.builds(Marked, NUMBERS, st.lists(parts, max_size=3).map(tuple)),
    ),
    max_size=5,
).map(tuple)


@given(ANY_TEXT)
def test_whatever_a_translator_writes_is_taken_or_refused(written: MarkedText) -> None:
    cut = CutMarkdown("Pay **4.90 €** [now](/pay)", NOTHING)

    try:
        finished = cut.finished([written])
    except RefusedError as refused:
        assert refused.reason in {Reason.PIECES, Reason.STRUCTURE}  # noqa: PT017 - one of two ends
    else:
        assert finished.count("4.90 €") >= 1
