import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import MakeSite, Site
from tests.e2e.page import Page

# Relative luminance and contrast as WCAG 2.2 defines them.
_CONTRAST = """
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const ground = (one) => {
  for (; one; one = one.parentElement) {
    const colour = parse(getComputedStyle(one).backgroundColor);
    if (colour.length === 3) return colour;
  }
  return [255, 255, 255];
};
const ratio = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const seen = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
const texts = seen
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => !one.closest(".visually-hidden, .skip, option"))
  .map((one) => [one, ratio(parse(getComputedStyle(one).color), ground(one))])
  .filter(([, contrast]) => contrast < 4.5);
const edges = seen
  .filter((one) => one.matches("input, .secondary, .dock form"))
  .map((one) => {
    const edge = parse(getComputedStyle(one).borderTopColor);
    return [one, ratio(edge, ground(one.parentElement))];
  })
  .filter(([, contrast]) => contrast < 3);
return [...texts, ...edges].map(
  ([one, contrast]) => `${contrast.toFixed(2)} ${one.outerHTML.slice(0, 100)}`,
);
"""


def fill(page: Page) -> None:
    """Have the page show all that it can show."""
    page.script("document.getElementById('answer-language').value = 'fr'")
    page.ask("Do you wrap gifts?")
    page.script("document.getElementById('answer-language').value = ''")
    page.one("button[value=down]").click()
    page.wait(lambda: page.one(".comment").is_displayed())
    page.ask("What does shipping?")
    page.ask("Has the circus left town?")
    page.go_offline()
    page.ask("Where is my order?")
    page.go_offline(offline=False)
    page.one("#ask .primary").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(make_site: MakeSite, scheme: str) -> None:
    page = make_site().page
    page.emulate(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    page.open()
    page.wait(lambda: page.one("#examples").is_displayed())
    assert page.script(_CONTRAST) == []
    fill(page)
    assert page.script(_CONTRAST) == []
    page.one("#talk").click()
    assert page.script(_CONTRAST) == []


def test_light_and_dark_are_as_the_visitor_has_set_them(page: Page) -> None:
    page.emulate(prefers_color_scheme="light")
    light = page.style("body", "background-color")
    page.emulate(prefers_color_scheme="dark")
    assert page.style("body", "background-color") != light


def test_nothing_moves_for_those_who_asked_for_stillness(make_site: MakeSite) -> None:
    page = make_site().page
    page.emulate(prefers_reduced_motion="reduce")
    page.open()
    page.ask("Where is my order?")
    assert page.script("return document.getAnimations().length") == 0
    assert page.style("html", "scroll-behavior") == "auto"


def test_every_control_has_a_name(page: Page) -> None:
    fill(page)
    page.one("#talk").click()
    page.wait(lambda: page.one("#person").is_displayed())
    in_dialog = page.all("#person button, #person input, #person textarea")
    assert [control.accessible_name for control in in_dialog] == [
        "Your question",
        "Your e-mail address or phone number (optional)",
        "Cancel",
        "Send",
    ]
    page.press(Keys.ESCAPE)
    controls = [c for c in page.all("button, input, select, textarea, a") if c.is_displayed()]
    assert len(controls) > 15
    nameless = [c.get_attribute("outerHTML") for c in controls if not c.accessible_name.strip()]
    assert nameless == []


def test_the_page_has_landmarks_one_heading_and_a_log(page: Page) -> None:
    page.ask("Where is my order?")
    assert [len(page.all(name)) for name in ("header", "main", "h1")] == [1, 1, 1]
    thread = page.one("#thread")
    assert (thread.aria_role, thread.accessible_name) == ("log", "Conversation")
    assert thread.get_attribute("aria-live") == "polite"
    assert page.one("#thread h2").accessible_name == "Your question Where is my order?"
    ids = page.script("return [...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_all_can_be_done_without_a_mouse(site: Site) -> None:
    page = site.page
    page.one("body").send_keys(Keys.TAB)
    assert page.focused().get_attribute("class") == "skip"
    page.press(Keys.ENTER)
    page.wait(lambda: page.focused().get_attribute("id") == "question")
    page.press("What does shipping?", Keys.ENTER)
    page.reply_after(0)
    assert page.focused().get_attribute("id") == "question"
    page.script("document.getElementById('start-over').focus()")
    page.tab_to(".choice").send_keys(Keys.ENTER)
    page.reply_after(1)
    page.tab_to("button[value=up]").send_keys(Keys.SPACE)
    page.wait(lambda: [text for text in page.texts(".thanks") if text])
    assert len(site.store.journal.feedback) == 1
    page.tab_to("#talk").send_keys(Keys.ENTER)
    page.wait(lambda: page.focused().get_attribute("id") == "person-question")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.one("#person").is_displayed())
    assert page.focused().get_attribute("id") == "talk"


def test_what_has_the_focus_shows_it(page: Page) -> None:
    page.tab_to("#talk")
    assert page.script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_no_script_fails_and_nothing_comes_from_elsewhere(site: Site) -> None:
    page = site.page
    page.ask("Where is my order?")
    page.ask("أين طلبي؟")
    page.one("#talk").click()
    complaints = page.browser.get_log("browser")  # type: ignore[no-untyped-call]
    assert complaints == []
    loaded = page.script("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert [name for name in loaded if not name.startswith(page.address)] == []
    assert any(name.endswith("static/page.css") for name in loaded)


def test_the_page_is_small(page: Page) -> None:
    sizes = page.script(
        """
        const whole = [...performance.getEntriesByType("navigation"),
          ...performance.getEntriesByType("resource").filter((one) => /static/.test(one.name))];
        return whole.map((one) => one.decodedBodySize);
        """
    )
    assert 0 < sum(sizes) < 60_000
