"""Texts with marks and kept pieces, and the HTML that they are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.marked_text import (
    Kept,
    Marked,
    MarkedText,
    MarkedTextError,
    Part,
    from_html,
    plain,
    to_html,
)

TEXT: MarkedText = (
    "Open ",
    Marked(1, ("my ", Marked(2, ("orders",)))),
    " & pay ",
    Kept(3, "<4.90 €>"),
)


def test_a_text_is_written_as_html() -> None:
    assert to_html(TEXT) == (
        'Open <b id="1">my <b id="2">orders</b></b> &amp; pay '
        '<span translate="no" id="3">&lt;4.90 €&gt;</span>'
    )


def test_html_is_read_as_the_text_it_was() -> None:
    assert from_html(to_html(TEXT)) == TEXT
    assert plain(TEXT) == "Open my orders & pay <4.90 €>"


@given(st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])))
def test_any_words_come_back(words: str) -> None:
    text: tuple[Part, ...] = (words,) if words else ()

    assert from_html(to_html(text)) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<p>no paragraph was sent</p>",
        '<b id="1">not closed',
        "closes nothing</b>",
        "<b>without a number</b>",
        '<b id="x">not a number</b>',
        '<b id="1"><span id="2">crossed</b></span>',
        '<b id="1">' * 60 + "too deep" + "</b>" * 60,
    ],
)
def test_other_html_is_no_marked_text(markup: str) -> None:
    with pytest.raises(MarkedTextError):
        from_html(markup)
