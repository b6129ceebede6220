from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.answering.compose import render_beforehand
from app.answering.markdown import plain_to_html, to_html, to_markdown
from knowledge_base.entry import Record
from tests.fakes import FakeIndex


def test_markdown_becomes_html() -> None:
    assert to_html("Open **My orders**.\n\n- one\n- two") == (
        "<p>Open <strong>My orders</strong>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    )


def test_html_in_an_answer_is_shown_not_run() -> None:
    html = to_html("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#x73;cript:alert(1)", "data:text/html,x"],
)
def test_links_that_run_something_are_no_links(url: str) -> None:
    assert "href" not in to_html(f"[click]({url})")


@pytest.mark.parametrize("url", ["https://shop.example/a?b=c:d", "/orders", "mailto:a@b.example"])
def test_links_lead_away_without_a_referrer(url: str) -> None:
    html = to_html(f"[there]({url})")
    assert f'href="{url}"' in html
    assert 'rel="nofollow noopener noreferrer"' in html


def test_images_are_not_loaded_from_elsewhere() -> None:
    assert "<img" not in to_html("![logo](https://elsewhere.example/pixel.png)")


def test_plain_text_is_escaped() -> None:
    assert plain_to_html("a < b & c") == "<p>a &lt; b &amp; c</p>"


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \\`*_[]<>#+-=.~|&!:1"))
)
@example("1. [a](b) **c** <d> &amp; `e` ~~f~~ | g")
@example("# a")
@example("---")
@example("12) a_b_c")
def test_plain_text_in_markdown_is_shown_as_it_is(text: str) -> None:
    shown = escape(" ".join(text.split()), quote=False).replace('"', "&quot;")
    assert to_html(f"a\n\n- {to_markdown(text)}") == (f"<p>a</p>\n<ul>\n<li>{shown}</li>\n</ul>")


def test_answers_are_rendered_beforehand() -> None:
    records = [Record("a", lang, "?", f"*only in {lang}*") for lang in ("de", "en")]
    render_beforehand(FakeIndex(records))
    known = to_html.cache_info().hits

    for record in records:
        to_html(record.answer)

    assert to_html.cache_info().hits == known + 2
