"""What a person sees and does on the page where people ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

T = TypeVar("T")
_PATIENCE_SECONDS = 20
_LOOK_EVERY_SECONDS = 0.02


class Page:
    """The page, open in a browser."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        self.address = address

    def open(self) -> Page:
        self.browser.get(self.address)
        self.wait(lambda: self.one("#answer-language option:nth-child(2)"))
        self.wait(lambda: self.script("return document.readyState === 'complete'"))
        return self

    def speak(self, language: str) -> None:
        self.script(
            """
            const list = document.getElementById("interface-language");
            list.value = arguments[0];
            list.dispatchEvent(new Event("change"));
            """,
            language,
        )
        self.wait(lambda: self.script("return document.documentElement.lang") == language)

    def ask(self, question: str) -> WebElement:
        """Type a question, send it, and give what came back."""
        known = len(self.replies())
        self.type(question)
        self.one("#question").send_keys(Keys.ENTER)
        return self.reply_after(known)

    def type(self, question: str) -> None:
        self.one("#question").send_keys(question)

    def reply_after(self, known: int) -> WebElement:
        """Wait for a reply beyond the known ones."""
        return self.wait(lambda: replies[-1] if len(replies := self.replies()) > known else None)

    def replies(self) -> list[WebElement]:
        return self.all("faq-answer, .failure")

    def one(self, selector: str) -> WebElement:
        found = self.all(selector)
        return found[0] if found else self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [element.text for element in self.all(selector) if element.is_displayed()]

    def focused(self) -> WebElement:
        return self.browser.switch_to.active_element

    def press(self, *keys: str) -> None:
        for key in keys:
            self.focused().send_keys(key)

    def tab_to(self, selector: str) -> WebElement:
        """Press Tab until an element has the focus, as someone without a mouse does."""
        for _ in range(40):
            if self.script("return document.activeElement.matches(arguments[0])", selector):
                return self.focused()
            self.focused().send_keys(Keys.TAB)
        message = f"Tab never reaches {selector}"
        raise AssertionError(message)

    def script(self, source: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever it returns
        return self.browser.execute_script(source, *arguments)

    def style(self, selector: str, name: str) -> str:
        value: str = self.one(selector).value_of_css_property(name)
        return value

    def emulate(self, **features: str) -> None:
        """Have the browser report media features, such as `prefers_color_scheme="dark"`."""
        listed = [{"name": n.replace("_", "-"), "value": value} for n, value in features.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})

    def resize(self, width: int, height: int = 800) -> None:
        """Give the page a width and a height in CSS pixels."""
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def go_offline(self, *, offline: bool = True) -> None:
        self.browser.set_network_conditions(offline=offline, latency=0, throughput=-1)

    def wait(self, look: Callable[[], T | None]) -> T:
        waiting = WebDriverWait(self.browser, _PATIENCE_SECONDS, _LOOK_EVERY_SECONDS)
        found = waiting.until(lambda _: look())
        return cast("T", found)
