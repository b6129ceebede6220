"""A fresh application for every test, around an index and a store in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.answering.writing import Writer
from app.api.application import create_app
from app.assembly import assemble
from app.live import LiveGeneration
from app.metrics import Metrics
from app.notices.catalogue import available_languages
from app.services import Services
from app.settings import Settings
from knowledge_base.entry import Record
from models.language_id import LanguageIdentifier
from models.languages_beside import languages_beside
from tests.fake_store import MemoryStore
from tests.fakes import FakeEmbedder, FakeIndex, WordDetector

OPERATOR_KEY = "a-key-made-up-for-tests"
RECORDS = (
    Record("orders/track", "en", "Where is my order?", "See **My orders**.", tags=("orders",)),
    Record("orders/track", "fr", "Où est ma commande ?", "Voyez **Mes commandes**."),
    Record("orders/track", "ar", "أين طلبي؟", "انظر إلى **طلباتي**."),
    Record(
        "orders/cancel",
        "en",
        "Can I cancel it?",
        "Yes, until it is packed.",
        tags=("orders",),
        url="https://shop.example/cancel",
        metadata={"product": "chair"},
    ),
    Record("shipping/cost", "en", "What does shipping cost?", "4.90 euro.", tags=("shipping",)),
    Record("shipping/time", "en", "What does shipping take?", "Two days.", tags=("shipping",)),
    Record("promo/old", "en", "Is there a sale?", "There was.", valid_until=date(2020, 1, 1)),
)
WORDS = {"où": "fr", "commande": "fr", "livraison": "fr"}
KNOWN_ENGLISH = ("is", "what", "can", "the", "please", "order", "shipping", "cancel")


@dataclass(frozen=True)
class Site:
    """An application and what is behind it."""

    client: FlaskClient
    services: Services
    store: MemoryStore
    index: FakeIndex
    embedder: FakeEmbedder
    publish: Callable[[FakeIndex | None], None]


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site() -> MakeSite:
    def make(
        *, is_published: bool = True, writers: Sequence[Writer] = (), **settings: object
    ) -> Site:
        index = FakeIndex(RECORDS)
        published: dict[str, FakeIndex] = {index.id: index} if is_published else {}
        store, metrics, embedder = MemoryStore(), Metrics(), FakeEmbedder()

        def publish(newer: FakeIndex | None) -> None:
            published.clear()
            if newer is not None:
                published[newer.id] = newer
            live.refresh()

        live = LiveGeneration(
            current_id=lambda: next(iter(published), None),
            open_index=lambda name: published[name],
            identifier=lambda languages: LanguageIdentifier(
                languages,
                WordDetector({**WORDS, **dict.fromkeys(KNOWN_ENGLISH, "en")}),
                beside=languages_beside(languages, available_languages()),
            ),
            failures=(),
        )
        live.refresh()
        services = assemble(
            Settings.model_validate({"operator_key": OPERATOR_KEY, **settings}),
            embedder,
            live,
            metrics,
            store,
            writers=writers,
        )
        app = create_app(services)
        return Site(app.test_client(), services, store, index, embedder, publish)

    return make


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site()
