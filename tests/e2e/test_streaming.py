"""An answer that a machine writes, on the page, while it is written."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from app.answering.writing import Unwritten
from app.notices import Notice
from tests.e2e.conftest import MakeSite, Site
from tests.e2e.page import Page
from tests.fake_writing import FakeWriter, HeldUpWriter

GIFTS = "Do you wrap gifts?"
# Fetches as ever, but a stream breaks off after its first bytes.
_CUT = """
const ask = window.fetch;
window.asked = [];
window.fetch = async (path, options) => {
  const reply = await ask(path, options);
  const kind = reply.headers.get("content-type");
  if (path === "v1/ask") window.asked.push(kind.split(";")[0]);
  if (!kind.startsWith("text/event-stream")) return reply;
  const text = (await reply.text()).slice(0, 900);
  return new Response(text, { headers: reply.headers });
};
"""


def begin(site: Site, language: str, question: str = GIFTS) -> WebElement:
    """Ask, and give the answer that is coming once its first words are there."""
    page = site.page.open()
    page.wait(lambda: page.all(f"#answer-language option[value={language}]"))
    page.script("document.getElementById('answer-language').value = arguments[0]", language)
    page.type(question)
    page.one("#ask .primary").click()
    page.wait(lambda: page.texts("faq-coming .text") not in ([], [""]))
    return page.one("faq-coming")


def texts(element: WebElement, selector: str) -> list[str]:
    found = element.find_elements(By.CSS_SELECTOR, selector)
    return [one.text for one in found if one.is_displayed()]


def finished(page: Page) -> WebElement:
    answer = page.reply_after(0)
    assert page.all("faq-coming, .waiting") == []
    return answer


def test_text_is_shown_as_it_is_written(make_site: MakeSite) -> None:
    writer = HeldUpWriter("Oui, **dans du", " papier**.")
    writer.let()
    site = make_site(writers=[writer])
    coming = begin(site, "fr")
    assert texts(coming, ".text") == ["Oui, **dans du"]
    assert texts(coming, ".machine") == ["Written by a machine"]
    assert texts(coming, ".notice") == [site.services.notices.text(Notice.GENERATED, "fr").text]
    assert texts(coming, ".source dd") == [GIFTS]
    assert site.page.one(".dots").is_displayed()
    writer.let()
    answer = finished(site.page)
    assert texts(answer, ".text strong") == ["dans du papier"]
    assert texts(answer, ".machine") == ["Written by a machine"]
    assert texts(answer, ".feedback button")[:2] == ["Yes", "No"]


def test_a_text_that_breaks_off_says_so_at_its_end(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Oui.", failure=Unwritten.REFUSED)])
    page = site.page.open()
    page.script("document.getElementById('answer-language').value = 'fr'")
    answer = page.ask(GIFTS)
    assert texts(answer, ".notice") == [site.services.notices.text(Notice.PARTIAL, "fr").text]
    text, notice = (answer.find_element(By.CSS_SELECTOR, one) for one in (".text", ".notice"))
    assert text.location["y"] < notice.location["y"]


def test_only_the_whole_answer_is_read_out_and_used(make_site: MakeSite) -> None:
    writer = HeldUpWriter("Oui: [ici](https://shop.example)", " et là.")
    writer.let()
    site = make_site(writers=[writer])
    begin(site, "fr")
    page = site.page
    assert page.one("faq-coming").get_property("inert") is True
    assert page.one(".turn").get_attribute("aria-busy") == "true"
    assert page.one("#status").text
    page.tab_to("#question")
    writer.let()
    answer = finished(page)
    assert page.one(".turn").get_attribute("aria-busy") == "false"
    assert answer.find_element(By.CSS_SELECTOR, ".text a").is_enabled()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_right_to_left_text_is_set_so_from_its_first_word(
    make_site: MakeSite, width: int
) -> None:
    writer = HeldUpWriter("نعم، نغلّفها", " بورق هدايا.")
    writer.let()
    site = make_site(writers=[writer], language="ar")
    site.page.resize(width)
    coming = begin(site, "ar")
    text = coming.find_element(By.CSS_SELECTOR, ".text")
    assert (text.get_attribute("lang"), text.get_attribute("dir")) == ("ar", "rtl")
    assert text.value_of_css_property("direction") == "rtl"
    assert site.page.script("return document.documentElement.scrollWidth") <= width
    writer.let()
    assert texts(finished(site.page), ".text") == ["نعم، نغلّفها بورق هدايا."]


def test_what_is_cut_off_is_asked_for_in_one_piece(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Oui, ", "dans du papier.")])
    page = site.page.open()
    page.script(_CUT)
    page.script("document.getElementById('answer-language').value = 'fr'")
    answer = page.ask(GIFTS)
    assert texts(answer, ".text") == ["Oui, dans du papier."]
    assert page.script("return window.asked") == ["text/event-stream", "application/json"]


def test_a_browser_that_cannot_stream_gets_the_answer_in_one_piece(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Oui, ", "dans du papier.")])
    page = site.page.open()
    page.script(_CUT)
    page.script("delete window.TextDecoderStream")
    page.script("document.getElementById('answer-language').value = 'fr'")
    answer = page.ask(GIFTS)
    assert texts(answer, ".text") == ["Oui, dans du papier."]
    assert page.script("return window.asked") == ["application/json"]


def test_what_fails_on_the_way_can_be_tried_again(make_site: MakeSite) -> None:
    writer = FakeWriter("Oui, ", failure=RuntimeError("broken"))
    site = make_site(writers=[writer])
    page = site.page.open()
    page.script("document.getElementById('answer-language').value = 'fr'")
    page.ask(GIFTS)
    assert page.one(".failure p").text == "Something went wrong. Please try again later."
    assert page.all("faq-coming") == []
    writer.failure = None
    page.one(".failure button").click()
    page.wait(lambda: page.all("faq-answer"))
    assert page.texts("faq-answer .text") == ["Oui,"]
