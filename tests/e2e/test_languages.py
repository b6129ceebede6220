from pathlib import Path

from app.notices import Notice, Notices
from app.notices.catalogue import available_languages
from knowledge_base.languages import direction
from tests.e2e.conftest import MakeSite
from tests.e2e.page import Page

# The longest words break a narrow page first, wherever they are.
_WIDER_THAN_THE_PAGE = """
const width = document.documentElement.clientWidth;
return [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, select, .skip"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.left < -1 || box.right > width + 1);
  })
  .map((one) => one.outerHTML.slice(0, 120));
"""


def test_the_browsers_language_is_the_pages_first(make_site: MakeSite) -> None:
    page = make_site(language="pt-BR,en;q=0.5").page.open()
    page.wait(lambda: page.script("return document.documentElement.lang") == "pt")
    assert page.one("h1").text == Notices().text(Notice.TITLE, "pt").text
    assert page.one("#interface-language").get_property("value") == "pt"


def test_a_language_that_the_page_is_not_written_in_gives_english(make_site: MakeSite) -> None:
    page = make_site(language="mt").page.open()
    page.wait(lambda: page.one("#examples").is_displayed())
    assert page.script("return document.documentElement.lang") == "en"


def test_a_language_chosen_is_remembered(page: Page) -> None:
    page.speak("he")
    assert page.style("html", "direction") == "rtl"
    page.open()
    page.wait(lambda: page.script("return document.documentElement.lang") == "he")
    assert page.one("h1").text == Notices().text(Notice.TITLE, "he").text


def test_the_pages_language_is_changed_in_the_middle_of_a_conversation(page: Page) -> None:
    page.ask("Where is my order?")
    page.speak("de")
    assert page.one(".confidence .degree").text.startswith("Sehr sicher")
    assert page.one(".ask-rating").text == "War das hilfreich?"
    assert "My orders" in page.one(".text").text


def test_every_language_of_the_notices_can_be_chosen(page: Page) -> None:
    options = page.all("#interface-language option")
    assert {str(option.get_attribute("value")) for option in options} == available_languages()
    for option in options:
        assert option.get_attribute("lang") == option.get_attribute("value")


def test_a_narrow_phone_shows_all_of_the_page_in_every_language(make_site: MakeSite) -> None:
    page = make_site().page
    page.resize(320, 568)
    page.open()
    page.ask("Has the circus left town?")
    page.ask("Where is my order?")
    cut: dict[str, list[str]] = {}
    for language in sorted(available_languages()):
        page.speak(language)
        assert page.style("body", "direction") == direction(language)
        cut[language] = page.script(_WIDER_THAN_THE_PAGE)
        page.one("#talk").click()
        cut[language] += page.script(_WIDER_THAN_THE_PAGE)
        page.one("#person-cancel").click()
    assert {language: parts for language, parts in cut.items() if parts} == {}


def test_the_pages_words_are_the_notices() -> None:
    static = Path(__file__).parents[2] / "app" / "web" / "static"
    source = (static / "texts.js").read_text(encoding="utf-8")
    english = source[source.index("const ENGLISH") : source.index("};")]
    texts = Notices().ui_texts("en")
    used = {line.split(":")[0].strip() for line in english.splitlines() if ":" in line}
    assert used <= set(texts)
    assert [name for name in used if texts[name] not in english] == []
