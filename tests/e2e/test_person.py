from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from app.handoff.tickets import Ticket
from app.journal import Rating
from tests.e2e.conftest import Site
from tests.e2e.page import Page


def only_ticket(site: Site) -> Ticket:
    (ticket,) = site.store.tickets.page().tickets
    return ticket


def test_a_question_handed_over_shows_its_ticket_and_takes_a_contact(site: Site) -> None:
    page = site.page
    answer = page.ask("Has the circus left town?")
    ticket = only_ticket(site)
    assert ticket.ticket_id in answer.find_element(By.CSS_SELECTOR, ".number").text
    form = answer.find_element(By.CSS_SELECTOR, ".contact")
    form.find_element(By.NAME, "contact").send_keys("someone@mail.example", Keys.ENTER)
    page.wait(lambda: not answer.find_elements(By.CSS_SELECTOR, ".contact"))
    assert "We will get in touch with you there." in answer.text
    assert only_ticket(site).contact == "someone@mail.example"
    assert page.focused().text == "Thank you. We will get in touch with you there."


def test_a_contact_is_asked_for_once_for_each_ticket(site: Site) -> None:
    answer = site.page.ask("Has the circus left town?")
    answer.find_element(By.NAME, "contact").send_keys("someone@mail.example", Keys.ENTER)
    site.page.wait(lambda: not answer.find_elements(By.CSS_SELECTOR, ".contact"))
    second = site.page.ask("Were there elephants?")
    assert only_ticket(site).ticket_id in second.text
    assert second.find_elements(By.CSS_SELECTOR, ".contact") == []


def test_a_person_can_be_asked_for_before_any_question(site: Site) -> None:
    page = site.page
    page.one("#talk").click()
    page.wait(lambda: page.one("#person").is_displayed())
    page.one("#person-question").send_keys("My chair has three legs.")
    page.one("#person-contact").send_keys("+44 20 7946 0000")
    page.one("#person-form .primary").click()
    answer = page.reply_after(0)
    ticket = only_ticket(site)
    assert ticket.contact == "+44 20 7946 0000"
    assert [question.text for question in ticket.questions] == ["My chair has three legs."]
    assert ticket.ticket_id in answer.text
    assert answer.find_elements(By.CSS_SELECTOR, ".contact") == []
    assert not page.one("#person").is_displayed()


def test_a_person_asked_for_later_gets_the_same_conversation(site: Site) -> None:
    page = site.page
    page.ask("Has the circus left town?")
    page.one("#talk").click()
    page.one("#person-question").send_keys("It is about the elephants.")
    page.one("#person-form .primary").click()
    page.reply_after(1)
    assert [question.text for question in only_ticket(site).questions] == [
        "Has the circus left town?",
        "It is about the elephants.",
    ]


def test_a_ticket_that_cannot_be_kept_is_not_promised_and_can_be_sent_again(site: Site) -> None:
    page = site.page
    site.store.tickets.is_down = True
    page.one("#talk").click()
    page.one("#person-question").send_keys("My chair has three legs.")
    page.one("#person-form .primary").click()
    page.wait(lambda: "Something went wrong" in page.one("#person .field-error").text)
    assert page.one("#person").is_displayed()
    site.store.tickets.is_down = False
    page.one("#person-form .primary").click()
    reply = page.reply_after(0)
    assert only_ticket(site).ticket_id in reply.text


def test_a_question_that_could_not_be_handed_over_shows_no_ticket(site: Site) -> None:
    site.store.tickets.is_down = True
    answer = site.page.ask("Has the circus left town?")
    assert "could not be passed on" in answer.text
    assert not answer.find_element(By.CSS_SELECTOR, ".ticket").is_displayed()


def press_rating(page: Page, rating: str) -> None:
    page.one(f".feedback button[value={rating}]").click()
    page.wait(lambda: page.one(".thanks").text)


def test_an_answer_can_be_praised(site: Site) -> None:
    site.page.ask("Where is my order?")
    press_rating(site.page, "up")
    (feedback,) = site.store.journal.feedback.values()
    assert feedback.rating is Rating.UP
    assert site.page.one("button[value=up]").get_attribute("aria-pressed") == "true"
    assert not site.page.one(".comment").is_displayed()


def test_an_answer_can_be_called_unhelpful_and_a_comment_added(site: Site) -> None:
    page = site.page
    page.ask("Where is my order?")
    press_rating(page, "down")
    page.one(".comment textarea").send_keys("I have no account.")
    page.one(".comment button").click()
    page.wait(lambda: not page.one(".comment").is_displayed())
    (feedback,) = site.store.journal.feedback.values()
    assert (feedback.rating, feedback.comment) == (Rating.DOWN, "I have no account.")


def test_a_machine_is_said_to_speak_before_anything_is_asked(page: Page) -> None:
    assert page.one("#disclosure").text == "You are talking to an automated assistant."
