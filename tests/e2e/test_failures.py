from selenium.webdriver.common.by import By

from tests.e2e.conftest import MakeSite
from tests.e2e.page import Page


def failure(page: Page) -> str:
    text: str = page.one(".failure p").text
    return text


def test_a_question_that_is_too_long_stays_in_the_field_with_the_reason(page: Page) -> None:
    page.script("document.getElementById('question').value = 'why '.repeat(251)")
    page.one("#ask .primary").click()
    assert page.one("#question-error").text.endswith("Maximum number of characters: 1,000.")
    assert page.one("#question").get_attribute("aria-invalid") == "true"
    assert page.all(".turn") == []
    assert len(str(page.one("#question").get_property("value"))) == 1004


def test_the_length_is_shown_when_little_is_left(page: Page) -> None:
    page.type("why")
    assert not page.one("#count").is_displayed()
    page.script("document.getElementById('question').value = 'y'.repeat(899)")
    page.type("y")
    assert page.one("#count").text == "900 / 1,000"


def test_an_empty_question_is_not_sent(page: Page) -> None:
    page.type("   ")
    page.one("#ask .primary").click()
    assert page.one("#question-error").text.endswith("Please type a question first.")
    page.type("Where")
    assert page.one("#question-error").text == ""
    assert page.one("#question").get_attribute("aria-invalid") == "false"


def test_without_a_network_the_question_can_be_sent_again(page: Page) -> None:
    page.go_offline()
    page.ask("Where is my order?")
    assert failure(page).startswith("You seem to be offline.")
    page.go_offline(offline=False)
    page.one(".failure button").click()
    page.wait(lambda: page.all("faq-answer"))
    assert page.all(".failure") == []
    assert page.texts(".question .words") == ["Where is my order?"]


def test_a_failure_is_in_view_after_a_long_conversation(page: Page) -> None:
    page.resize(360, 640)
    for _ in range(3):
        page.ask("Where is my order?")
    page.go_offline()
    page.ask("Where is my order?")
    dock = page.one(".dock").rect
    shown = page.one(".failure").rect
    scrolled = page.script("return window.scrollY")
    assert shown["y"] + shown["height"] <= dock["y"]
    assert shown["y"] >= scrolled


def test_too_many_questions_are_refused_in_words(make_site: MakeSite) -> None:
    page = make_site(rate_limit=1).page.open()
    page.wait(lambda: page.one("#examples").is_displayed())
    page.ask("Where is my order?")
    assert failure(page).startswith("Too many questions in a short time.")


def test_a_service_without_an_index_says_that_it_is_starting(make_site: MakeSite) -> None:
    page = make_site(is_published=False).page
    page.browser.get(page.address)
    page.wait(lambda: page.one("#disclosure").is_displayed())
    page.ask("Where is my order?")
    assert failure(page).startswith("The assistant is still starting.")


def test_failures_are_told_in_the_pages_language_and_change_with_it(page: Page) -> None:
    page.speak("de")
    page.go_offline()
    page.ask("Where is my order?")
    assert failure(page).startswith("Sie sind anscheinend offline.")
    page.go_offline(offline=False)
    page.speak("en")
    page.wait(lambda: failure(page).startswith("You seem to be offline."))


def test_a_failed_page_still_asks_in_english(make_site: MakeSite) -> None:
    page = make_site(language="fr").page
    page.browser.execute_cdp_cmd("Network.enable", {})
    page.browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/v1/ui/*"]})
    page.open()
    assert page.one("h1").text == "How can we help you?"
    assert "Mes commandes" in page.ask("Où est ma commande ?").find_element(By.TAG_NAME, "div").text
