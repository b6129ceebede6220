"""A browser, and the real application before it, around an index and a store in memory."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Thread

import pytest
from flask import Flask
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from werkzeug.serving import make_server

from app.answering.writing import Writer
from app.api.application import create_app
from app.assembly import assemble
from app.live import LiveGeneration
from app.metrics import Metrics
from app.services import Services
from app.settings import Settings
from knowledge_base.entry import Record
from models.language_id import LanguageIdentifier
from tests.e2e.page import Page
from tests.fake_store import MemoryStore
from tests.fakes import FakeEmbedder, FakeIndex, WordDetector

RECORDS = (
    Record(
        "orders/track",
        "en",
        "Where is my order?",
        "See **My orders**:\n\n- its status,\n- the [link](https://shop.example/orders).",
        url="https://shop.example/orders",
    ),
    Record("orders/track", "ar", "أين طلبي؟", "انظر إلى **طلباتي**."),
    Record("orders/track", "ja", "注文はどこですか？", "**注文履歴**をご覧ください。"),
    Record("orders/track", "fr", "Où est ma commande ?", "Voyez **Mes commandes**."),
    Record("shipping/cost", "en", "What does shipping cost?", "It costs 4.90 euro."),
    Record("shipping/time", "en", "What does shipping take?", "It takes two days."),
    Record(
        "gifts/wrap",
        "en",
        "Do you wrap gifts?",
        "<b>Yes</b>, in paper.",
        url="javascript:document.title='obeyed'",
    ),
)
WORDS = {"où": "fr", "emballez": "fr", "is": "en", "what": "en", "wrap": "en", "sell": "en"}
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,800",
)


@dataclass(frozen=True)
class Site:
    """The page in a browser, and what is behind it."""

    page: Page
    services: Services
    store: MemoryStore
    index: FakeIndex


MakeSite = Callable[..., Site]


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        reason = "needs a browser: apt-get install chromium chromium-driver"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    options = ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    session = Chrome(options=options, service=ChromeService(driver))
    yield session
    session.quit()


@pytest.fixture
def browser(chrome: Chrome) -> Iterator[Chrome]:
    yield chrome
    chrome.set_network_conditions(offline=False, latency=0, throughput=-1)
    # What else a test has changed of the browser goes with the tab it was changed in.
    used = chrome.current_window_handle
    chrome.switch_to.new_window("tab")
    fresh = chrome.current_window_handle
    chrome.switch_to.window(used)
    chrome.close()
    chrome.switch_to.window(fresh)
    chrome.get_log("browser")  # type: ignore[no-untyped-call]


@pytest.fixture
def make_site(browser: Chrome) -> Iterator[MakeSite]:
    """Serve a site of its own, on a port of its own, that nothing is remembered of."""
    with ExitStack() as servers:

        def make(
            *,
            language: str = "en",
            is_published: bool = True,
            writers: Sequence[Writer] = (),
            **settings: object,
        ) -> Site:
            index, store, metrics = FakeIndex(RECORDS), MemoryStore(), Metrics()
            live = LiveGeneration(
                current_id=lambda: index.id if is_published else None,
                open_index=lambda _: index,
                identifier=lambda tags: LanguageIdentifier(tags, WordDetector(WORDS)),
                failures=(),
            )
            live.refresh()
            services = assemble(
                Settings.model_validate(settings),
                FakeEmbedder(),
                live,
                metrics,
                store,
                writers=writers,
            )
            address = servers.enter_context(serving(create_app(services)))
            prefer(browser, language)
            page = Page(browser, address)
            page.emulate(prefers_reduced_motion="reduce")
            return Site(page, services, store, index)

        yield make


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    made = make_site()
    made.page.open()
    return made


@pytest.fixture
def page(site: Site) -> Page:
    return site.page


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def prefer(browser: Chrome, language: str) -> None:
    """Have the browser ask for a language, as its user has set it up."""
    agent = browser.execute_script("return navigator.userAgent")
    browser.execute_cdp_cmd(
        "Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language}
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and keep it on one worker, which then starts one browser."""
    for item in items:
        if "chrome" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
