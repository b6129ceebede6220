import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import MakeSite, Site
from tests.e2e.page import Page


def test_an_answer_comes_with_its_formatting_source_and_confidence(page: Page) -> None:
    answer = page.ask("Where is my order?")
    assert answer.find_element(By.CSS_SELECTOR, ".text strong").text == "My orders"
    assert [item.text for item in answer.find_elements(By.CSS_SELECTOR, ".text li")] == [
        "its status,",
        "the link.",
    ]
    source = answer.find_element(By.CSS_SELECTOR, ".source a")
    assert source.text == "Where is my order?"
    assert source.get_attribute("href") == "https://shop.example/orders"
    confidence = answer.find_element(By.CSS_SELECTOR, ".confidence dd").text
    assert confidence.split() == ["Very", "sure", "100%", "needed", "to", "answer:", "50%"]


@pytest.mark.parametrize(
    ("question", "language", "direction", "bold"),
    [
        ("Where is my order?", "en", "ltr", "My orders"),
        ("أين طلبي؟", "ar", "rtl", "طلباتي"),
        ("注文はどこですか？", "ja", "ltr", "注文履歴"),
    ],
)
def test_an_answer_has_the_language_and_direction_of_its_question(
    page: Page, question: str, language: str, direction: str, bold: str
) -> None:
    answer = page.ask(question)
    text = answer.find_element(By.CSS_SELECTOR, ".text")
    assert text.find_element(By.CSS_SELECTOR, "strong").text == bold
    assert text.get_attribute("lang") == language
    assert text.value_of_css_property("direction") == direction
    words = page.one(".question .words")
    assert (words.text, words.get_attribute("lang")) == (question, language)
    assert words.value_of_css_property("direction") == direction


def test_a_confidence_is_never_rounded_up(page: Page) -> None:
    answer = page.ask("Do you wrap gifts for Christmas?")
    assert answer.find_element(By.CSS_SELECTOR, ".degree").text.split() == ["Sure", "enough", "66%"]


def test_an_original_in_another_language_follows_a_notice_that_says_so(page: Page) -> None:
    page.script("document.getElementById('answer-language').value = 'fr'")
    answer = page.ask("Do you wrap gifts?")
    notice = answer.find_element(By.CSS_SELECTOR, ".notice")
    text = answer.find_element(By.CSS_SELECTOR, ".text")
    assert notice.get_attribute("lang") == "fr"
    assert "anglais" in notice.text
    assert text.get_attribute("lang") == "en"
    assert notice.location["y"] < text.location["y"]


def test_html_in_an_answer_is_shown_and_not_obeyed(page: Page) -> None:
    answer = page.ask("Do you wrap gifts?")
    assert answer.find_element(By.CSS_SELECTOR, ".text").text == "<b>Yes</b>, in paper."


def test_a_source_that_is_no_web_page_is_named_and_not_linked(page: Page) -> None:
    answer = page.ask("Do you wrap gifts?")
    assert answer.find_element(By.CSS_SELECTOR, ".source dd").text == "Do you wrap gifts?"
    assert answer.find_elements(By.CSS_SELECTOR, ".source a") == []


def test_html_in_a_question_is_shown_and_not_obeyed(page: Page) -> None:
    page.ask("<img src=x onerror=alert(1)>")
    assert page.one(".question .words").text == "<img src=x onerror=alert(1)>"
    assert page.all(".question img") == []


def test_a_choice_asks_the_question_it_shows(page: Page) -> None:
    clarification = page.ask("What does shipping?")
    choices = clarification.find_elements(By.CSS_SELECTOR, ".choices button")
    assert {choice.text for choice in choices[:2]} == {
        "What does shipping cost?",
        "What does shipping take?",
    }
    next(choice for choice in choices if "cost" in choice.text).click()
    assert page.reply_after(1).find_element(By.CSS_SELECTOR, ".text").text == "It costs 4.90 euro."
    assert page.texts(".question .words") == ["What does shipping?", "What does shipping cost?"]
    assert page.focused().text.endswith("What does shipping cost?")


def test_an_example_in_the_pages_language_can_be_asked(make_site: MakeSite) -> None:
    page = make_site(language="ar").page.open()
    example = page.wait(lambda: next(iter(page.all("#examples button")), None))
    assert example.text == "أين طلبي؟"
    example.click()
    assert "طلباتي" in page.reply_after(0).text
    assert not page.one("#examples").is_displayed()


def test_questions_of_a_tab_are_one_conversation_that_a_reload_keeps(site: Site) -> None:
    page = site.page
    page.ask("Where is my order?")
    page.open()
    assert page.texts(".question .words") == ["Where is my order?"]
    page.ask("Do you wrap gifts?")
    site.services.recorder.flush()
    assert len({record.conversation_id for record in site.store.journal.records}) == 1
    assert len(site.store.journal.records) == 2


def test_the_page_works_where_its_storage_is_damaged(page: Page) -> None:
    page.script(
        "for (const kept of [localStorage, sessionStorage]) "
        "for (const key of ['polyfaq.texts', 'polyfaq.conversation']) kept[key] = '{';"
    )
    page.open()
    assert "My orders" in page.ask("Where is my order?").text


def test_a_new_conversation_starts_empty(site: Site) -> None:
    page = site.page
    page.ask("Where is my order?")
    page.one("#start-over").click()
    assert page.replies() == []
    assert page.wait(lambda: page.one("#examples").is_displayed())
    page.ask("Do you wrap gifts?")
    site.services.recorder.flush()
    assert len({record.conversation_id for record in site.store.journal.records}) == 2


def test_a_line_break_does_not_send_and_enter_does(page: Page) -> None:
    field = page.one("#question")
    field.send_keys("Where is", Keys.SHIFT, Keys.ENTER, Keys.NULL, "my order?")
    assert page.replies() == []
    field.send_keys(Keys.ENTER)
    assert "My orders" in page.reply_after(0).text


def test_enter_that_ends_a_composition_does_not_send(page: Page) -> None:
    page.type("注文")
    page.script(
        """
        const composing = {key: "Enter", isComposing: true, bubbles: true, cancelable: true};
        document.getElementById("question").dispatchEvent(new KeyboardEvent("keydown", composing));
        """
    )
    assert page.one("#question").get_property("value") == "注文"
    assert page.all(".turn") == []


def test_small_talk_is_replied_to_without_a_bar_choices_or_feedback(page: Page) -> None:
    reply = page.ask("Are you a robot?")
    assert "automated assistant, not a person" in reply.find_element(By.CSS_SELECTOR, ".text").text
    for part in (".confidence", ".feedback", ".ticket", ".related", ".source", ".choices"):
        shown = reply.find_elements(By.CSS_SELECTOR, part)
        assert [each.is_displayed() for each in shown] == [False] * len(shown), part


def test_a_wish_for_a_person_shows_its_ticket_and_nothing_else_to_read(page: Page) -> None:
    reply = page.ask("I want to talk to a person")
    assert reply.find_element(By.CSS_SELECTOR, ".ticket").is_displayed()
    for part in (".related", ".confidence"):
        assert not reply.find_element(By.CSS_SELECTOR, part).is_displayed(), part


def test_where_nothing_is_similar_no_question_is_thrust_upon_the_visitor(page: Page) -> None:
    reply = page.ask("Has the circus left town?")
    assert "nothing" in reply.find_element(By.CSS_SELECTOR, ".text").text
    assert reply.find_elements(By.CSS_SELECTOR, ".related[open]") == []
